/* chain -- the leaf's own fields, and every certificate when it is asked. */
#include "inspect_room.h"

#include <openssl/pem.h>

static void add_pem(const struct sink *s, X509 *x)
{
    BIO *bio = BIO_new(BIO_s_mem());
    struct buf text;

    if (!bio)
        return;
    buf_init(&text, 4 * (size_t)TEXT_MAX);
    PEM_write_bio_X509(bio, x);
    tls_take_text(&text, bio);
    sink_buf(s, CERT_pem, &text);
    buf_release(&text);
}

static void record_chain(const struct view *v)
{
    for (int i = 0; i < sk_X509_num(v->chain) && i < CHAIN_MAX; i++) {
        X509 *x = sk_X509_value(v->chain, i);
        struct sink s = { .record = v->record,
                          .cert = record_add_cert(v->record) };

        if (!s.cert)
            return;
        cert_describe(&s, x, v->ask->nameopt);
        names_describe(&s, x, v->ask->nameopt);
        cert_fingerprint(&s, x);
        add_pem(&s, x);
    }
}

static void record_days(const struct view *v)
{
    enum { DAY = 24 * 60 * 60 };
    int64_t end, left;

    if (!time_seconds(X509_get0_notAfter(v->leaf), &end))
        return;
    left = end - v->ask->now;
    /* Rounded down: a certificate that ended an hour ago has -1 day. */
    record_number(v->record, REC_days_left,
                  left >= 0 ? left / DAY : -((DAY - 1 - left) / DAY));
}

static void record_leaf(const struct view *v)
{
    const struct sink s = { .record = v->record };

    cert_describe(&s, v->leaf, v->ask->nameopt);
    record_days(v);
    if (wanted(v->ask, REC_san))
        names_describe(&s, v->leaf, v->ask->nameopt);
    if (wanted(v->ask, REC_sha256))
        cert_fingerprint(&s, v->leaf);
}

void chain_record(const struct view *v)
{
    if (!v->leaf)
        return;
    record_leaf(v);
    if (!v->chain)
        return;
    record_number(v->record, REC_chain_length, sk_X509_num(v->chain));
    if (wanted(v->ask, REC_chain))
        record_chain(v);
}
