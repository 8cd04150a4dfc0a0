/* stream -- reads and writes of an open connection. */
#include "tls/stream.h"

#include "tls/quic.h"
#include "tls_room.h"

#include <errno.h>

/* SSL_write() is called again with what is left from where it lies then; and
 * SSL_read() comes back after each message that is no data. */
void stream_begin(struct conn *c)
{
    SSL_clear_mode(c->ssl, SSL_MODE_AUTO_RETRY);
    SSL_set_mode(c->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE
                             | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

static enum stream_state state_of(enum step step, const struct reason *why)
{
    switch (step) {
    case STEP_DONE:
        return STREAM_MOVED;
    case STEP_READ:
        return STREAM_WANTS_READ;
    case STEP_WRITE:
        return STREAM_WANTS_WRITE;
    case STEP_ASYNC:
        return STREAM_WANTS_ASYNC;
    case STEP_FAILED:
        break;
    }
    if (why->ssl == SSL_ERROR_ZERO_RETURN)
        return STREAM_CLOSED;
    return why->ssl == SSL_ERROR_SYSCALL ? STREAM_BROKEN : STREAM_FAILED;
}

static struct stream_step judge(struct conn *c, int rc, size_t moved)
{
    const int sys = errno;
    struct reason why = { .ssl = SSL_ERROR_NONE };
    const enum step step = step_judge(c, rc, sys, &why);

    return (struct stream_step){
        .state = state_of(step, &why),
        .moved = step == STEP_DONE ? moved : 0,
        .sys = why.sys,
    };
}

struct stream_step stream_read(struct conn *c, void *bytes, size_t len)
{
    size_t moved = 0;

    step_begin();
    const int rc = SSL_read_ex(c->ssl, bytes, len, &moved);

    return judge(c, rc, moved);
}

struct stream_step stream_write(struct conn *c, const void *bytes, size_t len)
{
    size_t moved = 0;

    step_begin();
    const int rc = SSL_write_ex(c->ssl, bytes, len, &moved);

    return judge(c, rc, moved);
}

struct stream_step stream_advance(struct conn *c)
{
    step_begin();
    return judge(c, SSL_do_handshake(c->ssl), 0);
}

/* Through the BIO, so that -debug shows it; without memory there is none. */
bool stream_drop(struct conn *c, void *room, size_t len)
{
    step_begin();
    return c->ssl && BIO_read(SSL_get_rbio(c->ssl), room, (int)len) > 0;
}

bool stream_pending(const struct conn *c)
{
    return SSL_has_pending(c->ssl);
}

bool stream_conclude(struct conn *c)
{
    step_begin();
    return c->ssl && quic_conclude(c->ssl);
}

bool stream_is_shaking(const struct conn *c)
{
    return SSL_in_init(c->ssl) || SSL_renegotiate_pending(c->ssl);
}

deadline_ms stream_turn(const struct conn *c)
{
    return datagram_turn(c, DEADLINE_NEVER);
}

/* A command that this version does not know stays without effect. */
static bool begun(struct conn *c, int rc)
{
    struct reason why = { .ssl = SSL_ERROR_SSL };

    if (rc <= 0)
        reason_take(&why, c->lines.err);
    return rc > 0;
}

bool stream_renegotiate(struct conn *c)
{
    step_begin();
    return begun(c, SSL_renegotiate(c->ssl));
}

bool stream_key_update(struct conn *c, bool of_peer_too)
{
    step_begin();
    return begun(
        c, SSL_key_update(c->ssl, of_peer_too ? SSL_KEY_UPDATE_REQUESTED
                                              : SSL_KEY_UPDATE_NOT_REQUESTED));
}
