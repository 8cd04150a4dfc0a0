/* files -- certificates, keys and CRLs out of files and URIs.
 *
 * PEM, DER and PKCS#12 are told apart by their content.  Nothing is fetched
 * over the network. */
#pragma once

#include "library.h"

#include <openssl/x509.h>

struct file_ask {
    enum option_id option; /* who names it: for messages */
    const char *name; /* file or URI */
    const char *form; /* "PEM" or "DER": nothing else is tried; or NULL */
    const char *pass; /* for what is encrypted; or NULL */
    struct phrases *phrases; /* who is asked without it; NULL: nobody */
    const struct library *library;
};

/* The first certificate, key, CRL in it; NULL with e.  The caller frees it. */
X509 *file_cert(const struct file_ask *ask, struct err *e) MUST_USE;
EVP_PKEY *file_key(const struct file_ask *ask, struct err *e) MUST_USE;
X509_CRL *file_crl(const struct file_ask *ask, struct err *e) MUST_USE;
/* All certificates in it, at least one; NULL with e. */
STACK_OF(X509) * file_certs(const struct file_ask *ask, struct err *e) MUST_USE;
/* Adds all its certificates and CRLs, at least one. */
bool file_into_store(const struct file_ask *ask, X509_STORE *store,
                     struct err *e) MUST_USE;

/* A pem_password_cb(3) that has no answer: nobody is asked at a terminal. */
int file_no_phrase(char *to, int room, int writing, void *arg);

/* Works out what OpenSSL would work out on first use, under a lock or in every
 * worker: a certificate that is shared is ready before it is. */
void cert_make_ready(X509 *cert);
