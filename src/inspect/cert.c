/* cert -- the facts of one certificate. */
#include "inspect_room.h"

#include <string.h>

static void describe_name(const struct sink *s, enum cert_field_id id,
                          const X509_NAME *name, unsigned long nameopt,
                          struct buf *text)
{
    tls_print_name(text, name, 0, nameopt);
    sink_buf(s, id, text);
}

static void describe_serial(const struct sink *s, X509 *x, struct buf *text)
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(x);
    int len = ASN1_STRING_length(serial);

    if (ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER)
        buf_byte(text, '-');
    hex_add(text, ASN1_STRING_get0_data(serial), len > 0 ? (size_t)len : 0,
            true);
    sink_buf(s, CERT_serial, text);
}

static void describe_dates(const struct sink *s, X509 *x)
{
    int64_t seconds;

    if (time_seconds(X509_get0_notBefore(x), &seconds))
        sink_number(s, CERT_not_before, seconds);
    if (time_seconds(X509_get0_notAfter(x), &seconds))
        sink_number(s, CERT_not_after, seconds);
}

/* A key of an algorithm that OpenSSL does not know still has an identifier. */
static void describe_strange_key(const struct sink *s, X509 *x)
{
    ASN1_OBJECT *algorithm = NULL;
    char text[80];

    X509_PUBKEY_get0_param(&algorithm, NULL, NULL, NULL,
                           X509_get_X509_PUBKEY(x));
    if (algorithm && OBJ_obj2txt(text, sizeof(text), algorithm, 0) > 0)
        sink_bytes(s, CERT_key_type, text, strlen(text));
}

static void describe_key(const struct sink *s, X509 *x)
{
    EVP_PKEY *key = X509_get0_pubkey(x);
    const char *type = key ? key_type(key) : NULL;

    if (!type) {
        describe_strange_key(s, x);
        return;
    }
    sink_bytes(s, CERT_key_type, type, strlen(type));
    sink_number(s, CERT_key_bits, EVP_PKEY_get_bits(key));
}

static void describe_signature(const struct sink *s, X509 *x)
{
    const X509_ALGOR *algor = X509_get0_tbs_sigalg(x);
    const ASN1_OBJECT *algorithm = NULL;
    char text[80];

    X509_ALGOR_get0(&algorithm, NULL, NULL, algor);
    if (OBJ_obj2txt(text, sizeof(text), algorithm, 0) > 0)
        sink_bytes(s, CERT_signature, text, strlen(text));
}

void cert_describe(const struct sink *s, X509 *x, unsigned long nameopt)
{
    struct buf text;

    buf_init(&text, TEXT_MAX);
    describe_name(s, CERT_subject, X509_get_subject_name(x), nameopt, &text);
    describe_name(s, CERT_issuer, X509_get_issuer_name(x), nameopt, &text);
    describe_serial(s, x, &text);
    buf_release(&text);
    describe_dates(s, x);
    describe_key(s, x);
    describe_signature(s, x);
}

void cert_fingerprint(const struct sink *s, X509 *x)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len;
    struct buf text;

    if (!X509_digest(x, EVP_sha256(), digest, &len))
        return;
    buf_init(&text, 2 * sizeof(digest));
    hex_add(&text, digest, len, false);
    sink_buf(s, CERT_sha256, &text);
    buf_release(&text);
}
