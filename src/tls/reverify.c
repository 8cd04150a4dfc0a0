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
    struct conn *c = verify_conn(ctx);
    const int error = X509_STORE_CTX_get_error(ctx);

    if (!ok && is_gap(error) && !SSL_get_peer_cert_chain(c->ssl)) {
        c->session.verdict = VERDICT_NONE;
        ERR_clear_error();
    } else if (!ok) {
        verify_note_error(c, error);
    }
    return 1;
}

static void judge(struct conn *c)
{
    X509_STORE_CTX *ctx = recheck_new(c->ssl, take_error);

    c->session.verdict = X509_V_OK;
    recheck_run(c, ctx);
    X509_STORE_CTX_free(ctx);
    if (c->nverify_errors > 0)
        c->session.verdict = c->verify_errors[c->nverify_errors - 1];
    ERR_clear_error();
}

void reverify(struct conn *c)
{
    if ((!SSL_get0_peer_certificate(c->ssl) && !raw_key_of_server(c->ssl))
        || !SSL_session_reused(c->ssl))
        return;
    c->session.judged = true;
    judge(c);
}
