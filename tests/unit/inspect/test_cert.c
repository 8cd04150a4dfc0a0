#include "look.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include <string.h>

static struct record *look_at_spec(const struct cert_spec *spec,
                                   const struct inspect_ask *ask)
{
    struct identity id = identity_make(spec, NULL);
    struct record *r = look_at_cert(id.cert, ask);

    identity_release(&id);
    return r;
}

Test(cert, names_are_printed_in_the_style_that_was_asked)
{
    const struct inspect_ask ask = { .nameopt = XN_FLAG_RFC2253 };
    struct record *r = look_at_spec(&(struct cert_spec){ .cn = "a, b" }, &ask);

    expect_text(r, REC_subject, "CN=a\\, b");
    expect_text(r, REC_issuer, "CN=a\\, b");
    record_free(r);
}

Test(cert, an_empty_subject_is_known_and_empty)
{
    struct record *r = look_at_spec(&(struct cert_spec){ .cn = NULL }, NULL);

    expect_text(r, REC_subject, "");
    record_free(r);
}

Test(cert, control_bytes_in_a_name_are_escaped_whatever_the_style)
{
    const struct inspect_ask ask = { .nameopt = XN_FLAG_SEP_COMMA_PLUS
                                                | XN_FLAG_FN_SN };
    struct record *r = look_at_spec(
        &(struct cert_spec){ .cn = "a\0b\033[31m\nc", .cn_len = 10 }, &ask);

    expect_text(r, REC_subject, "CN=a\\00b\\1B[31m\\0Ac");
    record_free(r);
}

Test(cert, the_compatible_style_escapes_too)
{
    const struct inspect_ask ask = { .nameopt = XN_FLAG_COMPAT };
    struct record *r =
        look_at_spec(&(struct cert_spec){ .cn = "a\033[31m\nc" }, &ask);

    cr_expect_null(strpbrk(record_get(r, REC_subject), "\033\n"));
    record_free(r);
}

Test(cert, a_serial_is_upper_case_and_whole)
{
    struct record *r = look_at_spec(
        &(struct cert_spec){ .cn = "a", .serial = "0abcdef0123456789f" }, NULL);

    expect_text(r, REC_serial, "0ABCDEF0123456789F");
    record_free(r);
}

Test(cert, a_negative_serial_keeps_its_sign)
{
    struct record *r =
        look_at_spec(&(struct cert_spec){ .cn = "a", .serial = "-0a" }, NULL);

    expect_text(r, REC_serial, "-0A");
    record_free(r);
}

Test(cert, dates_are_seconds)
{
    struct record *r =
        look_at_spec(&(struct cert_spec){ .cn = "a",
                                          .not_before = "700101000001Z",
                                          .not_after = "99991231235959Z" },
                     NULL);

    expect_number(r, REC_not_before, 1);
    expect_number(r, REC_not_after, 253402300799);
    record_free(r);
}

Test(cert, a_date_that_is_none_stays_unknown)
{
    struct record *r = look_at_spec(
        &(struct cert_spec){
            .cn = "a", .not_before = "20201301000000Z", .not_after = "soon" },
        NULL);

    expect_state(r, REC_not_before, VALUE_UNKNOWN);
    expect_state(r, REC_not_after, VALUE_UNKNOWN);
    expect_state(r, REC_days_left, VALUE_UNKNOWN);
    expect_text(r, REC_subject, "CN = a");
    record_free(r);
}

enum { END = 86400 * 1000 }; /* 26 September 1972 */

static const struct {
    int64_t now, days;
} spans[] = {
    { END - 86400, 1 }, { END - 86399, 0 },  { END - 1, 0 },      { END, 0 },
    { END + 1, -1 },    { END + 86400, -1 }, { END + 86401, -2 },
};

ParameterizedTestParameters(cert, days_left_are_rounded_down)
{
    static size_t rows[sizeof(spans) / sizeof(spans[0])];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        rows[i] = i;
    return cr_make_param_array(size_t, rows, sizeof(rows) / sizeof(rows[0]));
}

ParameterizedTest(size_t *row, cert, days_left_are_rounded_down)
{
    const struct inspect_ask ask = { .nameopt = XN_FLAG_ONELINE,
                                     .now = spans[*row].now };
    struct record *r = look_at_spec(
        &(struct cert_spec){ .cn = "a", .not_after = "720927000000Z" }, &ask);

    expect_number(r, REC_not_after, END);
    expect_number(r, REC_days_left, spans[*row].days);
    record_free(r);
}

static const struct {
    const char *key, *type, *signature;
    int bits;
} keys[] = {
    { "EC", "EC", "ecdsa-with-SHA256", 256 },
    { "RSA2048", "RSA", "sha256WithRSAEncryption", 2048 },
    { "ED25519", "ED25519", "ED25519", 256 },
};

ParameterizedTestParameters(cert, keys_and_signatures_have_names)
{
    static size_t rows[] = { 0, 1, 2 };

    return cr_make_param_array(size_t, rows, 3);
}

ParameterizedTest(size_t *row, cert, keys_and_signatures_have_names)
{
    struct record *r = look_at_spec(
        &(struct cert_spec){ .cn = "a", .key = keys[*row].key }, NULL);

    expect_text(r, REC_key_type, keys[*row].type);
    expect_number(r, REC_key_bits, keys[*row].bits);
    expect_text(r, REC_cert_signature, keys[*row].signature);
    record_free(r);
}

/* The first byte of the algorithm's identifier is spoilt: 1.2 becomes 1.3. */
Test(cert, a_key_that_openssl_does_not_know_has_an_identifier)
{
    static const unsigned char algorithm[] = { 0x2a, 0x86, 0x48, 0xce,
                                               0x3d, 0x02, 0x01 };
    struct identity id =
        identity_make(&(struct cert_spec){ .cn = "a", .key = "EC" }, NULL);
    unsigned char *der = NULL;
    int len = i2d_X509(id.cert, &der);
    unsigned char *at = memmem(der, (size_t)len, algorithm, sizeof(algorithm));
    const unsigned char *from = der;

    cr_assert(at);
    at[0] = 0x2b;
    X509 *strange = d2i_X509(NULL, &from, len);

    cr_assert(strange);
    struct record *r = look_at_cert(strange, NULL);

    expect_text(r, REC_key_type, "1.3.840.10045.2.1");
    expect_state(r, REC_key_bits, VALUE_UNKNOWN);
    record_free(r);
    X509_free(strange);
    OPENSSL_free(der);
    identity_release(&id);
}

Test(cert, costly_facts_are_left_out_when_nobody_wants_them)
{
    static const bool wanted[FIELDS_COUNT];
    const struct inspect_ask ask = { .nameopt = XN_FLAG_ONELINE,
                                     .wanted = wanted };
    struct record *r = look_at_spec(&(struct cert_spec){ .cn = "a" }, &ask);

    expect_state(r, REC_san, VALUE_UNKNOWN);
    expect_state(r, REC_sha256, VALUE_UNKNOWN);
    cr_expect_eq(r->nchain, 0);
    record_free(r);
}

Test(cert, the_fingerprint_is_lower_case_hexadecimal)
{
    struct record *r = look_at_spec(&(struct cert_spec){ .cn = "a" }, NULL);
    const char *text = record_get(r, REC_sha256);

    cr_assert(text);
    cr_expect_eq(strlen(text), 64);
    cr_expect_eq(strspn(text, "0123456789abcdef"), 64);
    record_free(r);
}

Test(cert, the_chain_has_every_certificate_whole)
{
    struct identity root =
        identity_make(&(struct cert_spec){ .cn = "Root", .ca = 1 }, NULL);
    struct identity leaf = identity_make(
        &(struct cert_spec){
            .cn = "leaf",
            .names = &(struct cert_name){ GEN_DNS, "leaf.example", 0 },
            .nnames = 1 },
        &root);
    struct tls_peer p = { .identity = &leaf, .sends = &root };
    struct record *r = look_at_peer(&p, NULL);
    const struct value *values = r->chain[0].values;

    expect_number(r, REC_chain_length, 2);
    cr_assert_eq(r->nchain, 2);
    cr_expect_str_eq(values[CERT_subject].text.data, "CN = leaf");
    cr_expect_str_eq(values[CERT_issuer].text.data, "CN = Root");
    cr_expect_str_eq(values[CERT_san].items[0].data, "DNS:leaf.example");
    cr_expect_eq(values[CERT_key_bits].number, 256);
    cr_expect_eq(values[CERT_sha256].text.len, 64);
    cr_expect(strncmp(values[CERT_pem].text.data, "-----BEGIN CERT", 15) == 0);
    cr_expect_eq(r->chain[1].values[CERT_san].state, VALUE_NONE);
    record_free(r);
    tls_peer_stop(&p);
    identity_release(&leaf);
    identity_release(&root);
}
