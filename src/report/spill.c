#include "spill.h"

#include "base/mem.h"
#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CHUNK = 2048 }; /* most records fit */

static const char *folder(void)
{
    const char *dir = getenv("TMPDIR");

    return dir && *dir ? dir : "/tmp";
}

static bool failed(const char *what, struct err *e)
{
    int sys = errno;
    char text[200];

    snprintf(text, sizeof(text),
             "cannot %s a temporary file in '%.100s' (TMPDIR names the place)",
             what, folder());
    return err_sys(e, ERR_OUTPUT, sys, text);
}

/* For file systems that know no files without a name. */
static int make_named(void)
{
    struct buf path;
    int fd = -1;

    buf_init(&path, 4096);
    buf_printf(&path, "%s/tlsfleet.XXXXXX", folder());
    if (buf_ok(&path) && io_allowed())
        fd = mkostemp(path.data, O_CLOEXEC);
    if (fd >= 0 && unlink(path.data) != 0) {
        close(fd);
        fd = -1;
    }
    buf_release(&path);
    return fd;
}

int spill_open(struct err *e)
{
    int fd = -1;

    if (io_allowed())
        fd = open(folder(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        fd = make_named();
    if (fd < 0)
        failed("make", e);
    return fd;
}

void spill_init(struct spill *s)
{
    *s = (struct spill){ .fd = -1 };
}

bool spill_put(struct spill *s, const char *bytes, size_t len, uint64_t *at,
               struct err *e)
{
    if (s->fd < 0 && (s->fd = spill_open(e)) < 0)
        return false;
    if (!io_write_at(s->fd, bytes, len, s->end))
        return failed("write", e);
    *at = s->end;
    s->end += len;
    s->kept += len;
    return true;
}

static bool start_afresh(struct spill *s, struct err *e)
{
    s->end = 0;
    return (io_allowed() && ftruncate(s->fd, 0) == 0) || failed("empty", e);
}

bool spill_read(const struct spill *s, uint64_t at, size_t len, struct buf *out,
                struct err *e)
{
    char chunk[CHUNK];

    for (size_t done = 0; done < len;) {
        size_t part = len - done < CHUNK ? len - done : CHUNK;

        if (!io_read_at(s->fd, chunk, part, at + done))
            return failed("read", e);
        buf_add(out, chunk, part);
        done += part;
    }
    return buf_ok(out) || err_memory(e, "reading a temporary file");
}

bool spill_take(struct spill *s, uint64_t at, size_t len, struct buf *out,
                struct err *e)
{
    if (!spill_read(s, at, len, out, e))
        return false;
    s->kept -= len;
    return s->kept > 0 || start_afresh(s, e);
}

void spill_release(struct spill *s)
{
    if (s->fd >= 0)
        close(s->fd);
    spill_init(s);
}
