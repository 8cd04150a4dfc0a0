/* security -- what the security level is asked, and what it says
 * (-security_debug). */
#include "tls_room.h"

#include <openssl/ec.h>

/* As s_client: these are not named. */
static bool is_nameless(int op)
{
    return op == SSL_SECOP_TICKET || op == SSL_SECOP_COMPRESSION;
}

static const struct code_name questions[] = {
    { SSL_SECOP_CIPHER_SUPPORTED, "Supported Ciphersuite=" },
    { SSL_SECOP_CIPHER_SHARED, "Shared Ciphersuite=" },
    { SSL_SECOP_CIPHER_CHECK, "Check Ciphersuite=" },
    { SSL_SECOP_TMP_DH, "Temp DH key bits=" },
    { SSL_SECOP_CURVE_SUPPORTED, "Supported Curve=" },
    { SSL_SECOP_CURVE_SHARED, "Shared Curve=" },
    { SSL_SECOP_CURVE_CHECK, "Check Curve=" },
    { SSL_SECOP_SIGALG_SUPPORTED, "Supported Signature Algorithm " },
    { SSL_SECOP_SIGALG_SHARED, "Shared Signature Algorithm " },
    { SSL_SECOP_SIGALG_CHECK, "Check Signature Algorithm " },
    { SSL_SECOP_SIGALG_MASK, "Signature Algorithm mask " },
    { SSL_SECOP_EE_KEY, "Certificate chain EE key=" },
    { SSL_SECOP_CA_KEY, "Certificate chain CA key=" },
    { SSL_SECOP_CA_MD, "Certificate chain CA digest=" },
    { SSL_SECOP_PEER_EE_KEY, "Peer Chain EE key=" },
    { SSL_SECOP_PEER_CA_KEY, "Peer Chain CA key=" },
    { SSL_SECOP_PEER_CA_MD, "Peer chain CA digest=" },
};

/* Signature schemes that go by one name (RFC 8446 4.2.3). */
static const struct code_name schemes[] = {
    { 0x0201, "rsa_pkcs1_sha1" },
    { 0x0203, "ecdsa_sha1" },
    { 0x0401, "rsa_pkcs1_sha256" },
    { 0x0403, "ecdsa_secp256r1_sha256" },
    { 0x0501, "rsa_pkcs1_sha384" },
    { 0x0503, "ecdsa_secp384r1_sha384" },
    { 0x0601, "rsa_pkcs1_sha512" },
    { 0x0603, "ecdsa_secp521r1_sha512" },
    { 0x0804, "rsa_pss_rsae_sha256" },
    { 0x0805, "rsa_pss_rsae_sha384" },
    { 0x0806, "rsa_pss_rsae_sha512" },
    { 0x0807, "ed25519" },
    { 0x0808, "ed448" },
    { 0x0809, "rsa_pss_pss_sha256" },
    { 0x080a, "rsa_pss_pss_sha384" },
    { 0x080b, "rsa_pss_pss_sha512" },
    { 0xeded, "gostr34102001" },
    { 0xeeee, "gostr34102012_256" },
    { 0xefef, "gostr34102012_512" },
};

/* The two halves of an older one (RFC 5246 7.4.1.4.1). */
static const struct code_name digests[] = {
    { 0, "none" },   { 1, "MD5" },    { 2, "SHA1" },   { 3, "SHA224" },
    { 4, "SHA256" }, { 5, "SHA384" }, { 6, "SHA512" },
};
static const struct code_name algorithms[] = {
    { 0, "anonymous" },
    { 1, "RSA" },
    { 2, "DSA" },
    { 3, "ECDSA" },
};

static void add_scheme(struct buf *out, const unsigned char *code)
{
    const int scheme = code[0] << 8 | code[1];
    const char *name = NAME_OF(schemes, scheme, NULL);
    const char *digest = NAME_OF(digests, code[0], NULL);
    const char *algorithm = NAME_OF(algorithms, code[1], NULL);

    if (name)
        buf_printf(out, "scheme=%s", name);
    else if (digest && algorithm)
        buf_printf(out, "digest=%s, algorithm=%s", digest, algorithm);
    else
        buf_printf(out, "scheme=unknown(0x%04x)", (unsigned)scheme);
}

static void add_curve(struct buf *out, int nid)
{
    const char *name = EC_curve_nid2nist(nid);

    buf_text(out, name ? name : OBJ_nid2sn(nid));
}

/* As s_client: the name of a key's algorithm stays empty since OpenSSL 3.0
 * keeps keys in providers. */
static void add_key(struct buf *out, const X509 *cert)
{
    EVP_PKEY *key = X509_get0_pubkey(cert);

    if (key)
        buf_printf(out, ", bits=%d", EVP_PKEY_get_bits(key));
    else
        buf_text(out, "Public key missing");
}

/* What was asked about, by the kind that the question says. */
static void add_subject(struct buf *out, int op, int nid, void *about)
{
    switch (op & (int)SSL_SECOP_OTHER_TYPE) {
    case SSL_SECOP_OTHER_CIPHER:
        buf_text(out, SSL_CIPHER_get_name(about));
        break;
    case SSL_SECOP_OTHER_CURVE:
        add_curve(out, nid);
        break;
    case SSL_SECOP_OTHER_SIGALG:
        add_scheme(out, about);
        break;
    case SSL_SECOP_OTHER_CERT:
        if ((op & ~SSL_SECOP_PEER) == SSL_SECOP_CA_MD)
            buf_text(out, OBJ_nid2sn(X509_get_signature_nid(about)));
        else
            add_key(out, about);
        break;
    default:
        break;
    }
}

static void log_question(struct buf *out, int op, int bits, int nid,
                         void *about)
{
    buf_text(out, "Security callback: ");
    if (op == SSL_SECOP_VERSION) {
        const char *version = version_name(nid);

        buf_printf(out, "Version=%s", version ? version : "???");
        return;
    }
    if (is_nameless(op))
        return;
    buf_text(out, NAME_OF(questions, op, ""));
    add_subject(out, op, nid, about);
    buf_printf(out, ", security bits=%d", bits);
}

/* Asks the shared context's own judge and passes its answer on. */
static int judge(const SSL *ssl, const SSL_CTX *ctx, int op, int bits, int nid,
                 void *about, void *arg)
{
    const struct conn *c = arg;
    struct buf *out = c->lines.err;
    int allowed = SSL_CTX_get_security_callback(SSL_get_SSL_CTX(c->ssl))(
        ssl, ctx, op, bits, nid, about, NULL);

    if (allowed == 1 && c->trace.security != SECURITY_ALL)
        return allowed;
    log_question(out, op, bits, nid, about);
    buf_printf(out, ": %s\n", allowed ? "yes" : "no");
    return allowed;
}

/* s_client loads its own certificate while it is listening; ours came with the
 * shared context: it is put in once more, so that the same questions come. */
static void reload_own(SSL *ssl)
{
    X509 *cert = SSL_get_certificate(ssl);
    STACK_OF(X509) *chain = NULL;

    if (!cert || !X509_up_ref(cert))
        return;
    SSL_use_certificate(ssl, cert);
    X509_free(cert);
    if (SSL_get0_chain_certs(ssl, &chain) && chain)
        SSL_set1_chain(ssl, chain);
}

void security_begin(struct conn *c)
{
    if (!c->lines.err || c->trace.security == SECURITY_SILENT)
        return;
    SSL_set_security_callback(c->ssl, judge);
    SSL_set0_security_ex_data(c->ssl, c);
    reload_own(c->ssl);
}
