/* session -- what a connection takes up of an earlier one, and leaves behind
 * for a later one. */
#pragma once

#include "base/err.h"

#include <openssl/ssl.h>

struct buf;
struct conn;

/* Bytes to be sent. */
struct payload {
    char *data;
    size_t len;
};

/* What is borrowed outlives the connection. */
struct session_ask {
    const SSL_SESSION *offer; /* a copy is offered; NULL: none */
    const struct payload *early; /* sent with it, if it allows that; or NULL */
};

/* Sessions on one connection. */
struct session_use {
    struct session_ask ask;
    bool awaited; /* tickets of TLS 1.3 were waited for */
    bool judged; /* a session was resumed: "verdict" is ours */
    long verdict;
};

/* The session carries no chain, and without one nothing can be said. */
enum { VERDICT_NONE = -1 };

/* Whether an earlier session was resumed; a key that both ends had beforehand
 * is none. */
bool tls_resumed(const struct conn *c);
/* What verifying the server's certificate came to: an X509_V_ERR_*.  OpenSSL
 * verifies nothing when it resumes and repeats what the session says, which may
 * be of other options or of somebody else's file: then the certificate in the
 * session has been verified again, by what holds for this connection, or the
 * answer is VERDICT_NONE. */
long tls_verdict(const struct conn *c);

/* After a handshake of TLS 1.3, which ends before its tickets come: waits for
 * the first, and takes all that have come by then.  What the server says
 * instead, or its silence for "grace_ms", ends the wait.  False when waiting
 * itself failed. */
bool tls_await_ticket(struct conn *c, int64_t grace_ms, struct err *e) MUST_USE;
/* A copy of the newest session that can be resumed; NULL when there is none
 * (or no memory).  SSL_SESSION_free(). */
SSL_SESSION *tls_copy_session(const struct conn *c) MUST_USE;
/* Appends a session as PEM, with all its secrets. */
void tls_print_session(struct buf *out, const SSL_SESSION *session);
