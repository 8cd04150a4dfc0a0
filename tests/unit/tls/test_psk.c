#include "told.h"

#include <criterion/criterion.h>

#include <string.h>

TestSuite(psk, .init = told_init, .fini = told_fini);

static unsigned char key[PSK_MAX_PSK_LEN] = { 7, 7, 7, 7 };
static struct psk ours = { .identity = "me", .key = key, .len = 4 };

/* ---- a server that knows the key of "me" ---- */

static unsigned tell_key(SSL *ssl, const char *identity, unsigned char *out,
                         unsigned room)
{
    (void)ssl;
    (void)room;
    if (strcmp(identity, "me") != 0)
        return 0;
    memcpy(out, key, 4);
    return 4;
}

static void serve_tls12(SSL_CTX *ctx)
{
    tls_peer_only_tls12(ctx);
    SSL_CTX_set_psk_server_callback(ctx, tell_key);
}

static void serve_tls12_with_hint(SSL_CTX *ctx)
{
    serve_tls12(ctx);
    cr_assert(SSL_CTX_use_psk_identity_hint(ctx, "say\nplease"));
}

static int find_session(SSL *ssl, const unsigned char *identity, size_t len,
                        SSL_SESSION **out)
{
    static const unsigned char aes128_gcm_sha256[] = { 0x13, 0x01 };

    *out = NULL;
    if (len != 2 || memcmp(identity, "me", 2) != 0)
        return 1;
    *out = SSL_SESSION_new();
    return SSL_SESSION_set1_master_key(*out, key, 4)
           && SSL_SESSION_set_cipher(*out,
                                     SSL_CIPHER_find(ssl, aes128_gcm_sha256))
           && SSL_SESSION_set_protocol_version(*out, TLS1_3_VERSION);
}

static void serve_tls13(SSL_CTX *ctx)
{
    tls_peer_only_tls13(ctx);
    cr_assert(SSL_CTX_set_ciphersuites(ctx, "TLS_AES_128_GCM_SHA256"));
    SSL_CTX_set_psk_find_session_callback(ctx, find_session);
}

/* Asks for another group, and says by that which digest it will use. */
static void serve_other_digest(SSL_CTX *ctx)
{
    tls_peer_only_tls13(ctx);
    cr_assert(SSL_CTX_set_ciphersuites(ctx, "TLS_AES_256_GCM_SHA384"));
    cr_assert(SSL_CTX_set1_groups_list(ctx, "P-384"));
    SSL_CTX_set_psk_find_session_callback(ctx, find_session);
}

/* ---- our side ---- */

static void offer(SSL *ssl)
{
    psk_install(ssl, true);
}

static void offer_session_only(SSL *ssl)
{
    psk_install(ssl, false);
}

static void start(struct tls_peer *p, const struct psk *psk)
{
    if (!p->setup_ssl)
        p->setup_ssl = offer;
    tls_peer_start(p);
    p->conn.psk.ask = psk;
}

static void shake(struct tls_peer *p, const struct psk *psk)
{
    start(p, psk);
    cr_assert(tls_peer_handshake(p), "%s", p->e.msg);
}

static void expect_used(const struct tls_peer *p, const char *identity)
{
    const char *used = p->conn.psk.identity;

    cr_expect(identity ? used && strcmp(used, identity) == 0 : !used, "%s",
              used ? used : "none");
}

/* ---- TLS 1.2 ---- */

Test(psk, a_key_is_used_up_to_tls_1_2)
{
    struct tls_peer p = { .setup = serve_tls12 };

    shake(&p, &ours);
    expect_used(&p, "me");
    told_is(&p.out, "");
    tls_peer_stop(&p);
}

Test(psk, a_server_with_a_certificate_may_not_want_it)
{
    struct tls_peer p = { .identity = &told_leaf,
                          .setup = tls_peer_only_tls12 };

    shake(&p, &ours);
    expect_used(&p, NULL);
    tls_peer_stop(&p);
}

Test(psk, debug_tells_each_step_and_a_hint_stays_on_its_line)
{
    struct tls_peer p = { .setup = serve_tls12_with_hint,
                          .trace = { .debug = true } };

    shake(&p, &ours);
    told_has(&p.out, "psk_client_cb\n"
                     "Received PSK identity hint 'say please'\n"
                     "created identity 'me' len=2\n"
                     "created PSK len=4\n");
    tls_peer_stop(&p);
}

Test(psk, debug_tells_that_there_is_no_hint)
{
    struct tls_peer p = { .setup = serve_tls12, .trace = { .debug = true } };

    shake(&p, &ours);
    told_has(&p.out, "NULL received PSK identity hint, continuing anyway\n");
    tls_peer_stop(&p);
}

Test(psk, what_openssl_has_no_room_for_ends_the_handshake)
{
    char name[PSK_MAX_IDENTITY_LEN + 2];
    struct psk rows[] = {
        { .identity = name, .key = key, .len = 4 },
        { .identity = "me", .key = key, .len = sizeof(key) + 1 },
    };

    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    for (size_t i = 0; i < 2; i++) {
        struct tls_peer p = { .setup = serve_tls12 };

        start(&p, &rows[i]);
        cr_expect(!tls_peer_handshake(&p), "row %zu", i);
        cr_expect_eq(p.e.code, ERR_TLS, "row %zu: %s", i, p.e.msg);
        tls_peer_stop(&p);
    }
}

/* ---- TLS 1.3 ---- */

Test(psk, a_key_is_a_session_under_tls_1_3)
{
    struct tls_peer p = { .identity = &told_leaf, .setup = serve_tls13 };

    shake(&p, &ours);
    cr_expect(SSL_session_reused(p.conn.ssl));
    expect_used(&p, "me");
    tls_peer_stop(&p);
}

Test(psk, a_name_that_is_not_known_is_passed_over)
{
    static const struct psk stranger = { .identity = "you",
                                         .key = key,
                                         .len = 4 };
    struct tls_peer p = { .identity = &told_leaf, .setup = serve_tls13 };

    shake(&p, &stranger);
    expect_used(&p, NULL);
    tls_peer_stop(&p);
}

/* OpenSSL would try the call-back of TLS 1.2 then, and fail. */
Test(psk, a_digest_that_does_not_fit_is_passed_over_after_a_retry)
{
    struct tls_peer p = { .identity = &told_leaf,
                          .setup = serve_other_digest,
                          .trace = { .debug = true } };

    shake(&p, &ours);
    expect_used(&p, NULL);
    told_lacks(&p.out, "psk_client_cb");
    tls_peer_stop(&p);
}

Test(psk, a_session_serves_any_number_of_connections)
{
    struct psk psk = { .identity = "me" };
    SSL_CTX *ctx = SSL_CTX_new(TLS_method());
    SSL *ssl = SSL_new(ctx);

    cr_assert(find_session(ssl, (const unsigned char *)"me", 2, &psk.session));
    for (int i = 0; i < 3; i++) {
        struct tls_peer p = { .identity = &told_leaf,
                              .setup = serve_tls13,
                              .setup_ssl = offer_session_only };

        shake(&p, &psk);
        expect_used(&p, "me");
        cr_expect_neq(SSL_get0_session(p.conn.ssl), psk.session);
        tls_peer_stop(&p);
    }
    SSL_SESSION_free(psk.session);
    SSL_free(ssl);
    SSL_CTX_free(ctx);
}

Test(psk, without_a_key_none_is_used)
{
    struct tls_peer p = { .identity = &told_leaf };

    told_shake(&p);
    expect_used(&p, NULL);
    tls_peer_stop(&p);
}
