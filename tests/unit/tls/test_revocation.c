#include "tls/revocation.h"

#include "../../support/tls_peer.h"
#include "again.h"
#include "base/mem.h"
#include "chain.h"

#include <criterion/criterion.h>

#include <openssl/err.h>
#include <string.h>

TestSuite(revocation, .init = chain_init, .fini = chain_fini);

/* ---- lists ---- */

static void add_revoked(X509_CRL *crl, const X509 *cert)
{
    X509_REVOKED *revoked = X509_REVOKED_new();

    X509_REVOKED_set_serialNumber(
        revoked, (ASN1_INTEGER *)(uintptr_t)X509_get0_serialNumber(cert));
    X509_REVOKED_set_revocationDate(
        revoked, (ASN1_TIME *)(uintptr_t)X509_get0_notBefore(cert));
    cr_assert(X509_CRL_add0_revoked(crl, revoked));
}

/* A list of the root, good for "seconds", as it comes out of the network. */
static STACK_OF(X509_CRL) * lists(const X509 *revoked, long seconds)
{
    X509_CRL *crl = X509_CRL_new(), *read = NULL;
    ASN1_TIME *now = X509_time_adj_ex(NULL, 0, -7200, NULL);
    ASN1_TIME *then = X509_time_adj_ex(NULL, 0, seconds, NULL);
    STACK_OF(X509_CRL) *list = sk_X509_CRL_new_null();
    unsigned char *der = NULL;
    const unsigned char *at;
    int len;

    X509_CRL_set_version(crl, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(crl, X509_get_subject_name(chain_root.cert));
    X509_CRL_set1_lastUpdate(crl, now);
    X509_CRL_set1_nextUpdate(crl, then);
    if (revoked)
        add_revoked(crl, revoked);
    cr_assert(X509_CRL_sign(crl, chain_root.key, EVP_sha256()));
    len = i2d_X509_CRL(crl, &der);
    at = der;
    read = d2i_X509_CRL(NULL, &at, len);
    cr_assert(read);
    sk_X509_CRL_push(list, read);
    OPENSSL_free(der);
    ASN1_TIME_free(now);
    ASN1_TIME_free(then);
    X509_CRL_free(crl);
    return list;
}

static void drop(STACK_OF(X509_CRL) * list)
{
    sk_X509_CRL_pop_free(list, X509_CRL_free);
}

static void shake(struct tls_peer *p)
{
    tls_peer_start(p);
    p->conn.verify.revocation = X509_V_FLAG_CRL_CHECK;
    cr_assert(tls_peer_handshake(p), "%s", p->e.msg);
    buf_clear(&p->log);
}

static bool check(struct tls_peer *p, STACK_OF(X509_CRL) * list)
{
    const bool passed = tls_check_revocation(&p->conn, list, &p->e);

    drop(list);
    return passed;
}

/* ---- what is missing ---- */

static int count_missing(struct tls_peer *p)
{
    STACK_OF(X509) *missing = tls_crls_missing(&p->conn, &p->e);
    const int n = sk_X509_num(missing);

    cr_assert(missing);
    if (n > 0)
        cr_expect_eq(X509_cmp(sk_X509_value(missing, 0), chain_leaf.cert), 0);
    sk_X509_pop_free(missing, X509_free);
    cr_expect_eq(p->log.len, 0, "%s", buf_string(&p->log));
    cr_expect_eq(ERR_peek_error(), 0);
    return n;
}

Test(revocation, a_list_is_missing_of_the_certificate_only_or_of_all)
{
    struct tls_peer p = { .identity = &chain_leaf, .trusts = &chain_root };

    shake(&p);
    cr_expect_eq(count_missing(&p), 1);
    p.conn.verify.revocation |= X509_V_FLAG_CRL_CHECK_ALL;
    cr_expect_eq(count_missing(&p), 2);
    cr_expect_eq(SSL_get_verify_result(p.conn.ssl), X509_V_OK);
    cr_expect_eq(p.conn.nverify_errors, 0);
    tls_peer_stop(&p);
}

static void add_to_store(struct tls_peer *p, long seconds)
{
    STACK_OF(X509_CRL) *list = lists(NULL, seconds);

    cr_assert(X509_STORE_add_crl(SSL_CTX_get_cert_store(p->ctx),
                                 sk_X509_CRL_value(list, 0)));
    drop(list);
}

Test(revocation, a_list_at_hand_is_not_missing_unless_it_is_out_of_date)
{
    struct tls_peer p = { .identity = &chain_leaf, .trusts = &chain_root };
    struct tls_peer late = { .identity = &chain_leaf, .trusts = &chain_root };

    shake(&p);
    add_to_store(&p, 3600);
    cr_expect_eq(count_missing(&p), 0);
    tls_peer_stop(&p);
    shake(&late);
    add_to_store(&late, -3600);
    cr_expect_eq(count_missing(&late), 1);
    tls_peer_stop(&late);
}

Test(revocation, nothing_is_missing_of_a_chain_that_does_not_verify)
{
    struct tls_peer unknown = { .identity = &chain_leaf };
    struct tls_peer expired = { .identity = &chain_old, .trusts = &chain_root };

    shake(&unknown);
    cr_expect_eq(count_missing(&unknown), 0);
    tls_peer_stop(&unknown);
    shake(&expired);
    cr_expect_eq(count_missing(&expired), 0);
    tls_peer_stop(&expired);
}

Test(revocation, nothing_is_missing_where_there_is_no_certificate)
{
    struct tls_peer p = { .setup = tls_peer_serve_psk,
                          .setup_client = tls_peer_offer_psk };

    shake(&p);
    cr_expect_eq(count_missing(&p), 0);
    cr_expect(check(&p, lists(chain_leaf.cert, 3600)));
    tls_peer_stop(&p);
}

/* ---- the verdict ---- */

Test(revocation, a_list_without_the_certificate_changes_nothing)
{
    struct tls_peer p = { .identity = &chain_leaf, .trusts = &chain_root };

    shake(&p);
    cr_expect(check(&p, lists(chain_old.cert, 3600)), "%s", p.e.msg);
    cr_expect_eq(tls_verdict(&p.conn), X509_V_OK);
    cr_expect_eq(p.conn.nverify_errors, 0);
    cr_expect_eq(p.log.len, 0, "%s", buf_string(&p.log));
    tls_peer_stop(&p);
}

Test(revocation, a_list_with_it_is_told_of_and_tolerated)
{
    struct tls_peer p = { .identity = &chain_leaf, .trusts = &chain_root };

    shake(&p);
    cr_expect(check(&p, lists(chain_leaf.cert, 3600)), "%s", p.e.msg);
    cr_expect_eq(tls_verdict(&p.conn), X509_V_ERR_CERT_REVOKED);
    cr_expect_eq(p.conn.nverify_errors, 1);
    cr_expect_str_eq(buf_string(&p.log),
                     "depth=0 CN = leaf\n"
                     "verify error:num=23:certificate revoked\n"
                     "verify return:1\n");
    tls_peer_stop(&p);
}

Test(revocation, a_list_with_it_ends_the_connection_where_the_rule_says_so)
{
    struct tls_peer p = { .identity = &chain_leaf, .trusts = &chain_root };

    shake(&p);
    p.conn.verify.return_error = true;
    cr_expect_not(check(&p, lists(chain_leaf.cert, 3600)));
    cr_expect_eq(p.e.code, ERR_VERIFY);
    cr_expect_eq(p.e.stage, STAGE_VERIFY);
    cr_expect(strstr(p.e.msg, "certificate revoked (error 23)"), "%s", p.e.msg);
    cr_expect_eq(tls_verdict(&p.conn), X509_V_ERR_CERT_REVOKED);
    tls_peer_stop(&p);
}

Test(revocation, a_list_that_is_still_missing_is_an_error_of_the_verification)
{
    struct tls_peer p = { .identity = &chain_leaf, .trusts = &chain_root };

    shake(&p);
    cr_expect(check(&p, sk_X509_CRL_new_null()));
    cr_expect_eq(tls_verdict(&p.conn), X509_V_ERR_UNABLE_TO_GET_CRL);
    cr_expect(tls_is_crl_missing(X509_V_ERR_UNABLE_TO_GET_CRL));
    tls_peer_stop(&p);
}

Test(revocation, what_the_handshake_told_is_not_told_again)
{
    struct tls_peer p = { .identity = &chain_old, .trusts = &chain_root };

    shake(&p);
    cr_expect_eq(p.conn.nverify_errors, 1);
    cr_expect(check(&p, sk_X509_CRL_new_null()));
    cr_expect_eq(p.conn.nverify_errors, 1);
    cr_expect_eq(p.log.len, 0, "%s", buf_string(&p.log));
    cr_expect_eq(tls_verdict(&p.conn), X509_V_ERR_CERT_HAS_EXPIRED);
    cr_expect(check(&p, lists(chain_old.cert, 3600)));
    cr_expect_eq(p.conn.nverify_errors, 2);
    cr_expect_eq(tls_verdict(&p.conn), X509_V_ERR_CERT_REVOKED);
    tls_peer_stop(&p);
}

Test(revocation, of_a_resumed_session_is_a_verdict_and_no_line)
{
    struct tls_peer first = { .identity = &chain_leaf, .trusts = &chain_root };
    SSL_SESSION *session = again_first(&first);
    struct tls_peer p = { .trusts = &chain_root, .session.offer = session };

    again_start(&p, &first);
    p.conn.verify.revocation = X509_V_FLAG_CRL_CHECK;
    p.conn.verify.return_error = true;
    cr_assert(tls_peer_handshake(&p), "%s", p.e.msg);
    cr_expect(tls_resumed(&p.conn));
    cr_expect_eq(count_missing(&p), 1);
    cr_expect(check(&p, lists(chain_leaf.cert, 3600)), "%s", p.e.msg);
    cr_expect_eq(tls_verdict(&p.conn), X509_V_ERR_CERT_REVOKED);
    cr_expect_eq(p.log.len, 0, "%s", buf_string(&p.log));
    tls_peer_stop(&p);
    tls_peer_stop(&first);
    SSL_SESSION_free(session);
}

/* ---- places ---- */

/* A certificate whose distribution points have these addresses, one each; of
 * those that begin with "\1" the rest is another kind of name. */
static X509 *cert_with(int nid, const char *const *places, size_t count)
{
    CRL_DIST_POINTS *points = sk_DIST_POINT_new_null();
    X509 *cert = X509_new();

    for (size_t i = 0; i < count; i++) {
        DIST_POINT *point = DIST_POINT_new();
        GENERAL_NAME *name = GENERAL_NAME_new();
        ASN1_IA5STRING *text = ASN1_IA5STRING_new();
        const bool other = places[i][0] == '\1';

        cr_assert(ASN1_STRING_set(text, places[i] + other, -1));
        GENERAL_NAME_set0_value(name, other ? GEN_DNS : GEN_URI, text);
        point->distpoint = DIST_POINT_NAME_new();
        point->distpoint->type = 0;
        point->distpoint->name.fullname = sk_GENERAL_NAME_new_null();
        sk_GENERAL_NAME_push(point->distpoint->name.fullname, name);
        sk_DIST_POINT_push(points, point);
    }
    cr_assert(X509_add1_ext_i2d(cert, nid, points, 0, 0));
    CRL_DIST_POINTS_free(points);
    return cert;
}

static void expect_places(const char *const *places, const char *want)
{
    static const int nids[] = { NID_crl_distribution_points, NID_freshest_crl };
    size_t count = 0;

    while (count < 4 && places[count])
        count++;
    for (size_t i = 0; i < 2; i++) {
        X509 *cert = cert_with(nids[i], places, count);
        struct buf out;

        buf_init(&out, 1024 * 1024);
        tls_crl_places(cert, i == 0, &out);
        cr_expect_str_eq(buf_string(&out), "");
        tls_crl_places(cert, i == 1, &out);
        cr_expect_str_eq(buf_string(&out), want);
        buf_release(&out);
        X509_free(cert);
    }
}

static const struct {
    const char *places[4], *want;
} rows[] = {
    { { "http://a.test/x" }, "http://a.test/x\n" },
    { { "http://a.test/x", "HTTP://b.test/y", "http://c.test/" },
      "http://a.test/x\nHTTP://b.test/y\n" },
    { { "ldap://a.test/x", "https://b.test/", "http://c.test/" },
      "http://c.test/\n" },
    { { "ldap://a.test/x", "https://b.test/" }, "ldap://a.test/x\n" },
    { { "\1http://a.test/", "http://b.test/" }, "http://b.test/\n" },
    { { "\1http://a.test/" }, "" },
    { { "http://" }, "http://\n" },
    { { "http://a.test/\r\n\x1b\\" }, "http://a.test/\\x0D\\x0A\\x1B\\\\\n" },
};

Test(revocation, places_are_those_of_http_or_one_that_is_not)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        expect_places(rows[i].places, rows[i].want);
}

Test(revocation, places_may_be_none)
{
    struct buf out;

    buf_init(&out, 1024);
    tls_crl_places(chain_leaf.cert, false, &out);
    cr_expect_eq(out.len, 0);
    buf_release(&out);
}

Test(revocation, places_without_end_have_one)
{
    char *text = mem_new(1, 100001);
    const char *const places[4] = { text };
    X509 *cert;
    struct buf out;

    memset(text, 'x', 100000);
    memcpy(text, "http://", 7);
    cert = cert_with(NID_crl_distribution_points, places, 1);
    buf_init(&out, 1024 * 1024);
    tls_crl_places(cert, false, &out);
    cr_expect(buf_ok(&out));
    cr_expect_lt(out.len, 5000);
    buf_release(&out);
    X509_free(cert);
    mem_free(text);
}
