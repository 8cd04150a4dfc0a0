#include "net.h"

#include <string.h>

enum { SCRIPT_OUT_MAX = 1024 * 1024 };

static struct chan_script *of(struct chan *c)
{
    return (struct chan_script *)c;
}

static ssize_t script_read(struct chan *c, void *buf, size_t len, struct err *e)
{
    struct chan_script *s = of(c);
    size_t n = s->in_len - s->in_pos;

    if (n == 0 && s->silent_at_end) {
        err_set(e, ERR_TIMED_OUT, "no answer in time");
        return -1;
    }
    if (n > len)
        n = len;
    if (n > s->chunk)
        n = s->chunk;
    if (n > 0)
        memcpy(buf, s->in + s->in_pos, n);
    s->in_pos += n;
    c->bytes_read += n;
    return (ssize_t)n;
}

static bool script_write(struct chan *c, const void *buf, size_t len,
                         struct err *e)
{
    struct chan_script *s = of(c);

    buf_add(&s->out, buf, len);
    if (!buf_ok(&s->out))
        return err_memory(e, "writing to a script");
    c->bytes_written += len;
    return true;
}

static bool script_more(struct chan *c)
{
    return of(c)->in_pos < of(c)->in_len;
}

void chan_script_init(struct chan_script *c, const void *in, size_t len,
                      size_t chunk)
{
    static const struct chan_ops ops = {
        .read = script_read,
        .write = script_write,
        .more = script_more,
    };

    *c = (struct chan_script){
        .chan = { .ops = &ops, .when = DEADLINE_NEVER },
        .in = in,
        .in_len = len,
        .chunk = chunk,
    };
    buf_init(&c->out, SCRIPT_OUT_MAX);
}

void chan_script_release(struct chan_script *c)
{
    buf_release(&c->out);
}
