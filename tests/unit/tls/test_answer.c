#include "told.h"

#include <criterion/criterion.h>

#include <openssl/err.h>
#include <string.h>

TestSuite(answer, .init = told_init, .fini = told_fini);

/* ---- custom extensions ---- */

enum { TYPE = 4660, OTHER = 4661 };

static int add_answer(SSL *ssl, unsigned type, const unsigned char **out,
                      size_t *len, int *alert, void *arg)
{
    (void)ssl;
    (void)type;
    (void)alert;
    *out = arg;
    *len = strlen(arg);
    return 1;
}

static void serve_one(SSL_CTX *ctx)
{
    static char body[] = "hi\n";

    tls_peer_only_tls12(ctx);
    cr_assert(SSL_CTX_add_server_custom_ext(ctx, TYPE, add_answer, NULL, body,
                                            NULL, NULL));
}

static void serve_two(SSL_CTX *ctx)
{
    static char body[] = "";

    serve_one(ctx);
    cr_assert(SSL_CTX_add_server_custom_ext(ctx, OTHER, add_answer, NULL, body,
                                            NULL, NULL));
}

static void ask_two(SSL_CTX *ctx)
{
    cr_assert(server_info_install(ctx, TYPE));
    cr_assert(server_info_install(ctx, OTHER));
}

static void expect_info(const struct tls_peer *p, const char *bytes, size_t len)
{
    const struct buf *info = &p->conn.answers.server_info;

    cr_expect_eq(info->len, len);
    cr_expect(info->len == len && memcmp(buf_string(info), bytes, len) == 0);
}

Test(answer, an_extension_is_kept_with_type_and_length)
{
    struct tls_peer p = { .identity = &told_leaf,
                          .setup = serve_one,
                          .setup_client = ask_two };

    told_shake(&p);
    expect_info(&p, "\x12\x34\0\3hi\n", 7);
    told_is(&p.out, "-----BEGIN SERVERINFO FOR EXTENSION 4660-----\n"
                    "EjQAA2hpCg==\n"
                    "-----END SERVERINFO FOR EXTENSION 4660-----\n");
    tls_peer_stop(&p);
}

Test(answer, several_are_kept_one_after_the_other)
{
    struct tls_peer p = { .identity = &told_leaf,
                          .setup = serve_two,
                          .setup_client = ask_two,
                          .unheard = true };

    told_shake(&p);
    expect_info(&p, "\x12\x34\0\3hi\n\x12\x35\0\0", 11);
    told_is(&p.out, "");
    tls_peer_stop(&p);
}

Test(answer, a_server_may_not_answer)
{
    struct tls_peer p = { .identity = &told_leaf, .setup_client = ask_two };

    told_shake(&p);
    expect_info(&p, "", 0);
    tls_peer_stop(&p);
}

Test(answer, what_openssl_sends_itself_or_was_added_before_is_refused)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

    cr_expect(!server_info_install(ctx, TLSEXT_TYPE_server_name));
    cr_expect(server_info_install(ctx, TYPE));
    cr_expect(!server_info_install(ctx, TYPE));
    cr_expect_eq(ERR_peek_error(), 0);
    SSL_CTX_free(ctx);
}

/* ---- next protocol negotiation ---- */

#ifndef OPENSSL_NO_NEXTPROTONEG

static unsigned char two_names[] = "\3one\3two";
static const struct protocol_names ours = { .wire = two_names, .len = 8 };

static int advertise(SSL *ssl, const unsigned char **out, unsigned *len,
                     void *arg)
{
    (void)ssl;
    *out = arg;
    *len = (unsigned)strlen(arg);
    return SSL_TLSEXT_ERR_OK;
}

static void serve_protocols(SSL_CTX *ctx, char *wire)
{
    tls_peer_only_tls12(ctx);
    SSL_CTX_set_next_protos_advertised_cb(ctx, advertise, wire);
}

static void serve_two_names(SSL_CTX *ctx)
{
    static char wire[] = "\4a\nb\x1b\3two";

    serve_protocols(ctx, wire);
}

static void serve_no_name(SSL_CTX *ctx)
{
    static char wire[] = "";

    serve_protocols(ctx, wire);
}

static void serve_others(SSL_CTX *ctx)
{
    static char wire[] = "\1x";

    serve_protocols(ctx, wire);
}

static void offer(SSL_CTX *ctx)
{
    npn_install(ctx, &ours);
}

static void expect_protocol(struct tls_peer *p, int fate, const char *name)
{
    const unsigned char *is;
    unsigned len;

    p->identity = &told_leaf;
    p->setup_client = offer;
    told_shake(p);
    SSL_get0_next_proto_negotiated(p->conn.ssl, &is, &len);
    cr_expect_eq(p->conn.answers.npn, fate);
    cr_expect(len == strlen(name) && (len == 0 || memcmp(is, name, len) == 0));
}

Test(answer, the_servers_best_of_our_protocols_is_chosen)
{
    struct tls_peer p = { .setup = serve_two_names };

    expect_protocol(&p, OPENSSL_NPN_NEGOTIATED, "two");
    told_is(&p.out, "Protocols advertised by server: a b\x1b, two\n");
    tls_peer_stop(&p);
}

Test(answer, without_one_in_common_our_first_is_named)
{
    struct tls_peer p = { .setup = serve_others };

    expect_protocol(&p, OPENSSL_NPN_NO_OVERLAP, "one");
    tls_peer_stop(&p);
}

Test(answer, a_server_may_have_no_protocol_at_all)
{
    struct tls_peer p = { .setup = serve_no_name };

    expect_protocol(&p, OPENSSL_NPN_NO_OVERLAP, "one");
    told_is(&p.out, "Protocols advertised by server: \n");
    tls_peer_stop(&p);
}

Test(answer, a_server_may_not_speak_of_protocols)
{
    struct tls_peer p = { .unheard = true };

    expect_protocol(&p, OPENSSL_NPN_UNSUPPORTED, "");
    tls_peer_stop(&p);
}

#endif

/* ---- timestamps ---- */

#ifndef OPENSSL_NO_CT

/* With timestamps a staple is asked for: they may be in it. */
static int staple_garbage(SSL *ssl, void *arg)
{
    (void)arg;
    SSL_set_tlsext_status_ocsp_resp(ssl, OPENSSL_strdup("garbage"), 7);
    return SSL_TLSEXT_ERR_OK;
}

static void serve_garbage(SSL_CTX *ctx)
{
    SSL_CTX_set_tlsext_status_cb(ctx, staple_garbage);
}

static void ask_for_timestamps(SSL_CTX *ctx)
{
    tls_watch_context(ctx);
    cr_assert(ct_install(ctx));
}

Test(answer, a_broken_staple_that_only_timestamps_asked_for_is_passed_over)
{
    struct tls_peer p = { .identity = &told_leaf,
                          .setup = serve_garbage,
                          .setup_client = ask_for_timestamps };
    const unsigned char *staple;

    told_shake(&p);
    cr_expect_eq(SSL_get_tlsext_status_ocsp_resp(p.conn.ssl, &staple), 7);
    told_lacks(&p.out, "OCSP");
    tls_peer_stop(&p);
}

Test(answer, timestamps_and_their_extension_as_a_custom_one_exclude_each_other)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

    cr_assert(
        server_info_install(ctx, TLSEXT_TYPE_signed_certificate_timestamp));
    cr_expect(!ct_install(ctx));
    ERR_clear_error();
    SSL_CTX_free(ctx);
}

#endif
