/* block_auth -- client certificates, signatures and the server's ephemeral key
 * in s_client's report. */
#include "inspect_room.h"

static void print_types(const struct view *v, struct buf *out)
{
    static const struct {
        unsigned char type;
        const char *name;
    } names[] = {
        { TLS_CT_RSA_SIGN, "RSA sign" },
        { TLS_CT_DSS_SIGN, "DSA sign" },
        { TLS_CT_RSA_FIXED_DH, "RSA fixed DH" },
        { TLS_CT_DSS_FIXED_DH, "DSS fixed DH" },
        { TLS_CT_ECDSA_SIGN, "ECDSA sign" },
        { TLS_CT_RSA_FIXED_ECDH, "RSA fixed ECDH" },
        { TLS_CT_ECDSA_FIXED_ECDH, "ECDSA fixed ECDH" },
        { TLS_CT_GOST01_SIGN, "GOST01 Sign" },
        { TLS_CT_GOST12_IANA_SIGN, "GOST12 Sign" },
    };
    const unsigned char *types;
    long count = SSL_get0_certificate_types(v->conn->ssl, &types);

    if (count <= 0)
        return;
    buf_text(out, "Client Certificate Types: ");
    for (long i = 0; i < count; i++) {
        const char *name = NULL;

        for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
            if (names[n].type == types[i])
                name = names[n].name;
        buf_text(out, i > 0 ? ", " : "");
        if (name)
            buf_text(out, name);
        else
            buf_printf(out, "UNKNOWN (%d),", types[i]);
    }
    buf_byte(out, '\n');
}

static void print_sigalg(struct buf *out, int sign, int hash, unsigned code)
{
    const char *scheme = wording_scheme(code);
    const char *type = wording_signature_type(sign);

    if (scheme) {
        buf_text(out, scheme);
        return;
    }
    if (type)
        buf_text(out, type);
    else
        buf_printf(out, "0x%02X", code & 0xff);
    if (hash != NID_undef)
        buf_printf(out, "+%s", OBJ_nid2sn(hash));
    else if (!type)
        buf_printf(out, "+0x%02X", code >> 8);
}

typedef int sigalgs_fn(SSL *, int, int *, int *, int *, unsigned char *,
                       unsigned char *);

static void print_sigalgs(struct buf *out, SSL *ssl, sigalgs_fn *get, int count)
{
    for (int i = 0; i < count; i++) {
        int sign = NID_undef, hash = NID_undef;
        unsigned char low = 0, high = 0;

        get(ssl, i, &sign, &hash, NULL, &low, &high);
        buf_text(out, i > 0 ? ":" : "");
        print_sigalg(out, sign, hash, (unsigned)high << 8 | low);
    }
    buf_byte(out, '\n');
}

void block_requested(const struct view *v, struct buf *out)
{
    SSL *ssl = v->conn->ssl;
    int count = SSL_get_sigalgs(ssl, -1, NULL, NULL, NULL, NULL, NULL);

    if (count <= 0)
        return;
    buf_text(out, "Requested Signature Algorithms: ");
    print_sigalgs(out, ssl, SSL_get_sigalgs, count);
}

static void print_shared(const struct view *v, struct buf *out)
{
    SSL *ssl = v->conn->ssl;
    int count = SSL_get_shared_sigalgs(ssl, 0, NULL, NULL, NULL, NULL, NULL);

    if (count <= 0)
        return;
    buf_text(out, "Shared Requested Signature Algorithms: ");
    print_sigalgs(out, ssl, SSL_get_shared_sigalgs, count);
}

void block_sigalgs(const struct view *v, struct buf *out)
{
    SSL *ssl = v->conn->ssl;
    int digest = NID_undef;

    print_types(v, out);
    block_requested(v, out);
    print_shared(v, out);
    if (SSL_get_peer_signature_nid(ssl, &digest) && digest != NID_undef)
        buf_printf(out, "Peer signing digest: %s\n", OBJ_nid2sn(digest));
    wording_signature(out, ssl, "Peer signature type");
}

void block_ca_names(const struct view *v, struct buf *out)
{
    const STACK_OF(X509_NAME) *names = SSL_get0_peer_CA_list(v->conn->ssl);

    if (sk_X509_NAME_num(names) <= 0) {
        buf_text(out, "No client certificate CA names sent\n");
        return;
    }
    buf_text(out, "Acceptable client certificate CA names\n");
    for (int i = 0; i < sk_X509_NAME_num(names); i++) {
        tls_print_name(out, sk_X509_NAME_value(names, i), 0, v->ask->nameopt);
        buf_byte(out, '\n');
    }
}

void block_temp_key(const struct view *v, struct buf *out)
{
    EVP_PKEY *key;
    char name[80];

    if (!SSL_get_peer_tmp_key(v->conn->ssl, &key)) {
        wording_group(out, v->conn->ssl);
        return;
    }
    buf_printf(out, "%s: ", wording_temp_key());
    key_group(key, name, sizeof(name));
    /* s_client names the curve of an elliptic key, not the group of another */
    if (EVP_PKEY_is_a(key, "EC"))
        buf_printf(out, "ECDH, %s, ", name);
    else
        buf_printf(out, "%s, ", key_type(key));
    buf_printf(out, "%d bits\n", EVP_PKEY_get_bits(key));
    EVP_PKEY_free(key);
}
