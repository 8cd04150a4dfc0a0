/* block -- s_client's report of one connection, item by item, in its order.
 *
 * Parts that belong together are in block_chain.c, block_auth.c and
 * block_session.c; words that differ between versions are in wording.c. */
#include "inspect_room.h"
#include "tls/newer.h"

#include <openssl/err.h>
#include <string.h>

static void rule(struct buf *out)
{
    buf_text(out, "---\n");
}

static void print_bytes(const struct view *v, struct buf *out)
{
    const SSL *ssl = v->conn->ssl;

    buf_printf(out, "SSL handshake has read %ju bytes and written %ju bytes\n",
               (uintmax_t)BIO_number_read(SSL_get_rbio(ssl)),
               (uintmax_t)BIO_number_written(SSL_get_wbio(ssl)));
}

void block_verification(const struct view *v, struct buf *out)
{
    SSL *ssl = v->conn->ssl;
    long code = SSL_get_verify_result(ssl);
    const char *name = SSL_get0_peername(ssl);

    if (code == X509_V_OK) {
        buf_text(out, "Verification: OK\n");
        if (name) {
            buf_text(out, "Verified peername: ");
            tls_print_line(out, name, strlen(name));
            buf_byte(out, '\n');
        }
    } else {
        buf_printf(out, "Verification error: %s\n",
                   X509_verify_cert_error_string(code));
    }
    block_dane(v, out);
}

static void print_cipher(const struct view *v, struct buf *out)
{
    SSL *ssl = v->conn->ssl;
    const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);

    buf_printf(out, "%s, %s, Cipher is %s\n",
               SSL_session_reused(ssl) ? "Reused" : "New",
               SSL_CIPHER_get_version(cipher), SSL_CIPHER_get_name(cipher));
    wording_protocol(out, ssl);
}

static void print_server_key(const struct view *v, struct buf *out)
{
    X509 *leaf = SSL_get0_peer_certificate(v->conn->ssl);
    EVP_PKEY *key = leaf ? X509_get0_pubkey(leaf) : NULL;

    if (key)
        buf_printf(out, "Server public key is %d bit\n",
                   EVP_PKEY_get_bits(key));
}

/* As s_client: on its standard error. */
static void print_kernel(const struct view *v)
{
    const SSL *ssl = v->conn->ssl;
    struct buf *err = v->conn->lines.err;

    if (err && kernel_encrypts(ssl))
        buf_text(err, "Using Kernel TLS for sending\n");
    if (err && kernel_decrypts(ssl))
        buf_text(err, "Using Kernel TLS for receiving\n");
}

static void print_protocols(const struct view *v, struct buf *out)
{
    const unsigned char *alpn;
    unsigned len;

    SSL_get0_alpn_selected(v->conn->ssl, &alpn, &len);
    if (len == 0) {
        buf_text(out, "No ALPN negotiated\n");
        return;
    }
    buf_text(out, "ALPN protocol: ");
    tls_print_line(out, alpn, len);
    buf_byte(out, '\n');
}

/* What s_client leaves out of the blocks of further connections. */
static void print_server(const struct view *v, struct buf *out)
{
    block_chain(v, out);
    block_raw_key(v, out);
    rule(out);
    block_ca_names(v, out);
    block_sigalgs(v, out);
    block_temp_key(v, out);
    block_ct(v, out);
    rule(out);
    print_bytes(v, out);
}

void inspect_block(const struct conn *c, const struct inspect_ask *ask,
                   struct buf *out)
{
    const struct view v = { .conn = c, .ask = ask };

    if (!ask->again)
        print_server(&v, out);
    block_verification(&v, out);
    rule(out);
    print_cipher(&v, out);
    if (!ask->again)
        print_server_key(&v, out);
    wording_renegotiation(out, c->ssl);
    wording_compression(out, c->ssl);
    print_kernel(&v);
    block_npn(&v, out);
    print_protocols(&v, out);
    block_srtp(&v, out);
    block_session(&v, out);
    block_keymat(&v, out);
    rule(out);
    ERR_clear_error();
}

void inspect_ticket(const struct conn *c, const struct inspect_ask *ask,
                    struct buf *out)
{
    const struct view v = { .conn = c, .ask = ask };

    rule(out);
    buf_text(out, "Post-Handshake New Session Ticket arrived:\n");
    block_ticket(&v, out);
    rule(out);
}
