/* answer -- what a server says to extensions that OpenSSL leaves to us. */
#pragma once

#include "base/buf.h"

#include <openssl/ssl.h>

/* What was heard on one connection. */
struct answers {
    struct buf server_info; /* type (2 bytes), length (2), body; again */
    int npn; /* OPENSSL_NPN_NEGOTIATED or _NO_OVERLAP; 0: not spoken */
};

/* Sends this extension empty and keeps the answer (TLS 1.2 and older).  False
 * when OpenSSL has the extension itself, or has been told of it before. */
bool server_info_install(SSL_CTX *ctx, unsigned type) MUST_USE;

/* Asks for signed certificate timestamps and judges them; none of them ends a
 * handshake.  False when the extension is -serverinfo's already. */
bool ct_install(SSL_CTX *ctx) MUST_USE;

/* Names of protocols, each with its length before it. */
struct protocol_names {
    unsigned char *wire;
    unsigned len;
};
/* Offers next protocol negotiation (TLS 1.2 and older); "ours" outlives the
 * context. */
void npn_install(SSL_CTX *ctx, const struct protocol_names *ours);
