#include "again.h"

#include <criterion/criterion.h>

static struct identity root, issuer, leaf, direct, expired;

static void make_identities(void)
{
    root = identity_make(&(struct cert_spec){ .cn = "root", .ca = 1 }, NULL);
    issuer =
        identity_make(&(struct cert_spec){ .cn = "issuer", .ca = 1 }, &root);
    leaf = identity_make(&(struct cert_spec){ .cn = "leaf" }, &issuer);
    direct = identity_make(&(struct cert_spec){ .cn = "direct" }, &root);
    expired =
        identity_make(&(struct cert_spec){ .cn = "expired",
                                           .not_before = "20200101000000Z",
                                           .not_after = "20210101000000Z" },
                      &issuer);
}

static void drop_identities(void)
{
    identity_release(&root);
    identity_release(&issuer);
    identity_release(&leaf);
    identity_release(&direct);
    identity_release(&expired);
}

TestSuite(reverify, .init = make_identities, .fini = drop_identities);

/* The verdict on a session of a server, taken up by somebody who trusts
 * "trusts"; "read": out of a file, so without its chain. */
static long verdict(struct tls_peer *first, const struct identity *trusts,
                    bool read)
{
    SSL_SESSION *session = again_first(first);
    struct tls_peer second = { .trusts = trusts };
    long found;

    if (read)
        session = again_reread(session);
    second.session.offer = session;
    again_start(&second, first);
    cr_assert(tls_peer_handshake(&second), "%s", second.e.msg);
    cr_assert(tls_resumed(&second.conn));
    cr_expect(second.conn.session.judged);
    cr_expect_eq(second.log.len, 0, "%s", buf_string(&second.log));
    found = tls_verdict(&second.conn);
    cr_expect_eq(second.conn.nverify_errors > 0, found > 0);
    tls_peer_stop(&second);
    tls_peer_stop(first);
    SSL_SESSION_free(session);
    return found;
}

Test(reverify, a_new_session_has_the_verdict_of_openssl)
{
    struct tls_peer p = { .identity = &direct };

    tls_peer_start(&p);
    cr_assert(tls_peer_handshake(&p), "%s", p.e.msg);
    cr_expect(!p.conn.session.judged);
    cr_expect_eq(tls_verdict(&p.conn), SSL_get_verify_result(p.conn.ssl));
    cr_expect_eq(tls_verdict(&p.conn),
                 X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE);
    tls_peer_stop(&p);
}

Test(reverify, what_is_trusted_now_counts)
{
    struct tls_peer p = { .identity = &leaf, .sends = &issuer };

    cr_expect_eq(verdict(&p, &root, false), X509_V_OK);
}

Test(reverify, what_was_trusted_then_does_not)
{
    struct tls_peer p = { .identity = &leaf,
                          .sends = &issuer,
                          .trusts = &root };

    cr_expect_eq(verdict(&p, NULL, false),
                 X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
}

Test(reverify, of_a_file_without_a_chain_nothing_can_be_said)
{
    struct tls_peer p = { .identity = &leaf,
                          .sends = &issuer,
                          .trusts = &root };

    cr_expect_eq(verdict(&p, &root, true), VERDICT_NONE);
}

Test(reverify, a_chain_that_is_not_needed_is_not_missed)
{
    struct tls_peer p = { .identity = &direct };

    cr_expect_eq(verdict(&p, &root, true), X509_V_OK);
}

Test(reverify, what_is_wrong_whatever_the_chain_is_said)
{
    struct tls_peer p = { .identity = &expired, .sends = &issuer };

    cr_expect_eq(verdict(&p, &root, true), X509_V_ERR_CERT_HAS_EXPIRED);
}
