/* peerd -- peers for tests and measurements, thousands in one process.
 *
 * Each kind of peer listens on a port of its own on every address, so that all
 * of 127.x.y.z answers.  A few threads share the work, each with its own epoll;
 * no connection ever holds a thread.  A test tool: when it cannot go on it says
 * why and ends.
 */
#pragma once

#include <openssl/ssl.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct peer;

/* How a peer behaves.  Each function returns false to close the connection. */
struct kind {
    const char *name;
    bool (*begin)(struct peer *p); /* connected, the delay is over */
    bool (*ready)(struct peer *p); /* can be read, or written if asked for */
    bool (*tick)(struct peer *p); /* every second */
    const char *flood; /* what an endless peer repeats */
    size_t flood_len;
    bool full; /* nobody accepts and the backlog is full */
};
/* The rows of raw.c and tls.c; NULL when there is no such kind. */
const struct kind *kind_find_raw(const char *name);
const struct kind *kind_find_tls(const char *name);

/* What all connections share. */
struct setup {
    SSL_CTX *ctx; /* NULL when no kind speaks TLS */
    int delay_ms; /* before the peer takes notice */
    unsigned holes; /* per cent of our addresses that never answer */
};

struct peer {
    const struct kind *kind;
    const struct setup *setup;
    struct loop *loop;
    int fd;
    bool listens; /* no connection but a listener */
    bool begun, answered;
    uint8_t last_byte; /* of our address: what "alert" says */
    SSL *ssl;
    size_t sent; /* bytes of what a trickle says */
    int64_t due; /* ms; in the loop's list of timers when not 0 */
    struct peer *before, *after;
};

/* Reads and forgets what is there; false at the end of the stream. */
bool peer_swallow(struct peer *p);
/* Whether "ready" is also called when the peer can be written. */
void peer_want_write(struct peer *p, bool want);

/* loop.c: serves the listeners for ever. */
struct listener {
    int fd;
    const struct kind *kind;
};
void loop_serve(const struct listener *listeners, size_t count,
                const struct setup *setup);

_Noreturn void die(const char *what);
