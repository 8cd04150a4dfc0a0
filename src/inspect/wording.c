/* wording -- where s_client's words depend on its version, or on how it was
 * built: ours follow the OpenSSL that we are linked with. */

#include "inspect_room.h"

#include <string.h>

static const struct {
    unsigned code;
    const char *name;
} schemes[] = {
    { 0x0809, "rsa_pss_pss_sha256" },
    { 0x080a, "rsa_pss_pss_sha384" },
    { 0x080b, "rsa_pss_pss_sha512" },
#if OPENSSL_VERSION_NUMBER >= 0x30200000L
    { 0x081a, "ecdsa_brainpoolP256r1_sha256" },
    { 0x081b, "ecdsa_brainpoolP384r1_sha384" },
    { 0x081c, "ecdsa_brainpoolP512r1_sha512" },
#endif
};

#if OPENSSL_VERSION_NUMBER < 0x30200000L

void wording_key(struct buf *out, const X509 *x, EVP_PKEY *key)
{
    buf_printf(out, "   a:PKEY: %s, %d (bit); sigalg: %s\n",
               OBJ_nid2sn(EVP_PKEY_get_base_id(key)), EVP_PKEY_get_bits(key),
               OBJ_nid2sn(X509_get_signature_nid(x)));
}

const char *wording_temp_key(void)
{
    return "Server Temp Key";
}

void wording_group(struct buf *out, SSL *ssl)
{
    (void)out;
    (void)ssl;
}

void wording_protocol(struct buf *out, const SSL *ssl)
{
    (void)out;
    (void)ssl;
}

void wording_dane(struct buf *out, int depth, const EVP_PKEY *key)
{
    buf_printf(out, " %s at depth %d",
               key         ? "signed the certificate"
               : depth > 0 ? "matched TA certificate"
                           : "matched EE certificate",
               depth);
}

const char *wording_no_peer(void)
{
    return "No peer certificate";
}

#else

void wording_key(struct buf *out, const X509 *x, EVP_PKEY *key)
{
    const char *signature = OBJ_nid2ln(X509_get_signature_nid(x));
    char curve[80];
    size_t len;

    buf_printf(out, "   a:PKEY: %s, ", EVP_PKEY_get0_type_name(key));
    if (EVP_PKEY_is_a(key, "EC")
        && EVP_PKEY_get_group_name(key, curve, sizeof(curve), &len))
        buf_printf(out, "(%s); sigalg: %s\n", curve, signature);
    else
        buf_printf(out, "%d (bit); sigalg: %s\n", EVP_PKEY_get_bits(key),
                   signature);
}

const char *wording_temp_key(void)
{
    return "Peer Temp Key";
}

void wording_group(struct buf *out, SSL *ssl)
{
    const char *name;

    if (SSL_version(ssl) != TLS1_3_VERSION)
        return;
    name = SSL_group_to_name(ssl, (int)SSL_get_negotiated_group(ssl));
    buf_printf(out, "Negotiated TLS1.3 group: %s\n", name ? name : "<NULL>");
}

void wording_protocol(struct buf *out, const SSL *ssl)
{
    buf_printf(out, "Protocol: %s\n", SSL_get_version(ssl));
}

void wording_dane(struct buf *out, int depth, const EVP_PKEY *key)
{
    if (key)
        buf_text(out, " signed the peer certificate");
    else if (depth > 0)
        buf_text(out, " matched the TA certificate");
    else
        buf_text(out, " matched the EE certificate");
    buf_printf(out, " at depth %d", depth);
}

const char *wording_no_peer(void)
{
    return "No peer certificate or raw public key";
}

#endif

const char *wording_scheme(unsigned code)
{
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
        if (schemes[i].code == code)
            return schemes[i].name;
    return NULL;
}

#if OPENSSL_VERSION_NUMBER < 0x30100000L

void wording_renegotiation(struct buf *out, SSL *ssl)
{
    buf_printf(out, "Secure Renegotiation IS%s supported\n",
               SSL_get_secure_renegotiation_support(ssl) ? "" : " NOT");
}

#else

void wording_renegotiation(struct buf *out, SSL *ssl)
{
    if (SSL_version(ssl) == TLS1_3_VERSION)
        buf_text(out, "This TLS version forbids renegotiation.\n");
    else
        buf_printf(out, "Secure Renegotiation IS%s supported\n",
                   SSL_get_secure_renegotiation_support(ssl) ? "" : " NOT");
}

#endif

#if OPENSSL_VERSION_NUMBER < 0x30500000L

const char *wording_signature_type(int nid)
{
    return signature_type(nid);
}

void wording_signature(struct buf *out, SSL *ssl, const char *label)
{
    int nid;

    if (!SSL_get_peer_signature_type_nid(ssl, &nid))
        return;
    const char *name = signature_type(nid);

    buf_printf(out, "%s: %s\n", label, name ? name : OBJ_nid2sn(nid));
}

#else

const char *wording_signature_type(int nid)
{
    const char *name = signature_type(nid);

    return name ? name : OBJ_nid2sn(nid);
}

void wording_signature(struct buf *out, SSL *ssl, const char *label)
{
    const char *name;

    if (SSL_get0_peer_signature_name(ssl, &name))
        buf_printf(out, "%s: %s\n", label, name);
}

#endif

#ifndef OPENSSL_NO_COMP

void wording_compression(struct buf *out, const SSL *ssl)
{
    const char *ours = SSL_COMP_get_name(SSL_get_current_compression(ssl));
    const char *theirs = SSL_COMP_get_name(SSL_get_current_expansion(ssl));

    buf_printf(out, "Compression: %s\n", ours ? ours : "NONE");
    buf_printf(out, "Expansion: %s\n", theirs ? theirs : "NONE");
}

#else

void wording_compression(struct buf *out, const SSL *ssl)
{
    (void)out;
    (void)ssl;
}

#endif

#ifndef OPENSSL_NO_SRP

void wording_srp(struct buf *out, SSL *ssl)
{
    const char *name = srp_used(ssl) ? srp_user(ssl) : NULL;

    buf_text(out, "    SRP username: ");
    tls_print_line(out, name ? name : "None", name ? strlen(name) : 4);
    buf_byte(out, '\n');
}

#else

void wording_srp(struct buf *out, SSL *ssl)
{
    (void)out;
    (void)ssl;
}

#endif
