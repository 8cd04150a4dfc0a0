/* recheck -- the server's chain verified once more, as OpenSSL does it when a
 * handshake brings it. */
#include "tls/newer.h"
#include "tls_room.h"

#include <openssl/x509_vfy.h>

static X509_STORE *store_of(SSL *ssl)
{
    SSL_CTX *ctx = SSL_get_SSL_CTX(ssl);
    X509_STORE *store = NULL;

    SSL_CTX_get0_verify_cert_store(ctx, &store);
    return store ? store : SSL_CTX_get_cert_store(ctx);
}

/* For a certificate or, where there is none, a bare key. */
static bool set_up(X509_STORE_CTX *ctx, SSL *ssl)
{
    X509 *leaf = SSL_get0_peer_certificate(ssl);
    X509_STORE *store = store_of(ssl);
    X509_VERIFY_PARAM *param;

    if (!(leaf ? X509_STORE_CTX_init(ctx, store, leaf,
                                     SSL_get_peer_cert_chain(ssl))
               : raw_key_verify_init(ctx, store, raw_key_of_server(ssl))))
        return false;
    param = X509_STORE_CTX_get0_param(ctx);
    X509_VERIFY_PARAM_set_auth_level(param, SSL_get_security_level(ssl));
    X509_STORE_CTX_set0_dane(ctx, SSL_get0_dane(ssl));
    return X509_STORE_CTX_set_default(ctx, "ssl_server")
           && X509_VERIFY_PARAM_set1(param, SSL_get0_param(ssl))
           && X509_STORE_CTX_set_ex_data(
               ctx, SSL_get_ex_data_X509_STORE_CTX_idx(), ssl);
}

X509_STORE_CTX *recheck_new(SSL *ssl, X509_STORE_CTX_verify_cb ask)
{
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();

    if (ctx && set_up(ctx, ssl)) {
        X509_STORE_CTX_set_verify_cb(ctx, ask);
        return ctx;
    }
    X509_STORE_CTX_free(ctx);
    return NULL;
}

void recheck_run(struct conn *c, X509_STORE_CTX *ctx)
{
    int error;

    if (ctx && (X509_verify_cert(ctx) > 0 || c->verify_ended))
        return;
    error = ctx ? X509_STORE_CTX_get_error(ctx) : X509_V_ERR_OUT_OF_MEM;
    verify_note_error(c, error != X509_V_OK ? error : X509_V_ERR_UNSPECIFIED);
}
