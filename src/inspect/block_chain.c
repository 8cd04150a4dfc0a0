/* block_chain -- the certificates in s_client's report. */
#include "inspect_room.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

static void print_pem(struct buf *out, X509 *x)
{
    BIO *bio = BIO_new(BIO_s_mem());

    if (!bio) {
        out->refused = true;
        return;
    }
    PEM_write_bio_X509(bio, x);
    tls_take_text(out, bio);
}

static void print_name(const struct view *v, struct buf *out,
                       const char *before, const X509_NAME *name)
{
    buf_text(out, before);
    tls_print_name(out, name, 0, v->ask->nameopt);
    buf_byte(out, '\n');
}

static void print_certificate(const struct view *v, struct buf *out, int n)
{
    X509 *x = sk_X509_value(SSL_get_peer_cert_chain(v->conn->ssl), n);
    EVP_PKEY *key = X509_get0_pubkey(x);

    buf_printf(out, "%2d s:", n);
    print_name(v, out, "", X509_get_subject_name(x));
    print_name(v, out, "   i:", X509_get_issuer_name(x));
    if (key)
        wording_key(out, x, key);
    buf_text(out, "   v:NotBefore: ");
    tls_print_time(out, X509_get0_notBefore(x));
    buf_text(out, "; NotAfter: ");
    tls_print_time(out, X509_get0_notAfter(x));
    buf_byte(out, '\n');
    if (v->ask->showcerts)
        print_pem(out, x);
}

/* The style before there were styles; what is not printable is escaped. */
static void print_compatibly(struct buf *out, const X509_NAME *name)
{
    char *text = X509_NAME_oneline(name, NULL, 0);

    buf_text(out, text ? text : "");
    out->refused |= !text;
    OPENSSL_free(text);
}

/* As s_client: a style of many lines begins on a line of its own, and only here
 * "compat" is what it was. */
static void print_leaf_name(const struct view *v, struct buf *out,
                            const char *before, const X509_NAME *name)
{
    bool many = (v->ask->nameopt & XN_FLAG_SEP_MASK) == XN_FLAG_SEP_MULTILINE;

    buf_printf(out, "%s=%s", before, many ? "\n" : "");
    if (v->ask->nameopt == XN_FLAG_COMPAT)
        print_compatibly(out, name);
    else
        tls_print_name(out, name, many ? 4 : 0, v->ask->nameopt);
    buf_byte(out, '\n');
}

/* From the SSL, not from the conn: a certificate that ended the handshake is
 * for s_client in the chain and yet not available. */
void block_chain(const struct view *v, struct buf *out)
{
    STACK_OF(X509) *chain = SSL_get_peer_cert_chain(v->conn->ssl);
    X509 *leaf = SSL_get0_peer_certificate(v->conn->ssl);

    if (chain) {
        buf_text(out, "---\nCertificate chain\n");
        for (int i = 0; i < sk_X509_num(chain); i++)
            print_certificate(v, out, i);
    }
    buf_text(out, "---\n");
    if (!leaf) {
        buf_text(out, "no peer certificate available\n");
        return;
    }
    buf_text(out, "Server certificate\n");
    if (!(chain && v->ask->showcerts))
        print_pem(out, leaf);
    print_leaf_name(v, out, "subject", X509_get_subject_name(leaf));
    print_leaf_name(v, out, "issuer", X509_get_issuer_name(leaf));
}
