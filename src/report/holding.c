#include "report/holding.h"

#include "io.h"
#include "spill.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CHUNK = 2048 };

/* Few words go to standard error, and of a full disk of all things they must
 * be able to tell: they are kept in memory. */
static int open_memory(struct err *e)
{
    int fd = io_allowed() ? memfd_create("tlsfleet", MFD_CLOEXEC) : -1;

    if (fd < 0)
        err_set(e, ERR_SYSTEM, "cannot keep standard error back: no memory");
    return fd;
}

/* Puts the file (taken over) in the place of a descriptor; returns what was
 * there, -1 on failure. */
static int replace(int fd, int file, struct err *e)
{
    int real = -1;

    if (file < 0)
        return -1;
    if (io_allowed())
        real = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (real >= 0)
        dup2(file, fd);
    else
        err_set(e, ERR_SYSTEM,
                "cannot keep the output back: descriptors ran "
                "out");
    close(file);
    return real;
}

static void restore(int fd, int *real)
{
    if (*real < 0)
        return;
    dup2(*real, fd);
    close(*real);
    *real = -1;
}

bool holding_begin(struct holding *h, struct err *e)
{
    *h = (struct holding)HOLDING_NOTHING;
    fflush(stdout);
    h->out = replace(STDOUT_FILENO, spill_open(e), e);
    if (h->out >= 0)
        h->err = replace(STDERR_FILENO, open_memory(e), e);
    if (h->err < 0)
        restore(STDOUT_FILENO, &h->out);
    return h->err >= 0;
}

/* What the descriptor kept goes to the real one. */
static bool show_kept(int fd, int real)
{
    const off_t len = lseek(fd, 0, SEEK_END);
    char chunk[CHUNK];

    for (off_t at = 0; at < len;) {
        const size_t part = len - at < CHUNK ? (size_t)(len - at) : CHUNK;

        if (!io_read_at(fd, chunk, part, (uint64_t)at)
            || !io_write(real, chunk, part))
            return false;
        at += (off_t)part;
    }
    return len >= 0;
}

bool holding_end(struct holding *h, bool show, struct err *e)
{
    bool shown = true;

    if (h->out < 0)
        return true;
    fflush(stdout);
    if (show && !show_kept(STDOUT_FILENO, h->out))
        shown = err_set(e, ERR_OUTPUT,
                        "cannot write all of the report to "
                        "standard output");
    if (show && !show_kept(STDERR_FILENO, h->err))
        shown = err_set(e, ERR_OUTPUT, "cannot write to standard error");
    restore(STDOUT_FILENO, &h->out);
    restore(STDERR_FILENO, &h->err);
    return shown;
}
