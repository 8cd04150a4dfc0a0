#include "look.h"

#include <criterion/criterion.h>

#include <string.h>

static struct identity leaf, rsa, ed;

static void make_identities(void)
{
    leaf = identity_make(&(struct cert_spec){ .cn = "leaf" }, NULL);
    rsa = identity_make(&(struct cert_spec){ .cn = "rsa", .key = "RSA2048" },
                        NULL);
    ed = identity_make(&(struct cert_spec){ .cn = "ed", .key = "ED25519" },
                       NULL);
}

static void drop_identities(void)
{
    identity_release(&leaf);
    identity_release(&rsa);
    identity_release(&ed);
}

TestSuite(session, .init = make_identities, .fini = drop_identities);

Test(session, tls13_facts)
{
    struct tls_peer p = { .identity = &leaf };
    struct record *r = look_at_peer(&p, NULL);

    expect_text(r, REC_protocol, "TLSv1.3");
    expect_text(r, REC_cipher, "TLS_AES_256_GCM_SHA384");
    expect_text(r, REC_signature, "ECDSA+SHA256");
    expect_text(r, REC_peer_signature_digest, "SHA256");
    expect_number(r, REC_resumed, 0);
    expect_state(r, REC_early_data, VALUE_NOT_ASKED);
    expect_state(r, REC_session_id, VALUE_NOT_ASKED);
    expect_state(r, REC_ticket_lifetime, VALUE_NOT_ASKED);
    expect_state(r, REC_max_early_data, VALUE_NOT_ASKED);
    expect_state(r, REC_alpn, VALUE_NOT_ASKED);
    expect_state(r, REC_compression, VALUE_NONE);
    expect_state(r, REC_secure_renegotiation, VALUE_NOT_ASKED);
    expect_state(r, REC_extended_master_secret, VALUE_NOT_ASKED);
    expect_state(r, REC_encrypt_then_mac, VALUE_NOT_ASKED);
    expect_state(r, REC_npn, VALUE_NOT_ASKED);
    expect_state(r, REC_srtp, VALUE_NOT_ASKED);
    expect_state(r, REC_ocsp, VALUE_NOT_ASKED);
    expect_state(r, REC_tls_alert, VALUE_NONE);
    record_free(r);
    tls_peer_stop(&p);
}

static void only_x25519(SSL_CTX *ctx)
{
    cr_assert(SSL_CTX_set1_groups_list(ctx, "X25519"));
}

Test(session, the_group_of_a_curve_that_is_its_own)
{
    struct tls_peer p = { .identity = &leaf, .setup_client = only_x25519 };
    struct record *r = look_at_peer(&p, NULL);

    expect_text(r, REC_group, "X25519");
    expect_number(r, REC_temp_key_bits, 253);
    record_free(r);
    tls_peer_stop(&p);
}

static void only_p256(SSL_CTX *ctx)
{
    cr_assert(SSL_CTX_set1_groups_list(ctx, "P-256"));
}

Test(session, the_group_of_a_named_curve)
{
    struct tls_peer p = { .identity = &leaf, .setup_client = only_p256 };
    struct record *r = look_at_peer(&p, NULL);

    expect_text(r, REC_group, "prime256v1");
    expect_number(r, REC_temp_key_bits, 256);
    record_free(r);
    tls_peer_stop(&p);
}

Test(session, a_signature_without_digest)
{
    struct tls_peer p = { .identity = &ed };
    struct record *r = look_at_peer(&p, NULL);

    expect_text(r, REC_signature, "ed25519");
    expect_state(r, REC_peer_signature_digest, VALUE_NONE);
    record_free(r);
    tls_peer_stop(&p);
}

static void tls12_cbc(SSL_CTX *ctx)
{
    tls_peer_only_tls12(ctx);
    cr_assert(SSL_CTX_set_cipher_list(ctx, "ECDHE-RSA-AES128-SHA"));
}

Test(session, tls12_facts)
{
    struct tls_peer p = { .identity = &rsa, .setup = tls12_cbc };
    struct record *r = look_at_peer(&p, NULL);

    expect_text(r, REC_protocol, "TLSv1.2");
    expect_text(r, REC_cipher, "ECDHE-RSA-AES128-SHA");
    expect_text(r, REC_signature, "RSA-PSS+SHA256");
    expect_number(r, REC_secure_renegotiation, 1);
    expect_number(r, REC_extended_master_secret, 1);
    expect_number(r, REC_encrypt_then_mac, 1);
    expect_state(r, REC_session_id, VALUE_KNOWN);
    expect_number(r, REC_ticket_lifetime, 7200);
    expect_state(r, REC_max_early_data, VALUE_NONE);
    cr_expect_gt(record_int(r, REC_bytes_read, 0), 500);
    cr_expect_gt(record_int(r, REC_bytes_written, 0), 100);
    record_free(r);
    tls_peer_stop(&p);
}

static void tls12_rsa(SSL_CTX *ctx)
{
    tls_peer_only_tls12(ctx);
    cr_assert(SSL_CTX_set_cipher_list(ctx, "AES128-GCM-SHA256"));
    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
}

Test(session, a_key_exchange_without_a_group_or_a_signature)
{
    struct tls_peer p = { .identity = &rsa, .setup = tls12_rsa };
    struct record *r = look_at_peer(&p, NULL);

    expect_state(r, REC_group, VALUE_NONE);
    expect_state(r, REC_temp_key_bits, VALUE_NONE);
    expect_state(r, REC_signature, VALUE_NONE);
    expect_state(r, REC_ticket_lifetime, VALUE_NONE);
    expect_number(r, REC_encrypt_then_mac, 0);
    record_free(r);
    tls_peer_stop(&p);
}

static void tls12_dhe(SSL_CTX *ctx)
{
    tls_peer_only_tls12(ctx);
    cr_assert(SSL_CTX_set_cipher_list(ctx, "DHE-RSA-AES128-GCM-SHA256"));
    SSL_CTX_set_dh_auto(ctx, 1);
}

Test(session, a_finite_field_group)
{
    struct tls_peer p = { .identity = &rsa, .setup = tls12_dhe };
    struct record *r = look_at_peer(&p, NULL);

    expect_text(r, REC_group, "modp_2048");
    expect_number(r, REC_temp_key_bits, 2048);
    record_free(r);
    tls_peer_stop(&p);
}

static int choose_first(SSL *ssl, const unsigned char **out,
                        unsigned char *outlen, const unsigned char *in,
                        unsigned inlen, void *arg)
{
    (void)ssl;
    (void)inlen;
    (void)arg;
    *out = in + 1;
    *outlen = in[0];
    return SSL_TLSEXT_ERR_OK;
}

static void choose_alpn(SSL_CTX *ctx)
{
    SSL_CTX_set_alpn_select_cb(ctx, choose_first, NULL);
}

static void offer_alpn(SSL_CTX *ctx)
{
    cr_assert_eq(SSL_CTX_set_alpn_protos(ctx, (const unsigned char *)"\2h2", 3),
                 0);
}

Test(session, the_application_protocol)
{
    struct tls_peer p = { .identity = &leaf,
                          .setup = choose_alpn,
                          .setup_client = offer_alpn };
    struct record *r = look_at_peer(&p, NULL);

    expect_text(r, REC_alpn, "h2");
    record_free(r);
    tls_peer_stop(&p);
}

static void request_with_names(SSL_CTX *ctx)
{
    tls_peer_verify_request(ctx);
    cr_assert(SSL_CTX_add_client_CA(ctx, leaf.cert));
}

Test(session, what_the_server_wants_of_clients)
{
    struct tls_peer p = { .identity = &leaf, .setup = request_with_names };
    struct record *r = look_at_peer(&p, NULL);

    expect_number(r, REC_client_cert_requested, 1);
    expect_item(r, REC_client_cas, 0, "CN = leaf", 9);
    record_free(r);
    tls_peer_stop(&p);
}

Test(session, a_server_that_wants_nothing_of_clients)
{
    struct tls_peer p = { .identity = &leaf };
    struct record *r = look_at_peer(&p, NULL);

    expect_number(r, REC_client_cert_requested, 0);
    expect_state(r, REC_client_cas, VALUE_NONE);
    record_free(r);
    tls_peer_stop(&p);
}

Test(session, a_late_refusal_leaves_what_was_agreed_on)
{
    struct tls_peer p = { .identity = &leaf, .setup = tls_peer_verify_require };
    struct record *r = record_new();

    tls_peer_start(&p);
    cr_assert(tls_peer_handshake(&p), "%s", p.e.msg);
    cr_assert(!tls_settle(&p.conn, 60 * 1000, &p.e));
    inspect_failure(&p.conn, &usual_ask, r);
    expect_text(r, REC_protocol, "TLSv1.3");
    expect_text(r, REC_tls_alert, "certificate required");
    expect_number(r, REC_client_cert_requested, 1);
    record_free(r);
    tls_peer_stop(&p);
}

static SSL_SESSION *earlier;

static void resume(SSL *ssl)
{
    if (earlier)
        cr_assert(SSL_set_session(ssl, earlier));
}

/* Both connections with one server context: its ticket key is in there. */
Test(session, a_resumed_session_keeps_its_certificate_and_verdict)
{
    struct tls_peer first = { .identity = &leaf, .setup = tls_peer_only_tls12 };
    struct record *r = look_at_peer(&first, NULL);

    earlier = SSL_get1_session(first.conn.ssl);
    struct tls_peer second = { .identity = &leaf,
                               .setup_ssl = resume,
                               .reuse = first.server_ctx };

    SSL_CTX_up_ref(first.server_ctx);
    record_free(r);
    r = look_at_peer(&second, NULL);
    expect_number(r, REC_resumed, 1);
    expect_text(r, REC_subject, "CN = leaf");
    expect_number(r, REC_verified, 0);
    expect_number(r, REC_verify_code, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
    expect_state(r, REC_group, VALUE_NONE);
    record_free(r);
    tls_peer_stop(&second);
    tls_peer_stop(&first);
    SSL_SESSION_free(earlier);
}
