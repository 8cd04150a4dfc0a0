/* certs -- certificates made inside a test, honest and hostile ones.
 *
 * Every function ends the test when OpenSSL refuses. */
#pragma once

#include <openssl/x509v3.h>

/* One alternative name: any bytes under any type (GEN_DNS, ...). */
struct cert_name {
    int type;
    const void *data;
    size_t len; /* 0: strlen() */
};

struct cert_spec {
    const char *cn; /* NULL: an empty subject */
    size_t cn_len; /* 0: strlen() */
    const char *key; /* "EC" (default), "RSA2048", "RSA1024", "ED25519" */
    const struct cert_name *names;
    size_t nnames;
    const char *not_before,
        *not_after; /* as ASN.1 has them; NULL: now, +90 d */
    const char *digest; /* NULL: what the issuer's key likes */
    const char *serial; /* hexadecimal; NULL: 01 */
    int ca;
};

struct identity {
    X509 *cert;
    EVP_PKEY *key;
};
/* Signed by itself when issuer is NULL. */
struct identity identity_make(const struct cert_spec *spec,
                              const struct identity *issuer);
void identity_release(struct identity *id);
