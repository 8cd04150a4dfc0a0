#include "pki.h"

#include <criterion/criterion.h>

#include <ftw.h>
#include <openssl/conf.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DAY = 24 * 60 * 60 };

const char *pki_file(const struct pki *p, const char *name)
{
    static char texts[8][128];
    static unsigned turn;
    char *text = texts[turn++ % 8];

    snprintf(text, sizeof(texts[0]), "%s/%s", p->dir, name);
    return text;
}

static BIO *out(const struct pki *p, const char *name)
{
    BIO *bio = BIO_new_file(pki_file(p, name), "w");

    cr_assert_not_null(bio, "cannot write %s", name);
    return bio;
}

void pki_write(const struct pki *p, const char *name, const char *text)
{
    BIO *bio = out(p, name);

    BIO_puts(bio, text);
    BIO_free(bio);
}

static void write_cert(const struct pki *p, const char *name, X509 *cert)
{
    BIO *bio = out(p, name);

    cr_assert(PEM_write_bio_X509(bio, cert));
    BIO_free(bio);
}

static void write_key(const struct pki *p, const char *name, EVP_PKEY *key,
                      const char *pass)
{
    BIO *bio = out(p, name);

    cr_assert(
        PEM_write_bio_PKCS8PrivateKey(bio, key, pass ? EVP_aes_128_cbc() : NULL,
                                      NULL, 0, NULL, (void *)(uintptr_t)pass));
    BIO_free(bio);
}

static void extend(X509 *cert, X509 *issuer, int nid, const char *value)
{
    CONF *conf = NCONF_new(NULL); /* policies want one, if only an empty one */
    X509V3_CTX ctx;
    X509_EXTENSION *ext;

    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    X509V3_set_nconf(&ctx, conf);
    ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    cr_assert(ext && X509_add_ext(cert, ext, -1));
    X509_EXTENSION_free(ext);
    NCONF_free(conf);
}

struct subject {
    const char *name;
    long serial;
    EVP_PKEY *key;
};

/* Issued by the root, or by itself. */
static X509 *issue(const struct pki *p, const struct subject *s)
{
    X509 *cert = X509_new();
    X509_NAME *name = X509_get_subject_name(cert);
    X509 *issuer = p->root ? p->root : cert;

    X509_set_version(cert, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), s->serial);
    X509_gmtime_adj(X509_getm_notBefore(cert), -DAY);
    X509_gmtime_adj(X509_getm_notAfter(cert), DAY);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               (const unsigned char *)s->name, -1, -1, 0);
    X509_set_issuer_name(cert, X509_get_subject_name(issuer));
    X509_set_pubkey(cert, s->key);
    extend(cert, issuer, NID_basic_constraints,
           p->root ? "critical,CA:FALSE" : "critical,CA:TRUE");
    if (p->root)
        extend(cert, issuer, NID_certificate_policies, "1.2.3.4");
    cr_assert(X509_sign(cert, p->root ? p->root_key : s->key, EVP_sha256()));
    return cert;
}

static void write_crl(const struct pki *p)
{
    X509_CRL *crl = X509_CRL_new();
    ASN1_TIME *now = X509_gmtime_adj(NULL, 0),
              *then = X509_gmtime_adj(NULL, DAY);
    BIO *pem = out(p, "crl.pem"), *der = out(p, "crl.der");

    X509_CRL_set_version(crl, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(crl, X509_get_subject_name(p->root));
    X509_CRL_set1_lastUpdate(crl, now);
    X509_CRL_set1_nextUpdate(crl, then);
    cr_assert(X509_CRL_sign(crl, p->root_key, EVP_sha256()));
    cr_assert(PEM_write_bio_X509_CRL(pem, crl));
    cr_assert(i2d_X509_CRL_bio(der, crl));
    BIO_free(pem);
    BIO_free(der);
    ASN1_TIME_free(now);
    ASN1_TIME_free(then);
    X509_CRL_free(crl);
}

static void write_p12(const struct pki *p)
{
    STACK_OF(X509) *cas = sk_X509_new_null();
    PKCS12 *p12;
    BIO *bio = out(p, "leaf.p12");

    sk_X509_push(cas, p->root);
    p12 = PKCS12_create(PKI_PASS, "leaf", p->leaf_key, p->leaf, cas, 0, 0, 0, 0,
                        0);
    cr_assert(p12 && i2d_PKCS12_bio(bio, p12));
    PKCS12_free(p12);
    sk_X509_free(cas);
    BIO_free(bio);
}

static void write_leaf(const struct pki *p)
{
    BIO *pair = out(p, "pair.pem"), *der = out(p, "leaf.der"),
        *key = out(p, "leaf-key.der");

    write_cert(p, "leaf.pem", p->leaf);
    write_key(p, "leaf.key", p->leaf_key, NULL);
    write_key(p, "locked.key", p->leaf_key, PKI_PASS);
    cr_assert(PEM_write_bio_X509(pair, p->leaf));
    cr_assert(
        PEM_write_bio_PrivateKey(pair, p->leaf_key, NULL, NULL, 0, NULL, NULL));
    cr_assert(i2d_X509_bio(der, p->leaf)
              && i2d_PrivateKey_bio(key, p->leaf_key));
    BIO_free(pair);
    BIO_free(der);
    BIO_free(key);
}

static void write_session(const struct pki *p)
{
    static const unsigned char aes128_gcm_sha256[] = { 0x13, 0x01 };
    static const unsigned char secret[32] = { 1 };
    SSL_CTX *ctx = SSL_CTX_new(TLS_method());
    SSL *ssl = SSL_new(ctx);
    SSL_SESSION *session = SSL_SESSION_new();
    BIO *bio = out(p, "session.pem");

    cr_assert(SSL_SESSION_set1_master_key(session, secret, sizeof(secret))
              && SSL_SESSION_set_cipher(session,
                                        SSL_CIPHER_find(ssl, aes128_gcm_sha256))
              && SSL_SESSION_set_protocol_version(session, TLS1_3_VERSION)
              && PEM_write_bio_SSL_SESSION(bio, session));
    BIO_free(bio);
    SSL_SESSION_free(session);
    SSL_free(ssl);
    SSL_CTX_free(ctx);
}

static void write_logs(struct pki *p)
{
    unsigned char *der = NULL, text[256];
    int len = i2d_PUBKEY(p->root_key, &der);
    BIO *bio = out(p, "logs.cnf");

    cr_assert(len > 0 && len < 128);
    EVP_EncodeBlock(text, der, len);
    EVP_Digest(der, (size_t)len, p->log_id, NULL, EVP_sha256(), NULL);
    BIO_printf(bio, "enabled_logs = one\n[one]\ndescription = One\nkey = %s\n",
               text);
    BIO_free(bio);
    OPENSSL_free(der);
}

void pki_hashed(const struct pki *p, const char *dir, const char *suffix)
{
    char name[64];

    snprintf(name, sizeof(name), "%s/%08lx.%s", dir,
             X509_subject_name_hash(p->root), suffix);
    write_cert(p, name, p->root);
}

void pki_new(struct pki *p)
{
    *p = (struct pki){ .dir = "/tmp/tlsfleet-unit-XXXXXX" };
    cr_assert_not_null(mkdtemp(p->dir));
    p->root_key = EVP_EC_gen("P-256");
    p->leaf_key = EVP_EC_gen("P-256");
    p->rsa_key = EVP_RSA_gen(2048);
    p->root = issue(p, &(struct subject){ "unit root", 1, p->root_key });
    p->leaf = issue(p, &(struct subject){ "unit leaf", 2, p->leaf_key });
    p->rsa = issue(p, &(struct subject){ "unit rsa", 3, p->rsa_key });
    write_cert(p, "root.pem", p->root);
    write_cert(p, "rsa.pem", p->rsa);
    write_key(p, "rsa.key", p->rsa_key, NULL);
    write_leaf(p);
    write_p12(p);
    write_crl(p);
    write_session(p);
    write_logs(p);
    pki_write(p, "pass.txt", PKI_PASS "\r\nanother line\n");
    pki_write(p, "garbage", "not a certificate\n");
    cr_assert(mkdir(pki_file(p, "hashed"), 0700) == 0);
    pki_hashed(p, "hashed", "0");
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void pki_free(struct pki *p)
{
    nftw(p->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    X509_free(p->root);
    X509_free(p->leaf);
    X509_free(p->rsa);
    EVP_PKEY_free(p->root_key);
    EVP_PKEY_free(p->leaf_key);
    EVP_PKEY_free(p->rsa_key);
}
