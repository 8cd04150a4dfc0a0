/* observe -- what can be seen of a plan from outside. */
#pragma once

#include "pki.h"
#include "plan.h"

/* A ClientHello as it would go over the wire. */
struct hello {
    unsigned char bytes[2048];
    size_t len;
};
void observe_hello(SSL *ssl, struct hello *out);
/* The body of an extension; NULL when it is not there. */
const unsigned char *hello_extension(const struct hello *h, unsigned type,
                                     size_t *len);
/* Whether a cipher is among those offered, by its number. */
bool hello_offers(const struct hello *h, unsigned cipher);
/* Length of the session id. */
size_t hello_session_id(const struct hello *h);

/* Verifies a certificate as a handshake of the plan would: an X509_V_ERR_*. */
int observe_verify(const struct plan *p, X509_STORE *store, X509 *cert);

/* What a server that asks for a certificate gets to see. */
struct seen {
    X509 *cert; /* counted; NULL: none */
    int chain; /* certificates sent in all */
    bool done; /* the handshake ended well */
};
/* "only": the signature algorithms that the server takes; NULL: any. */
void observe_handshake(const struct plan *p, const struct pki *pki,
                       const char *only, struct seen *out);
