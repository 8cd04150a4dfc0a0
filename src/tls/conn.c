/* conn -- an SSL tied to a socket, a waiter and a place for what is found. */
#include "tls_room.h"

/* The API has no question for the first, and none for the second when the
 * handshake fails, so both are noted when the server's extension goes by. */
static void note_extension(SSL *ssl, int client_server, int type,
                           const unsigned char *data, int len, void *arg)
{
    struct conn *c = arg;

    (void)ssl;
    (void)client_server;
    (void)data;
    (void)len;
    if (type == TLSEXT_TYPE_encrypt_then_mac)
        c->encrypt_then_mac = true;
    if (type == TLSEXT_TYPE_extended_master_secret)
        c->extended_master_secret = true;
}

bool conn_init(struct conn *c, SSL *ssl, int fd, struct waiter *w,
               struct err *e)
{
    *c = (struct conn){
        .ssl = ssl,
        .fd = fd,
        .waiter = w,
        .when = DEADLINE_NEVER,
        .verify = { .depth = -1, .nameopt = XN_FLAG_ONELINE },
    };
    e->stage = STAGE_HANDSHAKE;
    ERR_clear_error();
    if (!SSL_set_app_data(ssl, c) || !SSL_set_fd(ssl, fd))
        return tls_reason(e, ERR_SYSTEM, "cannot set up the connection");
    SSL_set_connect_state(ssl);
    SSL_set_info_callback(ssl, alert_info_callback);
    SSL_set_tlsext_debug_callback(ssl, note_extension);
    SSL_set_tlsext_debug_arg(ssl, c);
    return true;
}

void conn_release(struct conn *c)
{
    SSL_free(c->ssl);
    X509_free(c->leaf);
    sk_X509_pop_free(c->chain, X509_free);
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
