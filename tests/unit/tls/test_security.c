#include "told.h"

#include <criterion/criterion.h>

#include <string.h>

TestSuite(security, .init = told_init, .fini = told_fini);

static void level2(SSL_CTX *ctx)
{
    SSL_CTX_set_security_level(ctx, 2);
}

Test(security, only_refusals_are_told)
{
    struct tls_peer p = { .trace = { .security = SECURITY_REFUSALS },
                          .setup_client = level2,
                          .trusts = &told_leaf };

    told_shake(&p);
    told_has(&p.log, "Security callback: Supported Signature Algorithm "
                     "scheme=ecdsa_sha1, security bits=64: no\n"
                     "Security callback: Supported Signature Algorithm "
                     "scheme=rsa_pkcs1_sha1, security bits=64: no\n"
                     "Security callback: Supported Signature Algorithm "
                     "digest=SHA1, algorithm=DSA, security bits=64: no\n");
    told_lacks(&p.log, ": yes\n");
    tls_peer_stop(&p);
}

Test(security, everything_is_told_when_it_is_asked_for)
{
    struct tls_peer p = { .trace = { .security = SECURITY_ALL },
                          .setup_client = level2 };

    told_shake(&p);
    told_has(&p.log, "Security callback: Version=TLS 1.3: yes\n");
    told_has(&p.log, "Security callback: Supported Ciphersuite="
                     "ECDHE-ECDSA-AES256-GCM-SHA384, security bits=256: yes\n");
    told_has(&p.log, "Security callback: Supported Curve=P-256, "
                     "security bits=128: yes\n");
    told_has(&p.log, "Security callback: Supported Curve=X25519, "
                     "security bits=128: yes\n");
    told_has(&p.log, "Security callback: Check Signature Algorithm "
                     "scheme=ecdsa_secp256r1_sha256, security bits=128: yes\n");
    /* tickets have no name */
    told_has(&p.log, "Security callback: : yes\n");
    tls_peer_stop(&p);
}

static void show_leaf(SSL *ssl)
{
    cr_assert(SSL_use_certificate(ssl, told_leaf.cert));
    cr_assert(SSL_use_PrivateKey(ssl, told_leaf.key));
    cr_assert(SSL_add1_chain_cert(ssl, told_leaf.cert));
}

Test(security, our_own_certificate_is_asked_about_first)
{
    static const char first[] =
        "Security callback: Certificate chain EE key=, bits=256, "
        "security bits=128: yes\n"
        "Security callback: Certificate chain CA key=, bits=256, "
        "security bits=128: yes\n";
    struct tls_peer p = { .trace = { .security = SECURITY_ALL },
                          .setup_ssl = show_leaf };

    told_shake(&p);
    cr_expect_eq(strncmp(buf_string(&p.log), first, sizeof(first) - 1), 0, "%s",
                 buf_string(&p.log));
    tls_peer_stop(&p);
}

static void level4(SSL_CTX *ctx)
{
    SSL_CTX_set_security_level(ctx, 4);
}

Test(security, a_refusal_stays_a_refusal)
{
    struct tls_peer p = { .trace = { .security = SECURITY_ALL },
                          .identity = &told_leaf,
                          .setup_client = level4 };

    tls_peer_start(&p);
    cr_expect(!tls_peer_handshake(&p));
    told_has(&p.log, "Security callback: Supported Curve=X25519, "
                     "security bits=128: no\n");
    tls_peer_stop(&p);
}
