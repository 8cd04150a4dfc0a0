#include "told.h"

#include <criterion/criterion.h>

#include <openssl/ocsp.h>
#include <string.h>

TestSuite(context, .init = told_init, .fini = told_fini);

/* ---- staples ---- */

static int staple(SSL *ssl, void *bytes)
{
    char *copy = OPENSSL_strdup(bytes);

    SSL_set_tlsext_status_ocsp_resp(ssl, copy, (long)strlen(bytes));
    return SSL_TLSEXT_ERR_OK;
}

static void serve_garbage(SSL_CTX *ctx)
{
    static char garbage[] = "this is no staple";

    SSL_CTX_set_tlsext_status_cb(ctx, staple);
    SSL_CTX_set_tlsext_status_arg(ctx, garbage);
}

/* A response that says "try later": 30 03 0a 01 03. */
static void serve_try_later(SSL_CTX *ctx)
{
    static char response[] = "\x30\x03\x0a\x01\x03";

    SSL_CTX_set_tlsext_status_cb(ctx, staple);
    SSL_CTX_set_tlsext_status_arg(ctx, response);
}

static void ask_for_staple(SSL *ssl)
{
    SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp);
}

Test(context, a_staple_is_shown)
{
    struct tls_peer p = { .trace = { .staple = true },
                          .setup = serve_try_later,
                          .setup_client = tls_watch_context,
                          .setup_ssl = ask_for_staple };

    told_shake(&p);
    told_is(&p.out, "OCSP response: \n"
                    "======================================\n"
                    "OCSP Response Data:\n"
                    "    OCSP Response Status: trylater (0x3)\n"
                    "======================================\n");
    tls_peer_stop(&p);
}

Test(context, a_staple_that_does_not_come_is_told)
{
    struct tls_peer p = { .trace = { .staple = true },
                          .setup_client = tls_watch_context,
                          .setup_ssl = ask_for_staple };

    told_shake(&p);
    told_is(&p.out, "OCSP response: no response sent\n");
    tls_peer_stop(&p);
}

Test(context, nothing_is_said_of_a_staple_that_was_not_asked_for)
{
    struct tls_peer p = { .trace = { .staple = true },
                          .setup = serve_try_later,
                          .setup_client = tls_watch_context };

    told_shake(&p);
    told_is(&p.out, "");
    tls_peer_stop(&p);
}

static void expect_end(bool heard)
{
    struct tls_peer p = { .trace = { .staple = true },
                          .unheard = !heard,
                          .identity = &told_leaf,
                          .setup = serve_garbage,
                          .setup_client = tls_watch_context,
                          .setup_ssl = ask_for_staple };

    tls_peer_start(&p);
    cr_expect(!tls_peer_handshake(&p));
    cr_expect_eq(p.e.code, ERR_TLS);
    cr_expect_str_eq(p.e.msg, "the stapled OCSP response cannot be read, which "
                              "ends the handshake");
    told_is(&p.out,
            heard ? "OCSP response: response parse error\n"
                    "    0000 - 74 68 69 73 20 69 73 20-6e 6f 20 73 74 61 "
                    "70 6c   this is no stapl\n"
                    "    0010 - 65                                          "
                    "      e\n"
                  : "");
    tls_peer_stop(&p);
}

Test(context, a_staple_that_cannot_be_read_ends_the_handshake)
{
    expect_end(true);
    expect_end(false);
}

Test(context, a_staple_that_the_rule_leaves_alone_ends_nothing)
{
    struct tls_peer p = { .setup = serve_garbage,
                          .setup_client = tls_watch_context,
                          .setup_ssl = ask_for_staple };

    told_shake(&p);
    told_is(&p.out, "");
    tls_peer_stop(&p);
}

/* ---- server names ---- */

Test(context, a_hello_without_a_name_is_told_of)
{
    struct tls_peer p = { .trace = { .no_name = true },
                          .setup_client = tls_watch_context };

    told_shake(&p);
    told_has(&p.log, "Can't use SSL_get_servername\n");
    tls_peer_stop(&p);
}

static void name_the_server(SSL *ssl)
{
    SSL_set_tlsext_host_name(ssl, "www.example.com");
}

Test(context, a_hello_with_a_name_or_without_one_on_purpose_is_not)
{
    struct tls_peer named = { .trace = { .no_name = true },
                              .setup_client = tls_watch_context,
                              .setup_ssl = name_the_server };
    struct tls_peer unnamed = { .setup_client = tls_watch_context };

    told_shake(&named);
    told_lacks(&named.log, "servername");
    tls_peer_stop(&named);
    told_shake(&unnamed);
    told_lacks(&unnamed.log, "servername");
    tls_peer_stop(&unnamed);
}
