/* secret -- what both ends know before they meet: pre-shared keys and SRP.
 *
 * The plan room makes these; call-backs find them through the SSL. */
#pragma once

#include "base/err.h"

#include <openssl/ssl.h>

/* A pre-shared key.  Outlives every connection that it is for. */
struct psk {
    const char *identity;
    unsigned char *key; /* NULL: none */
    size_t len;
    SSL_SESSION *session; /* for TLS 1.3, before the key; NULL: none */
};

/* What became of it on one connection. */
struct psk_use {
    const struct psk *ask; /* set before the handshake; NULL: none */
    const char *identity; /* that the server took; NULL: none */
};

/* Offers the key of the conn, up to TLS 1.2 only when it "has_key" and not
 * just a session.  A key whose digest the server did not choose is passed
 * over, as s_client does. */
void psk_install(SSL *ssl, bool has_key);

/* What the call-backs of SRP need; outlives the context and its connections. */
struct srp {
    const char *pass;
    bool more_groups; /* also groups that are not well known, after a test */
};

/* SRP for a context.  Without a user the hello names none; "strength" is the
 * bits of the smallest group to accept. */
bool srp_install(SSL_CTX *ctx, const char *user, int strength,
                 const struct srp *srp) MUST_USE;
/* The name that we have for the server; NULL: none. */
const char *srp_user(SSL *ssl);
/* Whether the keys were agreed on by SRP. */
bool srp_used(const SSL *ssl);
