/* newer -- what OpenSSL has only since some version after 3.0; linked with an
 * older one, each answers what is true there: that there is none of it. */
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

/* ---- raw public keys (RFC 7250), since 3.2 ---- */

enum raw_key_side { RAW_KEY_OURS, RAW_KEY_OF_SERVER };

/* Offers a bare key beside a certificate.  False when OpenSSL refuses. */
bool raw_key_offer(SSL *ssl, enum raw_key_side side);
/* Whether both ends agreed on one. */
bool raw_key_agreed(const SSL *ssl, enum raw_key_side side);
/* The key that the server showed instead of a certificate; borrowed; NULL:
 * none. */
EVP_PKEY *raw_key_of_server(const SSL *ssl);
/* Like X509_STORE_CTX_init(), for such a key. */
bool raw_key_verify_init(X509_STORE_CTX *ctx, X509_STORE *store, EVP_PKEY *key);

/* ---- kernel TLS, where OpenSSL was built with it ---- */

bool kernel_encrypts(const SSL *ssl);
bool kernel_decrypts(const SSL *ssl);

/* Seconds since 1970 at which a session began; 64 bits since 3.3. */
int64_t session_began(const SSL_SESSION *session);
