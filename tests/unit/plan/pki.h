/* pki -- certificates and keys in files of a directory that goes away. */
#pragma once

#include <openssl/x509.h>

#include <stdio.h>

/* Files made by pki_new():
 *   root.pem            the root
 *   leaf.pem leaf.der   a client certificate, EC, issued by the root
 *   leaf.key leaf-key.der   its key, PEM and DER
 *   locked.key          its key, encrypted with PKI_PASS
 *   pair.pem            certificate and key
 *   leaf.p12            certificate, key and root, encrypted with PKI_PASS
 *   rsa.pem rsa.key     another one, RSA
 *   crl.pem crl.der     an empty CRL of the root
 *   session.pem         a session of TLS 1.3
 *   logs.cnf            a list of logs: one that has the root's key
 *   pass.txt            PKI_PASS, a line end and another line
 *   garbage             no certificate
 *   hashed/             root.pem by its hash
 */
#define PKI_PASS "open sesame"

struct pki {
    char dir[64];
    X509 *root, *leaf, *rsa;
    unsigned char log_id[32]; /* of the log in logs.cnf */
    EVP_PKEY *root_key, *leaf_key, *rsa_key;
};

void pki_new(struct pki *p);
void pki_free(struct pki *p);
/* The path of a file of the directory; one of 8 texts in turn. */
const char *pki_file(const struct pki *p, const char *name);
void pki_write(const struct pki *p, const char *name, const char *text);
/* A copy of root.pem under a name of its hash: "%08lx.<suffix>". */
void pki_hashed(const struct pki *p, const char *dir, const char *suffix);
