#include "tls/quic.h"
#include "tls_room.h"

/* What was sent last may still have to be sent again. */
static void quic_shutdown(struct conn *c)
{
    enum { PATIENCE_MS = 1000 };
    const deadline_ms when = deadline_sooner(c->when, deadline_in(PATIENCE_MS));
    struct err late = { .code = ERR_NONE };

    while (quic_close(c->ssl) == 0 && step_wait(c, STEP_READ, when, &late)
           && deadline_left(when) != 0)
        ;
}

/* SSL_want_write(3) alone is true after a write that failed for good, too. */
static bool wants_room(const SSL *ssl)
{
    return SSL_want_write(ssl) && step_waits(ssl);
}

/* Behind much data there may be no room for it yet; without it a peer takes the
 * data for cut short. */
static void stream_shutdown(struct conn *c)
{
    enum { PATIENCE_MS = 10 * 1000 };
    const deadline_ms when = deadline_sooner(c->when, deadline_in(PATIENCE_MS));
    struct err late = { .code = ERR_NONE };

    step_begin();
    while (SSL_shutdown(c->ssl) < 0 && wants_room(c->ssl)
           && step_wait(c, STEP_WRITE, when, &late) && deadline_left(when) != 0)
        ;
}

void tls_shutdown(struct conn *c)
{
    /* Not in a handshake that never ended, nor after a fatal error: OpenSSL
     * has sent its alert then. */
    if (c->ssl && SSL_is_init_finished(c->ssl) && !c->got_alert_fatal) {
        if (quic_is(c->ssl))
            quic_shutdown(c);
        else
            stream_shutdown(c);
    }
    ERR_clear_error();
}
