/* net -- bytes with a deadline, whoever does the waiting.
 *
 * waiter   the only thing that may block; one a thread
 * resolver names to addresses, on threads of its own
 * chan     a byte channel: a socket, or a script in tests and fuzzing
 * talk     lines over a chan: all that a dialogue ever sees
 *
 * Sockets are non-blocking and close-on-exec.  Knows no OpenSSL.
 */
#pragma once

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"

#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

/* ---- waiting ---- */

enum { WAIT_READ = 1, WAIT_WRITE = 2 };

/* What a thread can wait for beside a descriptor; another thread sets it. */
struct signal_flag;
struct wait_spot; /* net/spots.h */

struct waiter {
    const struct waiter_ops *ops;
};
struct waiter_ops {
    /* True when fd is ready for what is wanted (or is broken: the next call on
     * it tells).  False with ERR_TIMED_OUT when the deadline has passed. */
    bool (*wait_fd)(struct waiter *w, int fd, int want, deadline_ms when,
                    struct err *e);
    /* The same for several: true when at least one of them is ready. */
    bool (*wait_any)(struct waiter *w, struct wait_spot *spots, size_t count,
                     deadline_ms when, struct err *e);
    /* True when the flag was raised; false with ERR_TIMED_OUT. */
    bool (*wait_flag)(struct waiter *w, struct signal_flag *f, deadline_ms when,
                      struct err *e);
    /* Lets time pass: for back-off.  True at the point in time. */
    bool (*pause)(struct waiter *w, deadline_ms when, struct err *e);
};
/* A waiter for the calling thread: poll(2) and condition variables. */
void waiter_thread_init(struct waiter *w);

bool wait_fd(struct waiter *w, int fd, int want, deadline_ms when,
             struct err *e) MUST_USE;
bool wait_flag(struct waiter *w, struct signal_flag *f, deadline_ms when,
               struct err *e) MUST_USE;
bool wait_until(struct waiter *w, deadline_ms when, struct err *e) MUST_USE;

/* A flag that one thread raises and another waits for.  NULL: no memory. */
struct signal_flag *signal_flag_new(void) MUST_USE;
void signal_flag_free(struct signal_flag *f);
void signal_flag_raise(struct signal_flag *f);
bool signal_flag_raised(struct signal_flag *f);

/* ---- names ---- */

struct address {
    struct sockaddr_storage sa;
    socklen_t len;
};
struct addresses {
    struct address *list;
    size_t count;
};
void addresses_release(struct addresses *a);
/* "192.0.2.1" or "2001:db8::1" (or the path of a Unix socket); text holds at
 * least ADDRESS_TEXT_MAX bytes.  Never fails: an odd family prints "?". */
enum { ADDRESS_TEXT_MAX = 120 };
void address_print(const struct address *a, char *text);
/* The port, or 0 for a Unix socket. */
unsigned address_port(const struct address *a);
/* Whether two addresses are of one host, whatever their ports. */
bool address_same_host(const struct address *a, const struct address *b);
/* Whether an address is anybody's, or means something only near us.  An IPv4
 * address that IPv6 wraps (mapped, NAT64, 6to4) counts as itself. */
enum address_reach {
    REACH_PUBLIC,
    REACH_LOOPBACK, /* this host; Unix sockets too */
    REACH_LINK_LOCAL,
    REACH_PRIVATE, /* RFC 1918, unique local, site-local */
    REACH_SHARED, /* RFC 6598 */
    REACH_MULTICAST,
    REACH_RESERVED, /* what else is not given out on the Internet */
};
enum address_reach address_reach(const struct address *a);
const char *address_reach_name(enum address_reach reach);
/* The address of a Unix stream socket; false with ERR_ADDRESS when the path is
 * too long. */
bool address_unix(struct address *out, const char *path, struct err *e)
    MUST_USE;

struct resolve_ask {
    const char *host; /* a literal is read on the spot, without a thread */
    const char *port; /* number or service name; NULL: 0 */
    int family, socktype; /* AF_UNSPEC, AF_INET, AF_INET6; SOCK_STREAM ... */
    deadline_ms when; /* an answer is of no use after it */
};

/* getaddrinfo(3) on threads: single flight (equal questions at one time are
 * asked once), a cache of "ttl_ms", at most "abandoned_max" lookups that
 * nobody waits for any more. */
struct resolver;
struct resolver_config {
    unsigned threads, abandoned_max;
    int64_t ttl_ms;
};
struct resolver *resolver_new(const struct resolver_config *config,
                              struct err *e) MUST_USE;
/* Does not wait for lookups that hang: their threads are left behind, and what
 * they use with them.  After it only _exit() is safe if it returns false. */
bool resolver_free(struct resolver *r);
/* Fills out in getaddrinfo's order, with at most 64 addresses; it is empty on
 * failure.  Any thread, with a waiter of its own.  Codes: NAME_UNKNOWN,
 * NAME_TEMPORARY, NAME_FAILED, NAME_TIMEOUT, ADDRESS (of a port that is none),
 * and our own faults. */
bool resolve(struct resolver *r, struct waiter *w,
             const struct resolve_ask *ask, struct addresses *out,
             struct err *e) MUST_USE;

/* ---- connecting ---- */

/* What a connect had to wait for on our side; not the peer's time. */
struct connect_held {
    bool full; /* address "which" has all the connections it may have */
    int64_t paced_ms; /* waited for the turn of new connections */
};

struct courtesy; /* net/courtesy.h */
struct connect_ask {
    const struct addresses *to; /* tried in order, as s_client does */
    const struct addresses *bind; /* NULL: any; else the first of each family */
    int socktype;
    /* TCP: the first bytes written go out with the SYN packet where the kernel
     * knows the server for one that takes them; then a failure shows later. */
    bool fast_open;
    deadline_ms when; /* for all addresses together, without paced_ms */
    struct courtesy *courtesy; /* NULL: none */
    struct connect_held *held; /* told here; not NULL with a courtesy */
    /* Called with each address that did not work; may be NULL. */
    void (*tried)(void *arg, const struct address *a, const struct err *e);
    void *tried_arg;
};
/* A connected non-blocking socket (TCP_NODELAY set) and which address it was:
 * with a courtesy, the caller calls courtesy_leave() for it in the end.  False
 * without a reason in e when held->full: nothing was sent, try later.
 * The budget is shared fairly: an address gets the time left divided by the
 * addresses left.  The caller closes *fd with net_close(). */
bool net_connect(struct waiter *w, const struct connect_ask *ask, int *fd,
                 size_t *which, struct err *e) MUST_USE;
/* -1 is fine. */
void net_close(int fd);
/* Whether the server took bytes that came with the SYN packet. */
bool net_opened_fast(int fd);
/* "address:port" of our own end, or "" ; text as for address_print() + 8. */
void net_local_name(int fd, char *text, size_t room);

/* ---- channels ---- */

struct chan;
struct chan_ops {
    /* Waits for at least one byte: >0 bytes, 0 end of stream, -1 with e. */
    ssize_t (*read)(struct chan *c, void *buf, size_t len, struct err *e);
    /* All of it, or false. */
    bool (*write)(struct chan *c, const void *buf, size_t len, struct err *e);
    /* True when a byte can be read right now; never waits. */
    bool (*more)(struct chan *c);
};
struct chan {
    const struct chan_ops *ops;
    deadline_ms when;
    uint64_t bytes_read, bytes_written;
};

struct chan_fd {
    struct chan chan;
    struct waiter *waiter;
    int fd;
};
/* Borrows fd and waiter. */
void chan_fd_init(struct chan_fd *c, int fd, struct waiter *w,
                  deadline_ms when);

/* A peer made of bytes, for tests and fuzzing: "in" is what it says, at most
 * "chunk" bytes a read; what we said is in "out". */
struct chan_script {
    struct chan chan;
    const uint8_t *in;
    size_t in_len, in_pos, chunk;
    struct buf out;
    bool silent_at_end; /* time-out instead of end of stream */
};
void chan_script_init(struct chan_script *c, const void *in, size_t len,
                      size_t chunk);
void chan_script_release(struct chan_script *c);

/* ---- talking in lines ---- */

enum {
    TALK_LINE_MAX = 8 * 1024, /* bytes of one line */
    TALK_TOTAL_MAX = 64 * 1024, /* bytes heard in one dialogue */
};
/* Lives on the heap (talk_new): too large for a stack. */
struct talk;
struct talk *talk_new(struct chan *c) MUST_USE;
void talk_free(struct talk *t);
/* The next line without its line end (LF or CR LF), NUL-terminated, valid
 * until the next call; bytes that are NUL are refused.  Codes: CLOSED, RESET,
 * TIMED_OUT, STARTTLS_TOO_LONG, STARTTLS_MALFORMED. */
const char *talk_line(struct talk *t, size_t *len, struct err *e) MUST_USE;
/* Exactly len bytes. */
bool talk_exactly(struct talk *t, void *buf, size_t len, struct err *e)
    MUST_USE;
/* At least one byte of whatever is there, up to len; 0 on failure. */
size_t talk_some(struct talk *t, void *buf, size_t len, struct err *e) MUST_USE;
bool talk_send(struct talk *t, const void *bytes, size_t len, struct err *e)
    MUST_USE;
bool talk_sendf(struct talk *t, struct err *e, const char *fmt, ...)
    PRINTF(3, 4) MUST_USE;
/* Bytes that were received and not read yet. */
size_t talk_unread(const struct talk *t);
/* True when there are unread bytes, here or in the channel; never waits. */
bool talk_more(const struct talk *t);
/* Begins another dialogue on the same bytes: the total starts from 0 again. */
void talk_next_dialogue(struct talk *t);
