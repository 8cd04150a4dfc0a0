/* reverify -- the certificate of a session that was resumed, verified as that
 * of a new one would be.  Nothing is logged and nothing is ended by it. */
#include "tls/newer.h"
#include "tls_room.h"

#include <openssl/x509_vfy.h>

/* A session in a file has the server's certificate and none that leads from
 * there to a trusted one: these errors then say nothing. */
static bool is_gap(int error)
{
    return error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT
           || error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY
           || error == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE
           || error == X509_V_ERR_DANE_NO_MATCH;
}

static int take_error(int ok, X509_STORE_CTX *ctx)
{
    struct conn *c = conn_of(
        X509_STORE_CTX_get_ex_data(ctx, SSL_get_ex_data_X509_STORE_CTX_idx()));
    const int error = X509_STORE_CTX_get_error(ctx);

    if (!ok && is_gap(error) && !SSL_get_peer_cert_chain(c->ssl)) {
        c->session.verdict = VERDICT_NONE;
        ERR_clear_error();
    } else if (!ok) {
        verify_note_error(c, error);
    }
    return 1;
}

static X509_STORE *store_of(SSL *ssl)
{
    SSL_CTX *ctx = SSL_get_SSL_CTX(ssl);
    X509_STORE *store = NULL;

    SSL_CTX_get0_verify_cert_store(ctx, &store);
    return store ? store : SSL_CTX_get_cert_store(ctx);
}

/* As OpenSSL does it when a handshake brings a certificate; or, when leaf is
 * NULL, a bare key. */
static bool set_up(X509_STORE_CTX *ctx, SSL *ssl, X509 *leaf)
{
    X509_VERIFY_PARAM *param;
    X509_STORE *store = store_of(ssl);

    if (!(leaf ? X509_STORE_CTX_init(ctx, store, leaf,
                                     SSL_get_peer_cert_chain(ssl))
               : raw_key_verify_init(ctx, store, raw_key_of_server(ssl))))
        return false;
    param = X509_STORE_CTX_get0_param(ctx);
    X509_VERIFY_PARAM_set_auth_level(param, SSL_get_security_level(ssl));
    X509_STORE_CTX_set0_dane(ctx, SSL_get0_dane(ssl));
    X509_STORE_CTX_set_verify_cb(ctx, take_error);
    return X509_STORE_CTX_set_default(ctx, "ssl_server")
           && X509_VERIFY_PARAM_set1(param, SSL_get0_param(ssl))
           && X509_STORE_CTX_set_ex_data(
               ctx, SSL_get_ex_data_X509_STORE_CTX_idx(), ssl);
}

/* take_error() lets every error pass: a verification that fails all the same
 * could not be carried out. */
static void judge(struct conn *c, X509 *leaf)
{
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();

    c->session.verdict = X509_V_OK;
    if (!ctx || !set_up(ctx, c->ssl, leaf) || X509_verify_cert(ctx) <= 0)
        verify_note_error(c, ctx && X509_STORE_CTX_get_error(ctx) != X509_V_OK
                                 ? X509_STORE_CTX_get_error(ctx)
                                 : X509_V_ERR_UNSPECIFIED);
    X509_STORE_CTX_free(ctx);
    if (c->nverify_errors > 0)
        c->session.verdict = c->verify_errors[c->nverify_errors - 1];
    ERR_clear_error();
}

void reverify(struct conn *c)
{
    X509 *leaf = SSL_get0_peer_certificate(c->ssl);

    if ((!leaf && !raw_key_of_server(c->ssl)) || !SSL_session_reused(c->ssl))
        return;
    c->session.judged = true;
    judge(c, leaf);
}
