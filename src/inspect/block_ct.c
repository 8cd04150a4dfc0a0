/* block_ct -- signed certificate timestamps, in s_client's report and as
 * fields. */
#include "inspect_room.h"

#ifndef OPENSSL_NO_CT

#    include <openssl/ct.h>

/* A resumed session has none to show. */
static bool has_any(const struct view *v)
{
    SSL *ssl = v->conn->ssl;

    return SSL_ct_is_enabled(ssl) && SSL_get0_peer_certificate(ssl)
           && !SSL_session_reused(ssl);
}

static void print_all(const STACK_OF(SCT) * list, const CTLOG_STORE *logs,
                      BIO *bio)
{
    for (int i = 0; i < sk_SCT_num(list); i++) {
        const SCT *sct = sk_SCT_value(list, i);

        BIO_printf(bio, "%sSCT validation status: %s\n", i > 0 ? "\n---\n" : "",
                   SCT_validation_status_string(sct));
        SCT_print(sct, bio, 0, logs);
    }
}

void block_ct(const struct view *v, struct buf *out)
{
    SSL *ssl = v->conn->ssl;
    const STACK_OF(SCT) * list;
    BIO *bio;

    if (!has_any(v))
        return;
    list = SSL_get0_peer_scts(ssl);
    buf_printf(out, "---\nSCTs present (%d)\n", list ? sk_SCT_num(list) : 0);
    if (!list || sk_SCT_num(list) == 0)
        return;
    bio = BIO_new(BIO_s_mem());
    if (!bio) {
        out->refused = true;
        return;
    }
    buf_text(out, "---\n");
    print_all(list, SSL_CTX_get0_ctlog_store(SSL_get_SSL_CTX(ssl)), bio);
    tls_take_text(out, bio);
    buf_byte(out, '\n');
}

void ct_record(const struct view *v)
{
    SSL *ssl = v->conn->ssl;
    const STACK_OF(SCT) * list;
    int valid = 0;

    if (!SSL_ct_is_enabled(ssl)) {
        record_state(v->record, REC_sct_count, VALUE_NOT_ASKED);
        record_state(v->record, REC_sct_valid, VALUE_NOT_ASKED);
        return;
    }
    if (!has_any(v))
        return;
    list = SSL_get0_peer_scts(ssl);
    for (int i = 0; i < sk_SCT_num(list); i++)
        valid += SCT_get_validation_status(sk_SCT_value(list, i))
                 == SCT_VALIDATION_STATUS_VALID;
    record_number(v->record, REC_sct_count, list ? sk_SCT_num(list) : 0);
    record_number(v->record, REC_sct_valid, valid);
}

#else

void block_ct(const struct view *v, struct buf *out)
{
    (void)v;
    (void)out;
}

void ct_record(const struct view *v)
{
    record_state(v->record, REC_sct_count, VALUE_NOT_ASKED);
    record_state(v->record, REC_sct_valid, VALUE_NOT_ASKED);
}

#endif
