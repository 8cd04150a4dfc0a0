/* wait -- the only place that knows that OpenSSL wants to read or write. */
#include "tls/quic.h"
#include "tls_room.h"

#include <errno.h>
#include <openssl/async.h>

/* For an asynchronous job that says not what it waits for. */
enum { ASYNC_PAUSE_MS = 1, ASYNC_FDS_MAX = 8 };

/* What a call that has returned wants; STEP_FAILED: nothing more. */
static enum step wanted(int ssl)
{
    switch (ssl) {
    case SSL_ERROR_WANT_READ:
        return STEP_READ;
    case SSL_ERROR_WANT_WRITE:
        return STEP_WRITE;
    case SSL_ERROR_WANT_ASYNC:
    case SSL_ERROR_WANT_ASYNC_JOB:
        return STEP_ASYNC;
    default:
        return STEP_FAILED;
    }
}

bool step_waits(const SSL *ssl)
{
    return wanted(SSL_get_error(ssl, -1)) != STEP_FAILED;
}

void step_begin(void)
{
    ERR_clear_error();
    errno = 0;
}

enum step step_judge(struct conn *c, int rc, int sys, struct reason *why)
{
    if (rc > 0)
        return STEP_DONE;
    int ssl = SSL_get_error(c->ssl, rc);
    if (wanted(ssl) != STEP_FAILED)
        return wanted(ssl);
    *why = (struct reason){ .ssl = ssl,
                            .sys = ssl == SSL_ERROR_SYSCALL ? sys : 0 };
    c->spent |= ssl == SSL_ERROR_SSL || ssl == SSL_ERROR_SYSCALL;
    reason_take(why, c->trace.queue ? c->lines.err : NULL);
    return STEP_FAILED;
}

enum step step_once(struct conn *c, step_call *call, struct reason *why)
{
    step_begin();
    int rc = call(c->ssl);
    int sys = errno;

    return step_judge(c, rc, sys, why);
}

/* An engine's job says on which descriptors it waits, or nothing. */
static bool wait_async(struct conn *c, deadline_ms when, struct err *e)
{
    OSSL_ASYNC_FD fds[ASYNC_FDS_MAX];
    size_t count = 0;

    if (SSL_get_all_async_fds(c->ssl, NULL, &count) && count > 0
        && count <= ASYNC_FDS_MAX && SSL_get_all_async_fds(c->ssl, fds, &count))
        return wait_fd(c->waiter, fds[0], WAIT_READ, when, e);
    return wait_until(c->waiter,
                      deadline_sooner(when, deadline_in(ASYNC_PAUSE_MS)), e)
           && (deadline_left(when) != 0
               || err_set(e, ERR_TIMED_OUT,
                          "an engine did not answer in time"));
}

/* Where DTLS or QUIC has its turn before the deadline, the call is made again:
 * OpenSSL sees for itself that it is late and sends again. */
static bool wait_socket(struct conn *c, int want, deadline_ms when,
                        struct err *e)
{
    const deadline_ms turn = datagram_turn(c, when);
    struct err late = { .stage = e->stage };

    if (turn == when)
        return wait_fd(c->waiter, c->fd, want, when, e);
    if (wait_fd(c->waiter, c->fd, want, turn, &late))
        return true;
    if (late.code != ERR_TIMED_OUT)
        return err_set(e, late.code, "%s", late.msg);
    if (c->trace.timeouts && c->lines.err)
        buf_text(c->lines.err, "TIMEOUT occurred\n");
    return true;
}

bool step_wait(struct conn *c, enum step wants, deadline_ms when, struct err *e)
{
    if (c->lines.flush)
        c->lines.flush(c->lines.arg);
    if (wants == STEP_ASYNC)
        return wait_async(c, when, e);
    if (quic_is(c->ssl))
        return wait_socket(c, quic_wants(c->ssl), when, e);
    return wait_socket(c, wants == STEP_READ ? WAIT_READ : WAIT_WRITE, when, e);
}

int step_look(SSL *ssl)
{
    char byte;

    return SSL_peek(ssl, &byte, sizeof(byte));
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
