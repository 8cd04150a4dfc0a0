#include "look.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include <string.h>
#include <unistd.h>

static struct identity root, leaf;

static void make_identities(void)
{
    static const char nul[] = "nul.example\0.evil.example";
    static const unsigned char address[] = { 192, 0, 2, 1 };
    const struct cert_name names[] = {
        { GEN_DNS, "leaf.example", 0 },
        { GEN_DNS, "*.wild.example", 0 },
        { GEN_DNS, nul, sizeof(nul) - 1 },
        { GEN_IPADD, address, sizeof(address) },
    };

    root = identity_make(&(struct cert_spec){ .cn = "Root", .ca = 1 }, NULL);
    leaf = identity_make(
        &(struct cert_spec){ .cn = "cn.example", .names = names, .nnames = 4 },
        &root);
}

static void drop_identities(void)
{
    identity_release(&root);
    identity_release(&leaf);
}

TestSuite(verdict, .init = make_identities, .fini = drop_identities);

Test(verdict, a_trusted_chain_is_verified)
{
    struct tls_peer p = { .identity = &leaf, .trusts = &root };
    struct record *r = look_at_peer(&p, NULL);

    expect_number(r, REC_verified, 1);
    expect_number(r, REC_verify_code, 0);
    expect_text(r, REC_verify_error, "ok");
    expect_state(r, REC_warnings, VALUE_NONE);
    record_free(r);
    tls_peer_stop(&p);
}

Test(verdict, the_chain_that_verified_ends_with_the_first_of_it)
{
    struct identity short_root = identity_make(
        &(struct cert_spec){
            .cn = "Short", .not_after = "20980101000000Z", .ca = 1 },
        NULL);
    struct identity long_leaf = identity_make(
        &(struct cert_spec){ .cn = "a", .not_after = "20990101000000Z" },
        &short_root);
    struct tls_peer p = { .identity = &long_leaf, .trusts = &short_root };
    struct record *r = look_at_peer(&p, NULL);

    expect_number(r, REC_verified, 1);
    expect_number(r, REC_chain_length, 1);
    expect_number(r, REC_chain_not_after, 4039372800);
    record_free(r);
    tls_peer_stop(&p);
    identity_release(&long_leaf);
    identity_release(&short_root);
}

Test(verdict, an_untrusted_chain_is_not_and_no_error_is_lost)
{
    static const char also[] = "verification also found: unable to get local "
                               "issuer certificate (error 20)";
    struct tls_peer p = { .identity = &leaf };
    struct record *r = look_at_peer(&p, NULL);

    expect_number(r, REC_verified, 0);
    expect_state(r, REC_chain_not_after, VALUE_UNKNOWN);
    expect_number(r, REC_verify_code, 21);
    expect_text(r, REC_verify_error, "unable to verify the first certificate");
    expect_item(r, REC_warnings, 0, also, sizeof(also) - 1);
    cr_expect_eq(r->values[REC_warnings].nitems, 1);
    record_free(r);
    tls_peer_stop(&p);
}

Test(verdict, an_error_that_openssl_forgot_counts)
{
    struct tls_peer p = { .identity = &leaf, .trusts = &root };
    struct record *r = look_at_peer(&p, NULL);

    p.conn.verify_errors[p.conn.nverify_errors++] = X509_V_ERR_INVALID_CA;
    record_clear(r);
    inspect_connection(&p.conn, &usual_ask, r);
    expect_number(r, REC_verified, 0);
    expect_number(r, REC_verify_code, 0);
    cr_expect_eq(r->values[REC_warnings].nitems, 1);
    record_free(r);
    tls_peer_stop(&p);
}

/* NULL for a name that is not said; answer -1: not_asked */
static const struct {
    const char *sni, *host;
    int answer;
} names[] = {
    { NULL, "leaf.example", 1 },
    { NULL, "LEAF.example", 1 },
    { NULL, "leaf.example.", 1 },
    { NULL, "a.wild.example", 1 },
    { NULL, "a.b.wild.example", 0 },
    { NULL, "other.example", 0 },
    { NULL, "nul.example", 0 },
    { NULL, "cn.example", 0 }, /* alternative names replace the subject's */
    { NULL, "192.0.2.1", 1 },
    { NULL, "192.0.2.2", 0 },
    { NULL, "::1", 0 },
    { "leaf.example", "other.example", 1 },
    { "other.example", "leaf.example", 0 },
    { NULL, NULL, -1 },
};

ParameterizedTestParameters(verdict, the_name_is_checked)
{
    static size_t rows[sizeof(names) / sizeof(names[0])];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        rows[i] = i;
    return cr_make_param_array(size_t, rows, sizeof(rows) / sizeof(rows[0]));
}

ParameterizedTest(size_t *row, verdict, the_name_is_checked)
{
    const struct inspect_ask ask = { .nameopt = XN_FLAG_ONELINE,
                                     .sni = names[*row].sni,
                                     .host = names[*row].host };
    struct tls_peer p = { .identity = &leaf, .trusts = &root };
    struct record *r = look_at_peer(&p, &ask);

    if (names[*row].answer < 0)
        expect_state(r, REC_name_match, VALUE_NOT_ASKED);
    else
        expect_number(r, REC_name_match, names[*row].answer);
    expect_state(r, REC_verified_peername, VALUE_NOT_ASKED);
    record_free(r);
    tls_peer_stop(&p);
}

static void ask_wild(SSL *ssl)
{
    cr_assert(SSL_set1_host(ssl, "a.wild.example"));
}

Test(verdict, the_name_that_openssl_matched_is_told)
{
    struct tls_peer p = { .identity = &leaf,
                          .trusts = &root,
                          .setup_ssl = ask_wild };
    struct record *r = look_at_peer(&p, NULL);

    expect_text(r, REC_verified_peername, "*.wild.example");
    record_free(r);
    tls_peer_stop(&p);
}

static void ask_other(SSL *ssl)
{
    cr_assert(SSL_set1_host(ssl, "other.example"));
}

Test(verdict, a_name_that_did_not_match_is_an_error_of_the_chain)
{
    struct tls_peer p = { .identity = &leaf,
                          .trusts = &root,
                          .setup_ssl = ask_other };
    struct record *r = look_at_peer(&p, NULL);

    expect_number(r, REC_verified, 0);
    expect_number(r, REC_verify_code, X509_V_ERR_HOSTNAME_MISMATCH);
    expect_state(r, REC_verified_peername, VALUE_NONE);
    record_free(r);
    tls_peer_stop(&p);
}

Test(verdict, without_a_certificate_there_is_none)
{
    const struct inspect_ask ask = { .host = "leaf.example" };
    struct tls_peer p = { .setup = tls_peer_serve_psk,
                          .setup_client = tls_peer_offer_psk };
    struct record *r = look_at_peer(&p, &ask);

    expect_state(r, REC_verified, VALUE_UNKNOWN);
    expect_state(r, REC_verify_code, VALUE_UNKNOWN);
    expect_state(r, REC_verify_error, VALUE_UNKNOWN);
    expect_state(r, REC_name_match, VALUE_UNKNOWN);
    expect_state(r, REC_subject, VALUE_UNKNOWN);
    record_free(r);
    tls_peer_stop(&p);
}

Test(verdict, a_chain_that_ended_the_handshake_is_described_all_the_same)
{
    const struct inspect_ask ask = { .nameopt = XN_FLAG_ONELINE,
                                     .host = "leaf.example" };
    struct tls_peer p = { .identity = &leaf };
    struct record *r = record_new();

    tls_peer_start(&p);
    p.conn.verify.return_error = true;
    cr_assert(!tls_peer_handshake(&p));
    inspect_failure(&p.conn, &ask, r);
    expect_text(r, REC_subject, "CN = cn.example");
    expect_number(r, REC_verified, 0);
    expect_number(r, REC_verify_code, 20);
    expect_number(r, REC_name_match, 1);
    expect_number(r, REC_chain_length, 1);
    expect_state(r, REC_tls_alert, VALUE_NONE);
    expect_state(r, REC_protocol, VALUE_UNKNOWN);
    record_free(r);
    tls_peer_stop(&p);
}

static void hear_and_close(int fd)
{
    char bytes[4096];

    cr_assert(read(fd, bytes, sizeof(bytes)) > 0);
}

Test(verdict, a_handshake_that_saw_no_certificate_has_no_verdict)
{
    const struct inspect_ask ask = { .host = "leaf.example" };
    struct tls_peer p = { .raw = hear_and_close };
    struct record *r = record_new();

    tls_peer_start(&p);
    cr_assert(!tls_peer_handshake(&p));
    inspect_failure(&p.conn, &ask, r);
    expect_state(r, REC_verified, VALUE_UNKNOWN);
    expect_state(r, REC_verify_code, VALUE_UNKNOWN);
    expect_state(r, REC_name_match, VALUE_UNKNOWN);
    expect_state(r, REC_client_cert_requested, VALUE_UNKNOWN);
    record_free(r);
    tls_peer_stop(&p);
}

Test(verdict, a_conn_that_was_never_made_is_fine)
{
    const struct conn none = { .fd = -1 };
    struct record *r = record_new();

    inspect_failure(&none, &usual_ask, r);
    expect_state(r, REC_verified, VALUE_UNKNOWN);
    expect_state(r, REC_tls_alert, VALUE_NONE);
    record_free(r);
}
