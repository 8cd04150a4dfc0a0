/* quic -- TLS 1.3 inside of QUIC (RFC 9001), whose packets are UDP datagrams.
 *
 * OpenSSL has it since 3.2, and with call-backs that know their connection
 * since 3.5, which is what it takes here; with an older one there is none. */
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>
#include <sys/time.h>

/* NULL: this OpenSSL has none. */
const SSL_METHOD *quic_method(void);
bool quic_is(const SSL *ssl);
/* The connection is, or would be, one of TLS 1.3: also inside of QUIC. */
bool quic_or_tls13(const SSL *ssl);

/* Says where its datagrams go: to whom the BIO is connected.  No call waits
 * from now on. */
bool quic_aim(SSL *ssl, BIO *bio);
/* What of the socket a call waits for: WAIT_READ | WAIT_WRITE. */
int quic_wants(const SSL *ssl);
/* How long until the next call must be made, whatever comes; false: it need
 * not. */
bool quic_turn(const SSL *ssl, struct timeval *left);
/* Number of the TLS alert with which the peer closed the connection; -1: it did
 * not, or not so. */
int quic_alert(const SSL *ssl);
/* Ends our side of the stream; false: this is no QUIC, or it cannot be. */
bool quic_conclude(SSL *ssl);
/* One step of taking leave, as SSL_shutdown(): 0 or less: it is not done. */
int quic_close(SSL *ssl);
