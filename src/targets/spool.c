#include "spool.h"

#include "base/hash.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024 };

struct spool {
    int fd;
    bool ours;
    /* The block that was read last, and how far it was given out. */
    char *block;
    size_t len, at;
    size_t next; /* number of the block to read next */
    /* Hash of all bytes up to the end of each block that was ever read; the
     * last one is of the empty block at the end. */
    uint64_t *marks;
    size_t nmarks, room;
};

static bool file_error(int sys, struct err *e)
{
    return err_sys(e, ERR_FILE, sys, "the list cannot be read");
}

/* ---- what cannot be rewound ---- */

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);

        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
        }
    }
    return true;
}

static int unlinked_file(void)
{
    const char *dir = getenv("TMPDIR");
    struct buf path;
    char *name;
    size_t len;
    int fd = -1;

    buf_init(&path, 4096);
    buf_printf(&path, "%s/tlsfleet.XXXXXX", dir && *dir ? dir : "/tmp");
    name = buf_take(&path, &len);
    if (!name) {
        errno = ENOMEM;
        return -1;
    }
    fd = mkostemp(name, O_CLOEXEC);
    if (fd >= 0)
        unlink(name);
    mem_free(name);
    return fd;
}

static bool copy_error(struct err *e)
{
    return err_sys(e, ERR_FILE, errno,
                   "the list cannot be copied to a temporary file (TMPDIR)");
}

static bool copy(struct spool *s, int to, struct err *e)
{
    for (;;) {
        ssize_t n = read(s->fd, s->block, BLOCK);

        if (n == 0)
            return true;
        if (n < 0 && errno != EINTR)
            return file_error(errno, e);
        if (n > 0 && !write_all(to, s->block, (size_t)n))
            return copy_error(e);
    }
}

static bool copy_to_file(struct spool *s, struct err *e)
{
    int to = unlinked_file();

    if (to < 0)
        return copy_error(e);
    if (!copy(s, to, e)) {
        close(to);
        return false;
    }
    close(s->fd);
    s->fd = to;
    return true;
}

/* ---- opening ---- */

static bool is_ours(const struct stat *st)
{
    return S_ISREG(st->st_mode) && !(st->st_mode & (S_IWGRP | S_IWOTH))
           && (st->st_uid == geteuid() || st->st_uid == 0);
}

static bool prepare(struct spool *s, const char *name, struct err *e)
{
    bool standard_input = strcmp(name, "-") == 0;
    struct stat st;

    s->block = mem_new(1, BLOCK);
    if (!s->block)
        return err_memory(e, "target list");
    s->fd = standard_input ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                           : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (s->fd < 0 || fstat(s->fd, &st) < 0)
        return file_error(errno, e);
    if (S_ISDIR(st.st_mode))
        return file_error(EISDIR, e);
    s->ours = !standard_input && is_ours(&st);
    return S_ISREG(st.st_mode) && !standard_input ? true : copy_to_file(s, e);
}

struct spool *spool_open(const char *name, struct err *e)
{
    struct spool *s = mem_new(1, sizeof(*s));

    if (!s) {
        err_memory(e, "target list");
        return NULL;
    }
    *s = (struct spool){ .fd = -1 };
    if (prepare(s, name, e) && spool_rewind(s, e))
        return s;
    spool_close(s);
    return NULL;
}

void spool_close(struct spool *s)
{
    if (!s)
        return;
    if (s->fd >= 0)
        close(s->fd);
    mem_free(s->block);
    mem_free(s->marks);
    mem_free(s);
}

bool spool_is_ours(const struct spool *s)
{
    return s->ours;
}

/* ---- blocks ---- */

static bool read_block(struct spool *s, struct err *e)
{
    s->len = s->at = 0;
    while (s->len < BLOCK) {
        ssize_t n = pread(s->fd, s->block + s->len, BLOCK - s->len,
                          (off_t)(s->next * BLOCK + s->len));

        if (n == 0)
            break;
        if (n < 0 && errno != EINTR)
            return file_error(errno, e);
        if (n > 0)
            s->len += (size_t)n;
    }
    return true;
}

static bool remember(struct spool *s, uint64_t mark, struct err *e)
{
    if (s->nmarks == s->room) {
        size_t room = s->room ? 2 * s->room : 16;
        uint64_t *marks = mem_resize(s->marks, room * sizeof(*marks));

        if (!marks)
            return err_memory(e, "target list");
        s->marks = marks;
        s->room = room;
    }
    s->marks[s->nmarks++] = mark;
    return true;
}

/* Reads the next block and holds it against what it was the first time. */
static bool next_block(struct spool *s, struct err *e)
{
    uint64_t mark = s->next > 0 ? s->marks[s->next - 1] : HASH_START;
    bool known = s->next < s->nmarks;

    if (!read_block(s, e))
        return false;
    mark = hash_more(mark, s->block, s->len);
    if (!known && !remember(s, mark, e))
        return false;
    if (known && s->marks[s->next] != mark)
        return err_set(e, ERR_FILE,
                       "the list changed while it was in use: start again "
                       "when nothing writes to it");
    if (s->len > 0)
        s->next++;
    return true;
}

static bool starts_with(const struct spool *s, const char *bytes, size_t len)
{
    return s->len >= len && memcmp(s->block, bytes, len) == 0;
}

bool spool_rewind(struct spool *s, struct err *e)
{
    s->next = 0;
    if (!next_block(s, e))
        return false;
    if (starts_with(s, "\xff\xfe", 2) || starts_with(s, "\xfe\xff", 2))
        return err_set(e, ERR_FILE, "the list is UTF-16: save it as UTF-8");
    s->at = starts_with(s, "\xef\xbb\xbf", 3) ? 3 : 0;
    return true;
}

bool spool_read(struct spool *s, char *out, size_t room, size_t *got,
                struct err *e)
{
    if (s->at == s->len && !next_block(s, e))
        return false;
    *got = s->len - s->at < room ? s->len - s->at : room;
    memcpy(out, s->block + s->at, *got);
    s->at += *got;
    return true;
}

/* Adds to the line what the block has of it, as far as it fits; true when the
 * line ended. */
static bool add_part(struct spool *s, struct buf *line)
{
    const char *start = s->block + s->at;
    const char *lf = memchr(start, '\n', s->len - s->at);
    size_t len = lf ? (size_t)(lf - start) : s->len - s->at;
    size_t room = line->max - line->len;

    buf_add(line, start, len < room ? len : room);
    line->overflowed |= len > room;
    s->at += len + (lf != NULL);
    return lf != NULL;
}

bool spool_line(struct spool *s, struct buf *line, bool *end, struct err *e)
{
    buf_clear(line);
    *end = false;
    do {
        if (s->at == s->len && !next_block(s, e))
            return false;
        if (s->len == 0) {
            *end = line->len == 0 && buf_ok(line);
            break;
        }
    } while (!add_part(s, line));
    if (line->refused)
        return err_memory(e, "a line of a target list");
    if (line->len > 0 && line->data[line->len - 1] == '\r')
        line->data[--line->len] = '\0';
    return true;
}

uint64_t spool_hash(const struct spool *s)
{
    return s->nmarks > 0 ? s->marks[s->nmarks - 1] : HASH_START;
}
