/* early -- data that goes out with the ClientHello (RFC 8446 section 2.3). */
#include "tls_room.h"

static size_t limit_of(const SSL_SESSION *session)
{
    return session ? SSL_SESSION_get_max_early_data(session) : 0;
}

/* As OpenSSL: the session that is resumed counts, then the one that stands for
 * a key. */
static size_t limit(const struct conn *c)
{
    const size_t ours = limit_of(SSL_get0_session(c->ssl));

    return ours > 0 || !c->psk.ask ? ours : limit_of(c->psk.ask->session);
}

/* The hello and not yet any data.  Where the session turns out to be of no use
 * (another version is asked for, say), OpenSSL goes through with a whole
 * handshake here, and would send the data after it. */
static int say_hello(SSL *ssl)
{
    size_t written;

    return SSL_write_early_data(ssl, "", 0, &written);
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

    if (!early || early->len == 0 || early->len > limit(c))
        return true;
    if (!step_run(c, say_hello, why, e))
        return false;
    return SSL_get_early_data_status(c->ssl) == SSL_EARLY_DATA_NOT_SENT
           || step_run(c, write_all, why, e);
}
