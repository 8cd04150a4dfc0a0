/* The server's side of SRP is deprecated like ours. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "told.h"

#include <criterion/criterion.h>

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/srp.h>
#include <string.h>

#ifndef OPENSSL_NO_SRP

TestSuite(srp, .init = told_init, .fini = told_fini);

/* ---- a server with one user in one group ---- */

static struct group {
    BIGNUM *n, *g;
} group;

/* The least number that generates, or the least that does not. */
static BIGNUM *pick(const BIGNUM *n, int kronecker)
{
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *g = BN_new();
    BN_ULONG word = 2;

    do
        cr_assert(BN_set_word(g, word++));
    while (BN_kronecker(g, n, ctx) != kronecker);
    BN_CTX_free(ctx);
    return g;
}

static void use_group(BIGNUM *n, BIGNUM *g)
{
    group = (struct group){ n, g };
}

static void drop_group(void)
{
    BN_free(group.n);
    BN_free(group.g);
}

static int know_user(SSL *ssl, int *alert, void *arg)
{
    BIGNUM *salt = NULL, *verifier = NULL;

    (void)alert;
    (void)arg;
    if (!SSL_get_srp_username(ssl))
        return SSL3_AL_FATAL;
    cr_assert(SRP_create_verifier_BN("alice", "secret", &salt, &verifier,
                                     group.n, group.g));
    cr_assert(
        SSL_set_srp_server_param(ssl, group.n, group.g, salt, verifier, NULL)
        > 0);
    BN_free(salt);
    BN_clear_free(verifier);
    return SSL_ERROR_NONE;
}

static void serve(SSL_CTX *ctx)
{
    tls_peer_only_tls12(ctx);
    cr_assert(SSL_CTX_set_cipher_list(ctx, "SRP"));
    SSL_CTX_set_srp_username_callback(ctx, know_user);
}

/* ---- our side ---- */

static struct ask {
    const char *user;
    int strength;
    struct srp srp;
} ask;

static void install(SSL_CTX *ctx)
{
    cr_assert(srp_install(ctx, ask.user, ask.strength, &ask.srp));
}

static struct tls_peer peer(bool more_groups)
{
    ask =
        (struct ask){ .user = "alice",
                      .strength = 1024,
                      .srp = { .pass = "secret", .more_groups = more_groups } };
    return (struct tls_peer){ .setup = serve, .setup_client = install };
}

static void expect_end(struct tls_peer *p, enum err_code code)
{
    tls_peer_start(p);
    cr_expect(!tls_peer_handshake(p));
    cr_expect_str_eq(err_row(p->e.code)->name, err_row(code)->name, "%s",
                     p->e.msg);
}

static BIGNUM *known_n(void)
{
    return BN_dup(SRP_get_default_gN("2048")->N);
}

static BIGNUM *known_g(void)
{
    return BN_dup(SRP_get_default_gN("2048")->g);
}

Test(srp, user_and_password_are_enough)
{
    struct tls_peer p = peer(false);

    use_group(known_n(), known_g());
    told_shake(&p);
    cr_expect(srp_used(p.conn.ssl));
    cr_expect_str_eq(srp_user(p.conn.ssl), "alice");
    told_is(&p.log, "");
    tls_peer_stop(&p);
    drop_group();
}

Test(srp, a_wrong_password_is_found_out)
{
    struct tls_peer p = peer(false);

    use_group(known_n(), known_g());
    ask.srp.pass = "guess";
    expect_end(&p, ERR_ALERT);
    tls_peer_stop(&p);
    drop_group();
}

Test(srp, a_late_user_is_not_named)
{
    struct tls_peer p = peer(false);

    use_group(known_n(), known_g());
    ask.user = NULL;
    expect_end(&p, ERR_ALERT);
    cr_expect_str_eq(p.conn.alert, "unknown PSK identity");
    cr_expect_null(srp_user(p.conn.ssl));
    tls_peer_stop(&p);
    drop_group();
}

Test(srp, a_small_group_is_refused)
{
    struct tls_peer p = peer(false);

    use_group(known_n(), known_g());
    ask.strength = 2049;
    expect_end(&p, ERR_TLS);
    tls_peer_stop(&p);
    drop_group();
}

Test(srp, an_unknown_group_is_refused)
{
    BIGNUM *n = BN_get_rfc2409_prime_1024(NULL);
    struct tls_peer p = peer(false);

    use_group(n, pick(n, -1));
    expect_end(&p, ERR_TLS);
    told_is(&p.log, "SRP param N and g rejected.\n");
    tls_peer_stop(&p);
    drop_group();
}

Test(srp, an_unknown_group_is_tested_when_that_is_allowed)
{
    BIGNUM *n = BN_get_rfc2409_prime_1024(NULL);
    struct tls_peer p = peer(true);

    p.trace.debug = true;
    use_group(n, pick(n, -1));
    told_shake(&p);
    told_has(&p.log, "SRP parameters:\n\tN=FFFFFFFFFFFFFFFFC90FDAA2");
    told_has(&p.log, "SRP param N and g are not known params, going to check "
                     "deeper.\n");
    told_lacks(&p.log, "rejected");
    tls_peer_stop(&p);
    drop_group();
}

/* Half of all numbers, its powers, would be lost to an eavesdropper. */
Test(srp, a_number_that_does_not_generate_is_refused)
{
    BIGNUM *n = BN_get_rfc2409_prime_1024(NULL);
    struct tls_peer p = peer(true);

    use_group(n, pick(n, 1));
    expect_end(&p, ERR_TLS);
    told_has(&p.log, "SRP param N and g rejected.\n");
    tls_peer_stop(&p);
    drop_group();
}

Test(srp, a_generator_that_is_no_small_number_is_refused)
{
    BIGNUM *n = BN_get_rfc2409_prime_1024(NULL), *g = BN_new();
    struct tls_peer p = peer(true);

    cr_assert(BN_set_bit(g, 65));
    use_group(n, g);
    expect_end(&p, ERR_TLS);
    tls_peer_stop(&p);
    drop_group();
}

Test(srp, a_product_is_no_prime)
{
    BIGNUM *n = BN_get_rfc2409_prime_1024(NULL);
    struct tls_peer p = peer(true);

    cr_assert(BN_add_word(n, 2));
    use_group(n, BN_dup(BN_value_one()));
    cr_assert(BN_set_word(group.g, 5));
    expect_end(&p, ERR_TLS);
    tls_peer_stop(&p);
    drop_group();
}

/* Nobody knows how long a test of such a number would take. */
Test(srp, a_giant_number_is_not_even_tested)
{
    BIGNUM *n = BN_new();
    struct tls_peer p = peer(true);

    cr_assert(BN_set_bit(n, 8192) && BN_add_word(n, 1));
    use_group(n, BN_dup(BN_value_one()));
    cr_assert(BN_set_word(group.g, 5));
    expect_end(&p, ERR_TLS);
    tls_peer_stop(&p);
    drop_group();
}

/* A good group whose test takes minutes. */
Test(srp, a_test_ends_with_the_time_of_the_handshake)
{
    BIGNUM *n = BN_get_rfc3526_prime_8192(NULL);
    struct tls_peer p = peer(true);

    use_group(n, pick(n, -1));
    cr_assert(BN_set_word(group.g, 19 * 19 * 19)); /* 19 is well known */
    tls_peer_start(&p);
    p.conn.when = deadline_in(2000);
    cr_expect(!tls_peer_handshake(&p));
    told_has(&p.log, "SRP param N and g rejected.\n");
    tls_peer_stop(&p);
    drop_group();
}

Test(srp, a_name_that_openssl_does_not_take_is_refused)
{
    static const struct srp srp = { .pass = "secret" };
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

    cr_expect(!srp_install(ctx, "", 1024, &srp));
    SSL_CTX_free(ctx);
    ERR_clear_error();
}

#endif
