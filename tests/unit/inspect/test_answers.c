/* What few connections have: secrets known beforehand, DANE, answers to rare
 * extensions, exported keys. */
#include "look.h"

#include "base/fault.h"
#include "base/mem.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

static struct identity leaf;

static void make_leaf(void)
{
    leaf = identity_make(
        &(struct cert_spec){ .cn = "leaf",
                             .names =
                                 &(struct cert_name){ GEN_DNS, "leaf.test", 0 },
                             .nnames = 1 },
        NULL);
}

static void drop_leaf(void)
{
    identity_release(&leaf);
}

TestSuite(answers, .init = make_leaf, .fini = drop_leaf);

static struct record *look(struct tls_peer *p, const struct inspect_ask *ask)
{
    p->identity = &leaf;
    return look_at_peer(p, ask);
}

static void block_of(const struct tls_peer *p, const struct inspect_ask *ask,
                     struct buf *out)
{
    buf_init(out, 1024 * 1024);
    inspect_block(&p->conn, ask, out);
    cr_assert(buf_ok(out));
}

static void expect_line(const struct buf *block, const char *line)
{
    cr_expect(strstr(buf_string(block), line), "no \"%s\" in\n%s", line,
              buf_string(block));
}

/* ---- what nobody asked for ---- */

Test(answers, what_was_not_asked_for_is_told_as_that)
{
    struct tls_peer p = { 0 };
    struct record *r = look(&p, NULL);

    expect_state(r, REC_psk, VALUE_NOT_ASKED);
    expect_state(r, REC_srp_user, VALUE_NOT_ASKED);
    expect_state(r, REC_npn, VALUE_NOT_ASKED);
    expect_state(r, REC_srtp, VALUE_NOT_ASKED);
    expect_state(r, REC_serverinfo, VALUE_NOT_ASKED);
    expect_state(r, REC_dane, VALUE_NOT_ASKED);
    expect_state(r, REC_sct_count, VALUE_NOT_ASKED);
    expect_state(r, REC_sct_valid, VALUE_NOT_ASKED);
    expect_state(r, REC_keying_material, VALUE_NOT_ASKED);
    record_free(r);
    tls_peer_stop(&p);
}

/* ---- what was, and did not come ---- */

static void offer_much(SSL_CTX *ctx)
{
    static unsigned char wire[] = "\1a";
    static const struct protocol_names names = { .wire = wire, .len = 2 };
    static const struct srp srp = { .pass = "secret" };

    npn_install(ctx, &names);
    cr_assert(server_info_install(ctx, 4660));
    cr_assert(srp_install(ctx, "alice", 1024, &srp));
    cr_assert(ct_install(ctx));
}

static const struct inspect_ask much = { .nameopt = XN_FLAG_ONELINE,
                                         .npn_asked = true,
                                         .serverinfo_asked = true,
                                         .dane_asked = true };

Test(answers, what_did_not_come_is_none)
{
    static const struct psk psk = { .identity = "me" };
    struct tls_peer p = { .identity = &leaf, .setup_client = offer_much };
    struct record *r = record_new();

    tls_peer_start(&p);
    p.conn.psk.ask = &psk;
    cr_assert(tls_peer_handshake(&p), "%s", p.e.msg);
    inspect_connection(&p.conn, &much, r);
    expect_state(r, REC_psk, VALUE_NONE);
    expect_state(r, REC_srp_user, VALUE_NONE);
    expect_state(r, REC_npn, VALUE_NONE);
    expect_state(r, REC_serverinfo, VALUE_NONE);
    expect_state(r, REC_dane, VALUE_NONE);
    expect_number(r, REC_sct_count, 0);
    expect_number(r, REC_sct_valid, 0);
    record_free(r);
    tls_peer_stop(&p);
}

/* ---- what came; put into the conn as the call-backs of tls do ---- */

static void answer(struct conn *c, const char *bytes, size_t len)
{
    buf_add(&c->answers.server_info, bytes, len);
}

Test(answers, server_info_is_listed)
{
    struct tls_peer p = { .identity = &leaf };
    struct record *r = record_new();

    tls_peer_start(&p);
    cr_assert(tls_peer_handshake(&p), "%s", p.e.msg);
    answer(&p.conn, "\x12\x34\0\2\0\xff\xff\xff\0\0", 10);
    inspect_connection(&p.conn, &much, r);
    cr_expect_eq(r->values[REC_serverinfo].nitems, 2);
    expect_item(r, REC_serverinfo, 0, "4660:00ff", 9);
    expect_item(r, REC_serverinfo, 1, "65535:", 6);
    record_free(r);
    tls_peer_stop(&p);
}

Test(answers, server_info_that_there_was_no_memory_for_spoils_the_record)
{
    struct tls_peer p = { .identity = &leaf };
    struct record *r = record_new();

    tls_peer_start(&p);
    cr_assert(tls_peer_handshake(&p), "%s", p.e.msg);
    p.conn.answers.server_info.refused = true;
    inspect_connection(&p.conn, &much, r);
    cr_expect(r->incomplete);
    record_free(r);
    tls_peer_stop(&p);
}

static int advertise(SSL *ssl, const unsigned char **out, unsigned *len,
                     void *arg)
{
    (void)ssl;
    *out = arg;
    *len = (unsigned)strlen(arg);
    return SSL_TLSEXT_ERR_OK;
}

static void serve_b(SSL_CTX *ctx)
{
    static char wire[] = "\1b";

    tls_peer_only_tls12(ctx);
    SSL_CTX_set_next_protos_advertised_cb(ctx, advertise, wire);
}

static void serve_a(SSL_CTX *ctx)
{
    static char wire[] = "\1a";

    tls_peer_only_tls12(ctx);
    SSL_CTX_set_next_protos_advertised_cb(ctx, advertise, wire);
}

static void expect_npn(void (*serve)(SSL_CTX *), const char *field,
                       const char *line)
{
    struct tls_peer p = { .setup = serve, .setup_client = offer_much };
    struct record *r = look(&p, &much);
    struct buf block;

    expect_text(r, REC_npn, field);
    block_of(&p, &much, &block);
    expect_line(&block, line);
    buf_release(&block);
    record_free(r);
    tls_peer_stop(&p);
}

Test(answers, the_next_protocol)
{
    expect_npn(serve_a, "a", "Next protocol: (1) a\nNo ALPN negotiated\n");
    expect_npn(serve_b, "a (no overlap)", "Next protocol: (2) a\n");
}

/* ---- DANE ---- */

static void match_leaf(SSL *ssl)
{
    unsigned char digest[32];
    unsigned len;

    cr_assert(X509_digest(leaf.cert, EVP_sha256(), digest, &len));
    cr_assert(SSL_dane_enable(ssl, "leaf.test") > 0);
    cr_assert(SSL_dane_tlsa_add(ssl, 3, 0, 1, digest, len) > 0);
}

static void allow_dane(SSL_CTX *ctx)
{
    cr_assert(SSL_CTX_dane_enable(ctx));
}

Test(answers, the_tlsa_record_that_matched)
{
    struct tls_peer p = { .setup_client = allow_dane, .setup_ssl = match_leaf };
    struct record *r = look(&p, &much);
    const char *text = record_get(r, REC_dane);
    struct buf block;
    char line[128];

    cr_assert(text
                  && strlen(text)
                         == strlen("3 0 1 ") + 64
                                + strlen(" matched EE certificate at "
                                         "depth 0"),
              "%s", text);
    cr_expect(strncmp(text, "3 0 1 ", 6) == 0);
    expect_number(r, REC_verified, 1);
    /* The block has the last 12 bytes of it. */
    snprintf(line, sizeof(line), "\nDANE TLSA 3 0 1 ...%.24s matched ",
             text + 6 + 40);
    block_of(&p, &much, &block);
    expect_line(&block, line);
    buf_release(&block);
    record_free(r);
    tls_peer_stop(&p);
}

static void match_nothing(SSL *ssl)
{
    static const unsigned char digest[32] = { 0 };

    cr_assert(SSL_dane_enable(ssl, "leaf.test") > 0);
    cr_assert(SSL_dane_tlsa_add(ssl, 3, 0, 1, digest, sizeof(digest)) > 0);
}

Test(answers, no_tlsa_record_matched)
{
    struct tls_peer p = { .setup_client = allow_dane,
                          .setup_ssl = match_nothing };
    struct record *r = look(&p, &much);

    expect_state(r, REC_dane, VALUE_NONE);
    expect_number(r, REC_verified, 0);
    record_free(r);
    tls_peer_stop(&p);
}

/* ---- exported keys ---- */

static const struct inspect_ask exporting = { .nameopt = XN_FLAG_ONELINE,
                                              .keymat_label = "label",
                                              .keymat_len = 3,
                                              .secrets = true };

Test(answers, keying_material_is_exported)
{
    struct tls_peer p = { 0 };
    struct record *r = look(&p, &exporting);
    const char *hex = record_get(r, REC_keying_material);
    unsigned char bytes[3];
    char line[64];
    struct buf block;

    cr_assert(SSL_export_keying_material(p.conn.ssl, bytes, 3, "label", 5, NULL,
                                         0, 0));
    snprintf(line, sizeof(line), "%02x%02x%02x", bytes[0], bytes[1], bytes[2]);
    cr_expect(hex && strcmp(hex, line) == 0);
    snprintf(line, sizeof(line), "    Keying material: %02X%02X%02X\n---\n",
             bytes[0], bytes[1], bytes[2]);
    block_of(&p, &exporting, &block);
    expect_line(&block, line);
    buf_release(&block);
    record_free(r);
    tls_peer_stop(&p);
}

Test(answers, keying_material_is_redacted_in_a_block)
{
    struct inspect_ask ask = exporting;
    struct tls_peer p = { 0 };
    struct record *r = look(&p, &ask);
    struct buf block;

    ask.secrets = false;
    block_of(&p, &ask, &block);
    expect_line(&block, "    Label: 'label'\n    Length: 3 bytes\n"
                        "    Keying material: redacted\n");
    buf_release(&block);
    record_free(r);
    tls_peer_stop(&p);
}

Test(answers, before_a_handshake_there_is_none_to_export)
{
    struct tls_peer p = { .identity = &leaf };
    struct buf block;

    tls_peer_start(&p);
    block_of(&p, &exporting, &block);
    expect_line(&block, "    Length: 3 bytes\n    Error\n");
    buf_release(&block);
    tls_peer_stop(&p);
}

/* ---- lack of memory ---- */

#ifndef TLSFLEET_RELEASE
Test(answers, a_refused_allocation_spoils_the_record)
{
    struct inspect_ask ask = much;
    struct tls_peer p = { .setup = serve_a, .setup_client = offer_much };
    struct record *r;
    long n = 0;

    ask.keymat_label = "label";
    ask.keymat_len = 3;
    r = look(&p, &ask);
    answer(&p.conn, "\x12\x34\0\1x", 5);
    do {
        record_clear(r);
        mem_forget();
        fault_arm(++n);
        inspect_connection(&p.conn, &ask, r);
        cr_expect_eq(r->incomplete, mem_refused(), "allocation %ld", n);
    } while (fault_seen() >= n);
    fault_arm(-1);
    cr_expect(!r->incomplete, "the last run had no fault");
    record_free(r);
    tls_peer_stop(&p);
}
#endif
