/* wait -- the only place that knows that OpenSSL wants to read or write. */
#include "tls_room.h"

#include <errno.h>

enum step step_once(struct conn *c, step_call *call, struct reason *why)
{
    ERR_clear_error();
    errno = 0;
    int rc = call(c->ssl);
    int sys = errno;

    if (rc > 0)
        return STEP_DONE;
    int ssl = SSL_get_error(c->ssl, rc);
    if (ssl == SSL_ERROR_WANT_READ)
        return STEP_READ;
    if (ssl == SSL_ERROR_WANT_WRITE)
        return STEP_WRITE;
    *why = (struct reason){ .ssl = ssl,
                            .sys = ssl == SSL_ERROR_SYSCALL ? sys : 0 };
    reason_take(why);
    return STEP_FAILED;
}

bool step_wait(struct conn *c, enum step wants, deadline_ms when, struct err *e)
{
    return wait_fd(c->waiter, c->fd,
                   wants == STEP_READ ? WAIT_READ : WAIT_WRITE, when, e);
}

bool step_run(struct conn *c, step_call *call, struct reason *why,
              struct err *e)
{
    for (;;) {
        enum step s = step_once(c, call, why);

        if (s == STEP_DONE || s == STEP_FAILED)
            return s == STEP_DONE;
        if (!step_wait(c, s, c->when, e))
            return false;
    }
}
