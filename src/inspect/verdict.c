/* verdict -- is the chain trusted, and is the name right. */
#include "inspect_room.h"

#include "base/hostport.h"

#include <openssl/x509v3.h>
#include <string.h>

/* Only of a certificate that was really checked: OpenSSL's result is "ok"
 * also when there was none. */
static void record_verified(const struct view *v)
{
    struct record *r = v->record;
    const long code = tls_verdict(v->conn);

    if (code == VERDICT_NONE) {
        record_state(r, REC_verified, VALUE_NOT_ASKED);
        record_state(r, REC_verify_code, VALUE_NOT_ASKED);
        record_state(r, REC_verify_error, VALUE_NOT_ASKED);
        return;
    }
    record_number(r, REC_verified,
                  code == X509_V_OK && v->conn->nverify_errors == 0);
    record_number(r, REC_verify_code, code);
    record_text(r, REC_verify_error, X509_verify_cert_error_string(code));
}

static void record_chain_end(const struct view *v)
{
    const STACK_OF(X509) *chain = SSL_get0_verified_chain(v->conn->ssl);
    int64_t first = INT64_MAX;

    if (record_int(v->record, REC_verified, 0) != 1)
        return;
    for (int i = 0; i < sk_X509_num(chain); i++) {
        int64_t end;

        if (!time_seconds(X509_get0_notAfter(sk_X509_value(chain, i)), &end))
            return;
        first = end < first ? end : first;
    }
    if (sk_X509_num(chain) > 0)
        record_number(v->record, REC_chain_not_after, first);
}

static void record_peername(const struct view *v)
{
    SSL *ssl = v->conn->ssl;
    const char *name = SSL_get0_peername(ssl);

    if (name)
        record_text(v->record, REC_verified_peername, name);
    else if (X509_VERIFY_PARAM_get0_host(SSL_get0_param(ssl), 0))
        record_state(v->record, REC_verified_peername, VALUE_NONE);
    else
        record_state(v->record, REC_verified_peername, VALUE_NOT_ASKED);
}

/* 1 yes, 0 no, less: could not be decided. */
static int name_matches(X509 *leaf, const char *name)
{
    size_t len = strlen(name);

    if (hostport_is_address(name))
        return X509_check_ip_asc(leaf, name, 0);
    if (len > 1 && name[len - 1] == '.') /* the root label is not part of it */
        len--;
    return X509_check_host(leaf, name, len, 0, NULL);
}

static void record_name_match(const struct view *v)
{
    const struct inspect_ask *ask = v->ask;
    const char *name = ask->sni ? ask->sni : ask->host;
    int answer;

    if (!name) {
        record_state(v->record, REC_name_match, VALUE_NOT_ASKED);
        return;
    }
    answer = name_matches(v->leaf, name);
    if (answer >= 0)
        record_number(v->record, REC_name_match, answer);
}

void verdict_record(const struct view *v)
{
    if ((!v->leaf && !v->raw_key) || !v->conn->ssl)
        return;
    record_verified(v);
    record_chain_end(v);
    if (v->leaf)
        record_name_match(v);
    record_peername(v);
}
