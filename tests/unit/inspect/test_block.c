#include "look.h"

#include <criterion/criterion.h>

#include <string.h>

static struct identity root, leaf;

static void make_identities(void)
{
    const struct cert_spec spec = { .cn = "leaf",
                                    .not_before = "250101000000Z",
                                    .not_after = "20600101000000Z" };

    root = identity_make(&(struct cert_spec){ .cn = "Root", .ca = 1 }, NULL);
    leaf = identity_make(&spec, &root);
}

static void drop_identities(void)
{
    identity_release(&root);
    identity_release(&leaf);
}

TestSuite(block, .init = make_identities, .fini = drop_identities);
TestSuite(brief, .init = make_identities, .fini = drop_identities);

typedef void print_fn(const struct conn *c, const struct inspect_ask *ask,
                      struct buf *out);

/* The text of a connection; the handshake may fail. */
static struct buf print(struct tls_peer *p, const struct inspect_ask *ask,
                        print_fn *fn)
{
    struct buf out;

    tls_peer_start(p);
    cr_expect_eq(tls_peer_handshake(p), p->conn.finished);
    buf_init(&out, 256 * 1024);
    fn(&p->conn, ask, &out);
    cr_assert(buf_ok(&out));
    tls_peer_stop(p);
    return out;
}

/* The lines stand in the text in this order. */
static void expect_lines(const char *text, const char *const *lines)
{
    const char *at = text;

    for (size_t i = 0; lines[i]; i++) {
        const char *found = strstr(at, lines[i]);

        cr_assert(found, "\"%s\" is not in its place in:\n%s", lines[i], text);
        at = found + strlen(lines[i]);
    }
}

/* What every s_client prints alike; the words of a version are compared with
 * the real one by the parity tests. */
Test(block, a_tls13_connection_in_s_clients_order)
{
    static const char *const lines[] = {
        "---\nCertificate chain\n 0 s:CN = leaf\n   i:CN = Root\n   a:PKEY: ",
        "; sigalg: ",
        "\n   v:NotBefore: Jan  1 00:00:00 2025 GMT; "
        "NotAfter: Jan  1 00:00:00 2060 GMT\n"
        "---\nServer certificate\n-----BEGIN CERTIFICATE-----\n",
        "-----END CERTIFICATE-----\nsubject=CN = leaf\nissuer=CN = Root\n"
        "---\nNo client certificate CA names sent\n"
        "Peer signing digest: SHA256\nPeer signature type: ",
        " Temp Key: X25519, 253 bits\n---\nSSL handshake has read ",
        " bytes and written ",
        " bytes\nVerification error: unable to verify the first certificate\n"
        "---\nNew, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\n",
        "Server public key is 256 bit\n",
        "No ALPN negotiated\nEarly data was not sent\n"
        "Verify return code: 21 (unable to verify the first certificate)\n"
        "---\n",
        NULL,
    };
    struct tls_peer p = { .identity = &leaf };
    struct buf out = print(&p, &usual_ask, inspect_block);

    expect_lines(buf_string(&out), lines);
    cr_expect_null(strstr(buf_string(&out), "SSL-Session"));
    buf_release(&out);
}

static const struct inspect_ask secrets_ask = { .nameopt = XN_FLAG_ONELINE,
                                                .secrets = true };

Test(block, secrets_of_tls12_are_redacted)
{
    static const char *const lines[] = {
        "No ALPN negotiated\nSSL-Session:\n    Protocol  : TLSv1.2\n"
        "    Cipher    : ECDHE-ECDSA-AES256-GCM-SHA384\n    Session-ID: ",
        "\n    Session-ID-ctx: \n    Master-Key: redacted\n"
        "    PSK identity: None\n    PSK identity hint: None\n",
        "    TLS session ticket lifetime hint: 7200 (seconds)\n"
        "    TLS session ticket: redacted\n    Start Time: ",
        "    Timeout   : 7200 (sec)\n    Verify return code: 21 (unable",
        "    Extended master secret: yes\n---\n",
        NULL,
    };
    struct tls_peer p = { .identity = &leaf, .setup = tls_peer_only_tls12 };
    struct buf out = print(&p, &usual_ask, inspect_block);

    expect_lines(buf_string(&out), lines);
    buf_release(&out);
}

Test(block, secrets_are_shown_to_who_asks)
{
    struct tls_peer p = { .identity = &leaf, .setup = tls_peer_only_tls12 };
    struct buf out = print(&p, &secrets_ask, inspect_block);
    const char *key = strstr(buf_string(&out), "    Master-Key: ");

    cr_assert(key);
    cr_expect_eq(strspn(key + 16, "0123456789ABCDEF"), 96);
    cr_expect(strstr(buf_string(&out), "    TLS session ticket:\n    0000 - "));
    cr_expect_null(strstr(buf_string(&out), "redacted"));
    buf_release(&out);
}

Test(block, of_a_failed_handshake_is_empty_and_not_untrue)
{
    static const char *const lines[] = {
        "---\nno peer certificate available\n"
        "---\nNo client certificate CA names sent\n",
        "---\nSSL handshake has read",
        "Verification: OK\n---\nNew, (NONE), Cipher is (NONE)\n",
        "Verify return code: 0 (ok)\n---\n",
        NULL,
    };
    struct tls_peer p = { .identity = &leaf,
                          .setup = tls_peer_only_tls12,
                          .setup_client = tls_peer_only_tls13 };
    struct buf out = print(&p, &usual_ask, inspect_block);

    expect_lines(buf_string(&out), lines);
    buf_release(&out);
}

Test(block, showcerts_replaces_the_leafs_pem)
{
    const struct inspect_ask ask = { .nameopt = XN_FLAG_ONELINE,
                                     .showcerts = true };
    struct tls_peer p = { .identity = &leaf, .sends = &root };
    struct buf out = print(&p, &ask, inspect_block);
    static const char *const lines[] = {
        " 0 s:CN = leaf\n",
        " GMT\n-----BEGIN",
        " 1 s:CN = Root\n",
        " GMT\n-----BEGIN",
        "Server certificate\nsubject=CN = leaf\n",
        NULL,
    };

    expect_lines(buf_string(&out), lines);
    buf_release(&out);
}

Test(block, names_of_many_lines_are_indented)
{
    const struct inspect_ask ask = { .nameopt = XN_FLAG_MULTILINE };
    struct tls_peer p = { .identity = &leaf };
    struct buf out = print(&p, &ask, inspect_block);

    cr_expect(
        strstr(buf_string(&out),
               "subject=\n    commonName                = leaf\nissuer="));
    buf_release(&out);
}

static void request_tls12(SSL_CTX *ctx)
{
    tls_peer_only_tls12(ctx);
    tls_peer_verify_request(ctx);
    cr_assert(SSL_CTX_add_client_CA(ctx, root.cert));
    cr_assert(SSL_CTX_set1_client_sigalgs_list(
        ctx, "ECDSA+SHA256:rsa_pss_pss_sha256:RSA-PSS+SHA384:ed25519"));
}

Test(block, what_the_server_wants_of_clients)
{
    static const char *const lines[] = {
        "Acceptable client certificate CA names\nCN = Root\n"
        "Client Certificate Types: ",
        "ECDSA sign",
        "\nRequested Signature Algorithms: "
        "ECDSA+SHA256:rsa_pss_pss_sha256:RSA-PSS+SHA384:ed25519\n"
        "Shared Requested Signature Algorithms: "
        "ECDSA+SHA256:rsa_pss_pss_sha256:RSA-PSS+SHA384:ed25519\n",
        NULL,
    };
    struct tls_peer p = { .identity = &leaf, .setup = request_tls12 };
    struct buf out = print(&p, &usual_ask, inspect_block);

    expect_lines(buf_string(&out), lines);
    buf_release(&out);
}

static void serve_psk_with_hint(SSL_CTX *ctx)
{
    tls_peer_serve_psk(ctx);
    cr_assert(SSL_CTX_use_psk_identity_hint(
        ctx, "x\n    Verify return code: 7 (forged)"));
}

Test(block, a_hint_cannot_begin_a_line_of_its_own)
{
    static const char *const lines[] = {
        "no peer certificate available\n",
        "    PSK identity: me\n"
        "    PSK identity hint: x     Verify return code: 7 (forged)\n",
        NULL,
    };
    struct tls_peer p = { .setup = serve_psk_with_hint,
                          .setup_client = tls_peer_offer_psk };
    struct buf out = print(&p, &usual_ask, inspect_block);

    expect_lines(buf_string(&out), lines);
    buf_release(&out);
}

Test(brief, tells_the_connection_in_a_few_lines)
{
    static const char *const lines[] = {
        "CONNECTION ESTABLISHED\nProtocol version: TLSv1.3\n"
        "Ciphersuite: TLS_AES_256_GCM_SHA384\nPeer certificate: CN = leaf\n"
        "Hash used: SHA256\nSignature type: ",
        "Verification: OK\n",
        " Temp Key: X25519, 253 bits\n",
        NULL,
    };
    struct tls_peer p = { .identity = &leaf, .trusts = &root };
    struct buf out = print(&p, &usual_ask, inspect_brief);

    expect_lines(buf_string(&out), lines);
    buf_release(&out);
}

Test(brief, has_point_formats_up_to_tls12)
{
    static const char *const lines[] = {
        "Protocol version: TLSv1.2\n",
        "Verification error: unable to verify the first certificate\n"
        "Supported Elliptic Curve Point Formats: uncompressed:"
        "ansiX962_compressed_prime:ansiX962_compressed_char2\n",
        NULL,
    };
    struct tls_peer p = { .identity = &leaf, .setup = tls_peer_only_tls12 };
    struct buf out = print(&p, &usual_ask, inspect_brief);

    expect_lines(buf_string(&out), lines);
    buf_release(&out);
}

Test(brief, says_that_there_is_no_certificate)
{
    struct tls_peer p = { .setup = tls_peer_serve_psk,
                          .setup_client = tls_peer_offer_psk };
    struct buf out = print(&p, &usual_ask, inspect_brief);

    cr_expect(strstr(buf_string(&out), "\nNo peer certificate"));
    cr_expect_null(strstr(buf_string(&out), "Verification"));
    buf_release(&out);
}

static void check_name(SSL *ssl)
{
    cr_assert(SSL_set1_host(ssl, "leaf"));
}

Test(brief, names_the_peer_that_was_verified)
{
    struct tls_peer p = { .identity = &leaf,
                          .trusts = &root,
                          .setup_ssl = check_name };
    struct buf out = print(&p, &usual_ask, inspect_brief);

    cr_expect(strstr(buf_string(&out),
                     "Verification: OK\nVerified peername: leaf\n"));
    buf_release(&out);
}
