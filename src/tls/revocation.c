#include "tls/revocation.h"

#include "tls_room.h"

#include <openssl/x509_vfy.h>

/* Whether anything can be asked: of a chain that came, or came with an earlier
 * session. */
static bool has_chain(const struct conn *c)
{
    return SSL_get0_peer_certificate(c->ssl) && tls_verdict(c) != VERDICT_NONE;
}

static X509_STORE_CTX *begin(struct conn *c, X509_STORE_CTX_verify_cb ask)
{
    X509_STORE_CTX *ctx = recheck_new(c->ssl, ask);

    if (ctx)
        X509_STORE_CTX_set_flags(ctx, c->verify.revocation);
    return ctx;
}

/* ---- what is missing ---- */

struct missing {
    STACK_OF(X509) * certs;
    bool refused; /* memory ran out */
};

/* Besides there being none: a list of the store that is out of date, or one
 * that is for other certificates of the same issuer. */
bool tls_is_crl_missing(int error)
{
    return error == X509_V_ERR_UNABLE_TO_GET_CRL
           || error == X509_V_ERR_CRL_HAS_EXPIRED
           || error == X509_V_ERR_DIFFERENT_CRL_SCOPE;
}

static int note_missing(int ok, X509_STORE_CTX *ctx)
{
    struct missing *m = X509_STORE_CTX_get_app_data(verify_outer(ctx));
    X509 *cert = X509_STORE_CTX_get_current_cert(ctx);

    if (!ok && cert && tls_is_crl_missing(X509_STORE_CTX_get_error(ctx)))
        m->refused |= !X509_add_cert(
            m->certs, cert, X509_ADD_FLAG_UP_REF | X509_ADD_FLAG_NO_DUP);
    return 1;
}

static void look_for(struct conn *c, struct missing *m)
{
    X509_STORE_CTX *ctx = begin(c, note_missing);

    m->refused = !ctx || !X509_STORE_CTX_set_app_data(ctx, m);
    /* What comes out is of no interest: it is verified again with the lists. */
    if (!m->refused)
        X509_verify_cert(ctx);
    X509_STORE_CTX_free(ctx);
    ERR_clear_error();
}

STACK_OF(X509) * tls_crls_missing(struct conn *c, struct err *e)
{
    struct missing m = { .certs = sk_X509_new_null() };

    m.refused = !m.certs;
    if (!m.refused && has_chain(c) && c->nverify_errors == 0
        && tls_verdict(c) == X509_V_OK)
        look_for(c, &m);
    if (!m.refused)
        return m.certs;
    sk_X509_pop_free(m.certs, X509_free);
    err_memory(e, "looking for revocation lists");
    return NULL;
}

/* ---- the verdict ---- */

/* Of a chain that does not verify no list was fetched, so it is no news that
 * one is missing. */
static bool was_told(const struct conn *c, size_t before, int error)
{
    if (before > 0 && error == X509_V_ERR_UNABLE_TO_GET_CRL)
        return true;
    for (size_t i = 0; i < before; i++)
        if (c->verify_errors[i] == error)
            return true;
    return false;
}

/* What the handshake has told is not told twice.  Of a session that was
 * resumed nothing is told or ended, as s_client has it. */
static int tell_new(int ok, X509_STORE_CTX *ctx)
{
    struct conn *c = verify_conn(ctx);
    const size_t *before = X509_STORE_CTX_get_app_data(verify_outer(ctx));
    const int error = X509_STORE_CTX_get_error(ctx);

    if (ok || was_told(c, *before, error))
        return 1;
    if (!c->session.judged)
        return tls_verify_callback(ok, ctx);
    verify_note_error(c, error);
    return 1;
}

static void judge(struct conn *c, STACK_OF(X509_CRL) * lists)
{
    size_t before = c->nverify_errors;
    X509_STORE_CTX *ctx = begin(c, tell_new);

    if (ctx && !X509_STORE_CTX_set_app_data(ctx, &before)) {
        X509_STORE_CTX_free(ctx);
        ctx = NULL;
    }
    if (ctx)
        X509_STORE_CTX_set0_crls(ctx, lists);
    recheck_run(c, ctx);
    X509_STORE_CTX_free(ctx);
    ERR_clear_error();
    if (c->nverify_errors == before)
        return;
    SSL_set_verify_result(c->ssl, c->verify_errors[c->nverify_errors - 1]);
    c->session.verdict = c->verify_errors[c->nverify_errors - 1];
}

bool tls_check_revocation(struct conn *c, STACK_OF(X509_CRL) * lists,
                          struct err *e)
{
    const struct reason none = { .ssl = SSL_ERROR_NONE };

    e->stage = STAGE_VERIFY;
    if (!has_chain(c))
        return true;
    judge(c, lists);
    return (!c->verify_ended && c->fault == ERR_NONE)
           || explain(c, &none, "the verification", e);
}
