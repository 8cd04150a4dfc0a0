/* verify -- the verify call-back: s_client's lines and s_client's tolerance.
 *
 * Verification goes on after each error that the rule tolerates, so one
 * handshake finds all of them. */
#include "tls_room.h"

#include <openssl/x509v3.h>

X509_STORE_CTX *verify_outer(X509_STORE_CTX *ctx)
{
    X509_STORE_CTX *outer = X509_STORE_CTX_get0_parent_ctx(ctx);

    return outer ? outer : ctx;
}

struct conn *verify_conn(X509_STORE_CTX *ctx)
{
    return conn_of(X509_STORE_CTX_get_ex_data(
        verify_outer(ctx), SSL_get_ex_data_X509_STORE_CTX_idx()));
}

/* The certificates as they came, even if the handshake ends here: later
 * OpenSSL keeps them only after a success. */
static void keep_chain(struct conn *c, X509_STORE_CTX *ctx)
{
    X509 *leaf = X509_STORE_CTX_get0_cert(ctx);

    if (c->leaf || !leaf)
        return;
    if (X509_up_ref(leaf))
        c->leaf = leaf;
    if (X509_STORE_CTX_get0_untrusted(ctx))
        c->chain = X509_chain_up_ref(X509_STORE_CTX_get0_untrusted(ctx));
}

/* "No issuer" and "no CRL" are also what comes out when a file could not be
 * opened for lack of descriptors; only the queue knows. */
void verify_note_error(struct conn *c, int error)
{
    struct reason why = { .code = 0 };

    if (c->nverify_errors < VERIFY_ERRORS_MAX)
        c->verify_errors[c->nverify_errors++] = error;
    reason_take(&why, NULL);
    if (c->fault == ERR_NONE)
        c->fault = error == X509_V_ERR_OUT_OF_MEM ? ERR_NO_MEMORY : why.fault;
}

static bool tolerated(const struct verify_rule *rule, int depth)
{
    return !rule->return_error && (rule->depth < 0 || rule->depth >= depth);
}

static void log_subject(struct conn *c, X509 *cert, int depth)
{
    buf_printf(c->lines.err, "depth=%d ", depth);
    if (cert)
        tls_print_name(c->lines.err, X509_get_subject_name(cert), 0,
                       c->verify.nameopt);
    else
        buf_text(c->lines.err, "<no cert>");
    buf_byte(c->lines.err, '\n');
}

static void log_time(struct conn *c, const char *what, const ASN1_TIME *time)
{
    buf_text(c->lines.err, what);
    tls_print_time(c->lines.err, time);
    buf_byte(c->lines.err, '\n');
}

/* What helps to understand an error.  As s_client, by the error that is still
 * in the context: the date comes again when the same depth succeeds. */
static void log_detail(struct conn *c, X509_STORE_CTX *ctx, X509 *cert)
{
    int error = X509_STORE_CTX_get_error(ctx);

    if (error == X509_V_ERR_NO_EXPLICIT_POLICY && !c->verify.quiet)
        policy_log(c->lines.err, ctx);
    if (!cert)
        return;
    if (error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT) {
        buf_text(c->lines.err, "issuer= ");
        tls_print_name(c->lines.err, X509_get_issuer_name(cert), 0,
                       c->verify.nameopt);
        buf_byte(c->lines.err, '\n');
    } else if (error == X509_V_ERR_CERT_NOT_YET_VALID
               || error == X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD) {
        log_time(c, "notBefore=", X509_get0_notBefore(cert));
    } else if (error == X509_V_ERR_CERT_HAS_EXPIRED
               || error == X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD) {
        log_time(c, "notAfter=", X509_get0_notAfter(cert));
    }
}

static void log_call(struct conn *c, X509_STORE_CTX *ctx, int found, int answer)
{
    X509 *cert = X509_STORE_CTX_get_current_cert(ctx);
    int error = X509_STORE_CTX_get_error(ctx);

    if (!c->verify.quiet || !found)
        log_subject(c, cert, X509_STORE_CTX_get_error_depth(ctx));
    if (!found)
        buf_printf(c->lines.err, "verify error:num=%d:%s\n", error,
                   X509_verify_cert_error_string(error));
    log_detail(c, ctx, cert);
    if (c->verify.quiet || !answer)
        return;
    if (error == X509_V_OK && answer == 2)
        policy_log(c->lines.err, ctx);
    buf_printf(c->lines.err, "verify return:%d\n", answer);
}

int tls_verify_callback(int ok, X509_STORE_CTX *ctx)
{
    struct conn *c = verify_conn(ctx);
    int answer = ok;

    keep_chain(c, verify_outer(ctx));
    if (!ok) {
        verify_note_error(c, X509_STORE_CTX_get_error(ctx));
        answer = tolerated(&c->verify, X509_STORE_CTX_get_error_depth(ctx));
        c->verify_ended = !answer;
    }
    if (c->lines.err)
        log_call(c, ctx, ok, answer);
    return answer;
}
