/* brief -- what s_client says with -brief. */
#include "inspect_room.h"
#include "tls/newer.h"

#include <openssl/err.h>

static void print_peer(const struct view *v, struct buf *out)
{
    SSL *ssl = v->conn->ssl;
    X509 *leaf = SSL_get0_peer_certificate(ssl);
    int digest;

    if (!leaf && !raw_key_of_server(ssl)) {
        buf_printf(out, "%s\n", wording_no_peer());
        return;
    }
    if (leaf) {
        buf_text(out, "Peer certificate: ");
        tls_print_name(out, X509_get_subject_name(leaf), 0, v->ask->nameopt);
        buf_byte(out, '\n');
    } else {
        buf_text(out, "Peer used raw public key\n");
    }
    if (leaf && SSL_get_peer_signature_nid(ssl, &digest))
        buf_printf(out, "Hash used: %s\n", OBJ_nid2sn(digest));
    wording_signature(out, ssl, "Signature type");
    block_verification(v, out);
}

static void print_point_formats(const struct view *v, struct buf *out)
{
    static const char *const names[] = { "uncompressed",
                                         "ansiX962_compressed_prime",
                                         "ansiX962_compressed_char2" };
    const char *formats;
    long count = SSL_get0_ec_point_formats(v->conn->ssl, &formats);

    if (count <= 0)
        return;
    buf_text(out, "Supported Elliptic Curve Point Formats: ");
    for (long i = 0; i < count; i++) {
        unsigned format = (unsigned char)formats[i];

        buf_text(out, i > 0 ? ":" : "");
        if (format < sizeof(names) / sizeof(names[0]))
            buf_text(out, names[format]);
        else
            buf_printf(out, "unknown(%u)", format);
    }
    buf_byte(out, '\n');
}

void inspect_brief(const struct conn *c, const struct inspect_ask *ask,
                   struct buf *out)
{
    const struct view v = { .conn = c, .ask = ask };

    buf_text(out, "CONNECTION ESTABLISHED\n");
    buf_printf(out, "Protocol version: %s\n", SSL_get_version(c->ssl));
    buf_printf(out, "Ciphersuite: %s\n", SSL_get_cipher_name(c->ssl));
    block_requested(&v, out);
    print_peer(&v, out);
    print_point_formats(&v, out);
    block_temp_key(&v, out);
    ERR_clear_error();
}
