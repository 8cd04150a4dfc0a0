#include "base/mem.h"
#include "net.h"

#include <stdarg.h>
#include <string.h>

enum { TALK_SEND_MAX = 16 * 1024 };

struct talk {
    struct chan *chan;
    size_t heard; /* bytes handed out in this dialogue */
    size_t pos, len; /* unread bytes of buf */
    char buf[2048];
    char line[TALK_LINE_MAX + 1];
};

struct talk *talk_new(struct chan *c)
{
    struct talk *t = mem_new(1, sizeof(*t));

    if (t)
        t->chan = c;
    return t;
}

void talk_free(struct talk *t)
{
    mem_free(t);
}

/* Makes talk_unread() > 0. */
static bool fill(struct talk *t, struct err *e)
{
    ssize_t n;

    if (t->pos < t->len)
        return true;
    n = t->chan->ops->read(t->chan, t->buf, sizeof(t->buf), e);
    if (n < 0)
        return false;
    if (n == 0)
        return err_set(e, ERR_CLOSED, "the peer closed the connection");
    t->pos = 0;
    t->len = (size_t)n;
    return true;
}

/* Takes n of the unread bytes. */
static bool take(struct talk *t, void *to, size_t n, struct err *e)
{
    if (n > TALK_TOTAL_MAX - t->heard)
        return err_set(e, ERR_STARTTLS_TOO_LONG,
                       "the peer sent more than %d bytes", TALK_TOTAL_MAX);
    memcpy(to, t->buf + t->pos, n);
    t->pos += n;
    t->heard += n;
    return true;
}

/* Unread bytes up to and with the first LF, or all of them. */
static size_t piece(const struct talk *t, bool *ends)
{
    const char *from = t->buf + t->pos;
    const char *lf = memchr(from, '\n', t->len - t->pos);

    *ends = lf != NULL;
    return lf ? (size_t)(lf - from) + 1 : t->len - t->pos;
}

const char *talk_line(struct talk *t, size_t *len, struct err *e)
{
    size_t n = 0;
    bool ends = false;

    while (!ends) {
        if (!fill(t, e))
            return NULL;
        size_t add = piece(t, &ends);

        if (add > TALK_LINE_MAX - n) {
            err_set(e, ERR_STARTTLS_TOO_LONG,
                    "the peer sent a line of more than %d bytes",
                    TALK_LINE_MAX);
            return NULL;
        }
        if (!take(t, t->line + n, add, e))
            return NULL;
        n += add;
    }
    n--;
    if (n > 0 && t->line[n - 1] == '\r')
        n--;
    t->line[n] = '\0';
    if (memchr(t->line, '\0', n)) {
        err_set(e, ERR_STARTTLS_MALFORMED,
                "the peer sent a NUL byte in a line");
        return NULL;
    }
    *len = n;
    return t->line;
}

size_t talk_some(struct talk *t, void *buf, size_t len, struct err *e)
{
    size_t n;

    if (!fill(t, e))
        return 0;
    n = talk_unread(t);
    if (n > len)
        n = len;
    return take(t, buf, n, e) ? n : 0;
}

bool talk_exactly(struct talk *t, void *buf, size_t len, struct err *e)
{
    char *to = buf;

    while (len > 0) {
        size_t n = talk_some(t, to, len, e);

        if (n == 0)
            return false;
        to += n;
        len -= n;
    }
    return true;
}

bool talk_send(struct talk *t, const void *bytes, size_t len, struct err *e)
{
    return t->chan->ops->write(t->chan, bytes, len, e);
}

bool talk_sendf(struct talk *t, struct err *e, const char *fmt, ...)
{
    struct buf out;
    va_list ap;
    bool sent;

    buf_init(&out, TALK_SEND_MAX);
    va_start(ap, fmt);
    buf_vprintf(&out, fmt, ap);
    va_end(ap);
    if (out.overflowed)
        sent = err_set(e, ERR_USAGE, "a command of more than %d bytes",
                       TALK_SEND_MAX);
    else if (out.refused)
        sent = err_memory(e, "a command");
    else
        sent = talk_send(t, out.data, out.len, e);
    buf_release(&out);
    return sent;
}

size_t talk_unread(const struct talk *t)
{
    return t->len - t->pos;
}

bool talk_more(const struct talk *t)
{
    return talk_unread(t) > 0 || t->chan->ops->more(t->chan);
}

void talk_next_dialogue(struct talk *t)
{
    t->heard = 0;
}
