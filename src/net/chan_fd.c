#include "base/fault.h"
#include "net.h"
#include "net/reason.h"

#include <errno.h>

static struct chan_fd *of(struct chan *c)
{
    return (struct chan_fd *)c;
}

/* True when the call may be made again, after a wait if it would have
 * blocked. */
static bool again(struct chan_fd *f, int sys, int want, struct err *e)
{
    if (sys == EINTR)
        return true;
    if (sys == EAGAIN)
        return wait_fd(f->waiter, f->fd, want, f->chan.when, e);
    return err_sys(e, net_reason(sys, ERR_SYSTEM), sys,
                   want == WAIT_READ ? "reading" : "writing");
}

static ssize_t fd_read(struct chan *c, void *buf, size_t len, struct err *e)
{
    ssize_t n;

    do {
        errno = ENOMEM;
        n = fault_here() ? -1 : recv(of(c)->fd, buf, len, 0);
    } while (n < 0 && again(of(c), errno, WAIT_READ, e));
    if (n > 0)
        c->bytes_read += (uint64_t)n;
    return n;
}

static bool fd_write(struct chan *c, const void *buf, size_t len, struct err *e)
{
    const char *p = buf;
    const char *end = p + len;

    while (p < end) {
        errno = ENOMEM;
        ssize_t n = fault_here()
                        ? -1
                        : send(of(c)->fd, p, (size_t)(end - p), MSG_NOSIGNAL);

        if (n < 0 && !again(of(c), errno, WAIT_WRITE, e))
            return false;
        if (n > 0) {
            p += n;
            c->bytes_written += (uint64_t)n;
        }
    }
    return true;
}

static bool fd_more(struct chan *c)
{
    char byte;

    return recv(of(c)->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void chan_fd_init(struct chan_fd *c, int fd, struct waiter *w, deadline_ms when)
{
    static const struct chan_ops ops = {
        .read = fd_read,
        .write = fd_write,
        .more = fd_more,
    };

    *c = (struct chan_fd){
        .chan = { .ops = &ops, .when = when },
        .waiter = w,
        .fd = fd,
    };
}
