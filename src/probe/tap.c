/* tap -- a channel that shows what goes through it. */
#include "probe_room.h"

static struct tap *of(struct chan *c)
{
    return (struct tap *)c;
}

static void show(const struct tap *t, const struct tls_transfer *transfer)
{
    if (t->out)
        tls_show_transfer(t->out, transfer);
}

static ssize_t tap_read(struct chan *c, void *buf, size_t len, struct err *e)
{
    struct chan *below = of(c)->below;
    ssize_t n;

    below->when = c->when;
    n = below->ops->read(below, buf, len, e);
    c->bytes_read = below->bytes_read;
    show(of(c), &(struct tls_transfer){
                    .end = below, .bytes = buf, .asked = len, .moved = n });
    return n;
}

static bool tap_write(struct chan *c, const void *buf, size_t len,
                      struct err *e)
{
    struct chan *below = of(c)->below;
    bool done;

    below->when = c->when;
    done = below->ops->write(below, buf, len, e);
    c->bytes_written = below->bytes_written;
    show(of(c), &(struct tls_transfer){ .end = below,
                                        .bytes = buf,
                                        .asked = len,
                                        .moved = done ? (ssize_t)len : -1,
                                        .sent = true });
    return done;
}

static bool tap_more(struct chan *c)
{
    struct chan *below = of(c)->below;

    return below->ops->more(below);
}

void tap_init(struct tap *t, struct chan *below)
{
    static const struct chan_ops ops = {
        .read = tap_read,
        .write = tap_write,
        .more = tap_more,
    };

    *t = (struct tap){ .chan = { .ops = &ops, .when = below->when },
                       .below = below };
}
