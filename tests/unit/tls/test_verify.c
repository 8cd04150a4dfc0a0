#include "../../support/tls_peer.h"
#include "chain.h"

#include <criterion/criterion.h>

#include <string.h>

TestSuite(verify, .init = chain_init, .fini = chain_fini);

static void shake(struct tls_peer *p)
{
    tls_peer_start(p);
    cr_assert(tls_peer_handshake(p), "%s", p->e.msg);
}

Test(verify, a_good_chain_is_logged_root_first)
{
    struct tls_peer p = { .identity = &chain_leaf, .trusts = &chain_root };

    shake(&p);
    cr_expect_str_eq(buf_string(&p.log), "depth=1 CN = Root\n"
                                         "verify return:1\n"
                                         "depth=0 CN = leaf\n"
                                         "verify return:1\n");
    cr_expect_eq(SSL_get_verify_result(p.conn.ssl), X509_V_OK);
    tls_peer_stop(&p);
}

Test(verify, every_error_is_kept_though_openssl_reports_the_last)
{
    struct tls_peer p = { .identity = &chain_leaf };

    shake(&p);
    cr_assert_eq(p.conn.nverify_errors, 2);
    cr_expect_eq(p.conn.verify_errors[0], 20);
    cr_expect_eq(p.conn.verify_errors[1], 21);
    cr_expect_eq(SSL_get_verify_result(p.conn.ssl), 21);
    cr_expect(strstr(buf_string(&p.log),
                     "depth=0 CN = leaf\n"
                     "verify error:num=20:unable to get local issuer "
                     "certificate\n"
                     "verify return:1\n"),
              "%s", buf_string(&p.log));
    tls_peer_stop(&p);
}

Test(verify, the_date_comes_again_with_the_success_of_its_depth)
{
    struct tls_peer p = { .identity = &chain_old, .trusts = &chain_root };

    shake(&p);
    cr_expect_str_eq(buf_string(&p.log),
                     "depth=1 CN = Root\n"
                     "verify return:1\n"
                     "depth=0 CN = old\n"
                     "verify error:num=10:certificate has expired\n"
                     "notAfter=Feb  1 00:00:00 2020 GMT\n"
                     "verify return:1\n"
                     "depth=0 CN = old\n"
                     "notAfter=Feb  1 00:00:00 2020 GMT\n"
                     "verify return:1\n");
    tls_peer_stop(&p);
}

Test(verify, quiet_logs_errors_only)
{
    struct tls_peer p = { .identity = &chain_leaf };

    tls_peer_start(&p);
    p.conn.verify.quiet = true;
    cr_assert(tls_peer_handshake(&p), "%s", p.e.msg);
    cr_expect_str_eq(buf_string(&p.log),
                     "depth=0 CN = leaf\n"
                     "verify error:num=20:unable to get local issuer "
                     "certificate\n"
                     "depth=0 CN = leaf\n"
                     "verify error:num=21:unable to verify the first "
                     "certificate\n");
    tls_peer_stop(&p);
}

Test(verify, an_error_deeper_than_the_rule_ends_the_handshake)
{
    struct tls_peer p = { .identity = &chain_leaf, .sends = &chain_root };

    tls_peer_start(&p);
    p.conn.verify.depth = 0; /* the untrusted root is at depth 1 */
    cr_expect(!tls_peer_handshake(&p));
    cr_expect_eq(p.e.code, ERR_VERIFY);
    cr_expect(strstr(p.e.msg, "(error 19)"), "%s", p.e.msg);
    tls_peer_stop(&p);
}

Test(verify, an_error_within_the_rule_is_tolerated)
{
    struct tls_peer p = { .identity = &chain_leaf, .sends = &chain_root };

    tls_peer_start(&p);
    p.conn.verify.depth = 1;
    cr_expect(tls_peer_handshake(&p), "%s", p.e.msg);
    tls_peer_stop(&p);
}

Test(verify, a_log_that_nobody_wants_is_not_written)
{
    struct tls_peer p = { .identity = &chain_leaf };

    tls_peer_start(&p);
    p.conn.lines.err = NULL;
    cr_expect(tls_peer_handshake(&p), "%s", p.e.msg);
    cr_expect_eq(p.conn.nverify_errors, 2);
    tls_peer_stop(&p);
}

Test(verify, more_errors_than_there_is_room_for_are_dropped)
{
    struct tls_peer p = { .identity = &chain_leaf };

    tls_peer_start(&p);
    p.conn.nverify_errors = VERIFY_ERRORS_MAX - 1;
    cr_expect(tls_peer_handshake(&p), "%s", p.e.msg);
    cr_expect_eq(p.conn.nverify_errors, VERIFY_ERRORS_MAX);
    cr_expect_eq(p.conn.verify_errors[VERIFY_ERRORS_MAX - 1], 20);
    tls_peer_stop(&p);
}

Test(verify, a_name_cannot_begin_a_line_of_its_own)
{
    struct cert_spec spec = { .cn = "x\nverify return:1\033[2J" };
    struct identity evil = identity_make(&spec, NULL);
    struct tls_peer p = { .identity = &evil };

    tls_peer_start(&p);
    p.conn.verify.nameopt =
        XN_FLAG_ONELINE & ~(unsigned long)ASN1_STRFLGS_ESC_CTRL;
    cr_assert(tls_peer_handshake(&p), "%s", p.e.msg);
    cr_expect(strstr(buf_string(&p.log), "CN = x\\0Averify return:1\\1B[2J\n"),
              "%s", buf_string(&p.log));
    tls_peer_stop(&p);
    identity_release(&evil);
}

static void check_policy(SSL *ssl)
{
    X509_VERIFY_PARAM *param = SSL_get0_param(ssl);

    X509_VERIFY_PARAM_set_flags(
        param, X509_V_FLAG_EXPLICIT_POLICY | X509_V_FLAG_POLICY_CHECK);
}

Test(verify, a_missing_policy_is_shown_as_s_client_shows_it)
{
    struct tls_peer p = { .identity = &chain_leaf,
                          .trusts = &chain_root,
                          .setup_ssl = check_policy };

    shake(&p);
    cr_expect_eq(p.conn.verify_errors[0], X509_V_ERR_NO_EXPLICIT_POLICY);
    cr_expect(strstr(buf_string(&p.log), "Require explicit Policy: True\n"
                                         "Authority Policies: <empty>\n"
                                         "User Policies: <empty>\n"),
              "%s", buf_string(&p.log));
    tls_peer_stop(&p);
}
