/* conn -- an SSL tied to a socket, a waiter and a place for what is found. */
#include "tls/quic.h"
#include "tls_room.h"

/* The API has no question for the first, and none for the second when the
 * handshake fails, so both are noted when the server's extension goes by. */
static void note_extension(SSL *ssl, int from_server, int type,
                           const unsigned char *data, int len, void *arg)
{
    struct conn *c = arg;

    (void)ssl;
    (void)from_server;
    if (type == TLSEXT_TYPE_encrypt_then_mac)
        c->encrypt_then_mac = true;
    if (type == TLSEXT_TYPE_extended_master_secret)
        c->extended_master_secret = true;
    if (c->trace.extensions && c->lines.out)
        extension_log(c->lines.out, type, data, len);
}

static void note_info(const SSL *ssl, int where, int value)
{
    struct conn *c = conn_of(ssl);

    if (!c)
        return;
    alert_note(c, where, value);
    if (c->trace.state && c->lines.err)
        state_log(c, where, value);
}

static bool set_socket(const struct conn_ask *ask)
{
    const bool quic = quic_is(ask->ssl);
    const bool tests =
        ask->trace.nbio_test && !quic; /* it knows streams only */
    BIO *bio = quic || SSL_is_dtls(ask->ssl)
                   ? datagram_bio(ask->ssl, ask->fd)
                   : BIO_new_socket(ask->fd, BIO_NOCLOSE);
    BIO *test = tests ? BIO_new(BIO_f_nbio_test()) : NULL;

    if (!bio || (tests && !test) || (quic && !quic_aim(ask->ssl, bio))) {
        BIO_free(bio);
        BIO_free(test);
        return false;
    }
    if (test)
        bio = BIO_push(test, bio);
    SSL_set_bio(ask->ssl, bio, bio);
    return true;
}

bool conn_init(struct conn *c, const struct conn_ask *ask, struct err *e)
{
    *c = (struct conn){
        .ssl = ask->ssl,
        .fd = ask->fd,
        .waiter = ask->waiter,
        .when = ask->when,
        .verify = ask->verify,
        .trace = ask->trace,
        .lines = ask->lines,
        .psk = { .ask = ask->psk },
        .session = { .ask = ask->session },
    };
    answers_init(&c->answers);
    e->stage = STAGE_HANDSHAKE;
    ERR_clear_error();
    if (!SSL_set_app_data(c->ssl, c) || !set_socket(ask) || !session_offer(c))
        return tls_reason(e, ERR_SYSTEM, "cannot set up the connection");
    SSL_set_connect_state(c->ssl);
    /* Back after each message: a flood of them must not keep us inside. */
    SSL_clear_mode(c->ssl, SSL_MODE_AUTO_RETRY);
    SSL_set_info_callback(c->ssl, note_info);
    SSL_set_tlsext_debug_callback(c->ssl, note_extension);
    SSL_set_tlsext_debug_arg(c->ssl, c);
    message_begin(c);
    security_begin(c);
    wire_begin(c);
    return true;
}

void conn_release(struct conn *c)
{
    SSL_free(c->ssl);
    X509_free(c->leaf);
    sk_X509_pop_free(c->chain, X509_free);
    answers_release(&c->answers);
    *c = (struct conn){ .fd = -1 };
}

struct conn *conn_of(const SSL *ssl)
{
    return SSL_get_app_data(ssl);
}

bool tls_client_cert_asked(const SSL *ssl)
{
    /* A request carries certificate types up to TLS 1.2 and, from TLS 1.2 on,
     * signature algorithms; a server sends neither anywhere else. */
    SSL *s = (SSL *)(uintptr_t)ssl; /* the getters lack const */

    return SSL_get0_certificate_types(s, NULL) > 0
           || SSL_get_sigalgs(s, -1, NULL, NULL, NULL, NULL, NULL) > 0;
}
