/* raw_key -- a bare public key in the place of a certificate (RFC 7250).
 *
 * There is no name, no date and no issuer in it: fields about those say "none",
 * and only a TLSA record can make it trusted. */
#include "inspect_room.h"

#include "tls/newer.h"

#include <openssl/x509.h>

/* Of the bytes that a TLSA record with selector 1 is about. */
static void record_digest(const struct view *v)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned char *der = NULL;
    const int len = i2d_PUBKEY(v->raw_key, &der);
    unsigned digest_len = 0;
    struct buf text;

    buf_init(&text, 2 * sizeof(digest));
    if (len > 0
        && EVP_Digest(der, (size_t)len, digest, &digest_len, EVP_sha256(),
                      NULL)) {
        hex_add(&text, digest, digest_len, false);
        record_buf(v->record, REC_raw_key, &text);
    }
    buf_release(&text);
    OPENSSL_free(der);
}

static void record_absence(struct record *r)
{
    static const enum field_id fields[] = {
        REC_subject,    REC_issuer,    REC_san,        REC_serial,
        REC_not_before, REC_not_after, REC_days_left,  REC_cert_signature,
        REC_sha256,     REC_chain,     REC_name_match,
    };

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        record_state(r, fields[i], VALUE_NONE);
    record_number(r, REC_chain_length, 0);
}

void raw_key_record(const struct view *v)
{
    struct record *r = v->record;
    const char *type;

    if (!v->raw_key) {
        if (!v->ask->raw_key_asked)
            record_state(r, REC_raw_key, VALUE_NOT_ASKED);
        else if (v->leaf)
            record_state(r, REC_raw_key, VALUE_NONE);
        return;
    }
    record_absence(r);
    record_digest(v);
    type = key_type(v->raw_key);
    if (type)
        record_text(r, REC_key_type, type);
    record_number(r, REC_key_bits, EVP_PKEY_get_bits(v->raw_key));
}

static void print_key(struct buf *out, EVP_PKEY *key)
{
    enum { INDENT = 2 };
    BIO *bio = BIO_new(BIO_s_mem());

    if (!bio) {
        out->refused = true;
        return;
    }
    EVP_PKEY_print_public(bio, key, INDENT, NULL);
    tls_take_text(out, bio);
}

void block_raw_key(const struct view *v, struct buf *out)
{
    const SSL *ssl = v->conn->ssl;
    EVP_PKEY *key = raw_key_of_server(ssl);

    if (raw_key_agreed(ssl, RAW_KEY_OURS))
        buf_text(out, "Client-to-server raw public key negotiated\n");
    if (raw_key_agreed(ssl, RAW_KEY_OF_SERVER))
        buf_text(out, "Server-to-client raw public key negotiated\n");
    if (!v->ask->raw_key_asked)
        return;
    if (!key) {
        buf_text(out, "no peer rpk available\n");
        return;
    }
    buf_text(out, "Server raw public key\n");
    print_key(out, key);
}
