/* early -- data that goes out with the ClientHello (RFC 8446 section 2.3).
 *
 * Once early data has begun OpenSSL goes on as if TLS 1.3 had been agreed on
 * and the session were resumed: it must begin only where that can be. */
#include "tls/newer.h"
#include "tls/quic.h"
#include "tls_room.h"

static bool may_be_tls13(const SSL *ssl)
{
    const long max = SSL_get_max_proto_version((SSL *)(uintptr_t)ssl);

    return !SSL_is_dtls(ssl) && !quic_is(ssl)
           && (max == 0 || max >= TLS1_3_VERSION)
           && !(SSL_get_options(ssl) & SSL_OP_NO_TLSv1_3);
}

/* A ticket whose life time is over is not offered. */
static bool is_fresh(const SSL_SESSION *session)
{
    const int64_t age = clock_wall() - session_began(session);

    return SSL_SESSION_is_resumable(session) && age >= 0
           && (uint64_t)age <= SSL_SESSION_get_ticket_lifetime_hint(session);
}

/* As OpenSSL: the session that is resumed counts, then the one that stands for
 * a key. */
static size_t limit(const struct conn *c)
{
    const SSL_SESSION *ours = SSL_get0_session(c->ssl);
    const SSL_SESSION *key = c->psk.ask ? c->psk.ask->session : NULL;

    if (!may_be_tls13(c->ssl))
        return 0;
    if (ours && SSL_SESSION_get_max_early_data(ours) > 0)
        return is_fresh(ours) ? SSL_SESSION_get_max_early_data(ours) : 0;
    return key ? SSL_SESSION_get_max_early_data(key) : 0;
}

static int write_all(SSL *ssl)
{
    const struct payload *early = conn_of(ssl)->session.ask.early;
    size_t written;

    return SSL_write_early_data(ssl, early->data, early->len, &written);
}

bool early_send(struct conn *c, struct reason *why, struct err *e)
{
    const struct payload *early = c->session.ask.early;

    return !early || early->len == 0 || early->len > limit(c)
           || step_run(c, write_all, why, e);
}
