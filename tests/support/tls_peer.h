/* tls_peer -- a server on a thread of its own, at the other end of a socket
 * pair; and our end of it as a struct conn. */
#pragma once

#include "certs.h"
#include "tls.h"

#include <pthread.h>

struct tls_peer {
    /* What it is; set before tls_peer_start(). */
    const struct identity *identity; /* NULL: no certificate */
    const struct identity *sends; /* a second certificate; NULL: none */
    void (*setup)(SSL_CTX *ctx); /* more of the server; NULL: nothing */
    bool (*accepts)(SSL *ssl); /* its handshake; NULL: the usual one */
    void (*greets)(SSL *ssl); /* what it says first; NULL: nothing */
    SSL_CTX
    *reuse; /* a server context of before, taken over; NULL: a new one */
    /* Instead of TLS: speaks on the blocking descriptor and returns. */
    void (*raw)(int fd);
    /* What our end changes before the connection is made. */
    void (*setup_client)(SSL_CTX *ctx);
    void (*setup_ssl)(SSL *ssl);
    const struct identity *trusts; /* in our store; NULL: nothing */
    struct session_ask session;
    struct trace_rule trace; /* what is told in log and out */
    struct buf *messages; /* for TLS messages alone; NULL: in out */
    void (*flush)(void *arg); /* before it waits; NULL: nothing */
    void *flush_arg;
    bool unheard; /* nobody wants to be told */

    /* Our end. */
    SSL_CTX *ctx;
    struct conn conn;
    struct waiter waiter;
    struct buf log, out; /* its lines */
    struct err e;
    int fd;

    /* Its end. */
    SSL_CTX *server_ctx;
    int server_fd;
    pthread_t thread;
};

/* Both ends stand; nothing has been said. */
void tls_peer_start(struct tls_peer *p);
/* Our side of the handshake. */
bool tls_peer_handshake(struct tls_peer *p);
/* Closes our end and waits for the thread. */
void tls_peer_stop(struct tls_peer *p);

/* For greets, on its thread.  Our end may have hung up by then: what it heard
 * is for the test to look at; assertions hold on a test's own thread only. */
void tls_peer_say(SSL *ssl, const char *text);
void tls_peer_hear(SSL *ssl, char *heard, int room);

/* For our end's waiter: nothing ever comes; and waiting itself fails. */
extern const struct waiter_ops tls_peer_silence, tls_peer_broken_wait;

/* setup functions that many tests want */
void tls_peer_only_tls12(SSL_CTX *ctx);
void tls_peer_only_tls13(SSL_CTX *ctx);
void tls_peer_verify_request(SSL_CTX *ctx); /* asks for a certificate */
void tls_peer_verify_require(SSL_CTX *ctx); /* and insists */
/* a session without a certificate: TLS 1.2 with a shared key, name "me" */
void tls_peer_serve_psk(SSL_CTX *ctx);
void tls_peer_offer_psk(SSL_CTX *ctx);
