/* screen -- standard output and standard error of a session.
 *
 * Lines are kept until there is time to write them; the peer's data goes out at
 * once, past stdio, as many bytes as standard output takes. */
#include "interactive_room.h"

#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    LINES_MAX = 16 * 1024 * 1024, /* bytes of lines between two waits */
    ESCAPED = 4, /* bytes that one may become: "\xHH" */
    SHOWN_MAX = ESCAPED * PIECE + 64,
};

/* ---- beginning ---- */

/* A file or a device like /dev/null takes what it is given; a pipe, a socket or
 * a terminal may make us wait in the midst of a large piece. */
static bool never_blocks(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0
           && (S_ISREG(st.st_mode) || (S_ISCHR(st.st_mode) && !isatty(fd)));
}

static bool open_msg_file(struct screen *o, const char *name, struct err *e)
{
    o->msg_fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    return o->msg_fd >= 0 || err_sys(e, ERR_FILE, errno, name);
}

bool screen_init(struct screen *o, const struct screen_ask *ask, struct err *e)
{
    *o = (struct screen){
        .waiter = ask->waiter,
        .msg_fd = ask->messages ? STDOUT_FILENO : -1,
        .silent = ask->silent,
        .safe = !ask->raw && isatty(STDOUT_FILENO),
        .never_blocks = never_blocks(STDOUT_FILENO),
        .data = mem_new(1, PIECE),
    };
    buf_init(&o->out, LINES_MAX);
    buf_init(&o->err, LINES_MAX);
    buf_init(&o->msg, LINES_MAX);
    buf_init(&o->shown, SHOWN_MAX);
    if (!o->data)
        return err_memory(e, "the session");
    return !ask->msg_file || open_msg_file(o, ask->msg_file, e);
}

void screen_release(struct screen *o)
{
    if (o->msg_fd > STDERR_FILENO)
        close(o->msg_fd);
    mem_free(o->data);
    buf_release(&o->out);
    buf_release(&o->err);
    buf_release(&o->msg);
    buf_release(&o->shown);
}

/* ---- lines ---- */

static bool write_some(int fd, const char *bytes, size_t len, size_t *done)
{
    const ssize_t n = write(fd, bytes, len);

    *done = n > 0 ? (size_t)n : 0;
    return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

/* Standard output may be shared with a program that has made it non-blocking:
 * so there is a wait when nothing goes out. */
static bool write_all(struct screen *o, int fd, const char *bytes, size_t len)
{
    struct err e = { .code = ERR_NONE };

    while (len > 0) {
        size_t done;

        if (!write_some(fd, bytes, len, &done)
            || (done == 0
                && !wait_fd(o->waiter, fd, WAIT_WRITE, DEADLINE_NEVER, &e)))
            return false;
        bytes += done;
        len -= done;
    }
    return true;
}

/* OpenSSL prints names, hints and whole messages with all that a peer has put
 * into them.  What is shown else is as s_client shows it, to the byte. */
static void flush_one(struct screen *o, struct buf *lines, int fd)
{
    struct buf safe;

    buf_init(&safe, ESCAPED * lines->len);
    if (fd >= 0)
        text_encode(&safe, buf_string(lines), lines->len, TEXT_SHOWN);
    if (safe.len > 0)
        write_all(o, fd, safe.data, safe.len);
    buf_release(&safe);
    buf_clear(lines);
}

void screen_flush(struct screen *o)
{
    flush_one(o, &o->out, o->silent ? -1 : STDOUT_FILENO);
    flush_one(o, &o->msg, o->msg_fd);
    flush_one(o, &o->err, STDERR_FILENO);
}

static void flush_for_conn(void *arg)
{
    screen_flush(arg);
}

struct conn_lines screen_lines(struct screen *o)
{
    const bool own_file = o->msg_fd > STDERR_FILENO;

    return (struct conn_lines){
        .err = &o->err,
        .out = o->silent ? NULL : &o->out,
        /* In one buffer, messages and dumps keep their order. */
        .msg = own_file || o->silent ? &o->msg : NULL,
        .flush = flush_for_conn,
        .arg = o,
    };
}

/* ---- the peer's data ---- */

char *screen_room(struct screen *o)
{
    return o->data;
}

bool screen_waits(const struct screen *o)
{
    return o->len > 0;
}

/* Bytes at the end that begin a character of UTF-8, or perhaps a line end, but
 * do not finish it. */
static size_t unfinished(const char *bytes, size_t len)
{
    if (len > 0 && bytes[len - 1] == '\r')
        return 1;
    for (size_t back = 1; back <= 3 && back <= len; back++) {
        const unsigned char c = (unsigned char)bytes[len - back];
        const size_t whole = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;

        if (c < 0x80 || c >= 0xc0)
            return whole > back ? back : 0;
    }
    return 0;
}

/* The CR of a line end does no harm, and shown it would be a nuisance. */
static void make_safe(struct screen *o, const char *bytes, size_t len)
{
    while (len > 0) {
        const char *cr = memchr(bytes, '\r', len);
        const size_t plain = cr ? (size_t)(cr - bytes) : len;
        const bool line_end = plain + 1 < len && bytes[plain + 1] == '\n';
        const size_t lone = cr && !line_end;

        text_encode(&o->shown, bytes, plain + lone, TEXT_BLOCK);
        len -= plain + (cr != NULL);
        bytes += plain + (cr != NULL);
    }
}

/* Safe text takes the place of what came; what is cut off waits for more. */
static bool show(struct screen *o, size_t len)
{
    struct buf all;
    bool whole;
    size_t tail;

    buf_init(&all, PIECE + sizeof(o->held));
    buf_add(&all, o->held, o->nheld);
    buf_add(&all, o->data, len);
    tail = unfinished(buf_string(&all), all.len);
    buf_clear(&o->shown);
    make_safe(o, buf_string(&all), all.len - tail);
    memcpy(o->held, buf_string(&all) + all.len - tail, tail);
    o->nheld = tail;
    whole = buf_ok(&all);
    buf_release(&all);
    return whole
           && write_all(o, STDOUT_FILENO, buf_string(&o->shown), o->shown.len);
}

void screen_finish(struct screen *o)
{
    buf_clear(&o->shown);
    text_encode(&o->shown, o->held, o->nheld, TEXT_BLOCK);
    o->nheld = 0;
    write_all(o, STDOUT_FILENO, buf_string(&o->shown), o->shown.len);
}

bool screen_data(struct screen *o, size_t len)
{
    if (o->safe)
        return show(o, len);
    o->start = 0;
    o->len = len;
    return !o->never_blocks || screen_push(o);
}

bool screen_push(struct screen *o)
{
    const size_t most = o->never_blocks ? o->len : PIPE_BUF;
    size_t done;

    if (!write_some(STDOUT_FILENO, o->data + o->start,
                    o->len < most ? o->len : most, &done))
        return false;
    o->start += done;
    o->len -= done;
    return true;
}

bool screen_push_all(struct screen *o)
{
    const bool done = write_all(o, STDOUT_FILENO, o->data + o->start, o->len);

    o->len = 0;
    return done;
}
