/* tls -- OpenSSL calls that may wait, and OpenSSL's call-backs.
 *
 * The only room that knows WANT_READ and WANT_WRITE (wait.c).  Call-backs find
 * their connection through the SSL; nothing is global.  Knows no option names.
 */
#pragma once

#include "base/buf.h"
#include "net.h"
#include "tls/answer.h"
#include "tls/secret.h"
#include "tls/session.h"

#include <openssl/ssl.h>

/* Once, before any other OpenSSL call of the process: puts base/mem.h under
 * OpenSSL's allocations, so that a refused one is noticed.  False when OpenSSL
 * has allocated already; the program goes on without. */
bool tls_watch_memory(void);

/* Who may end a handshake, as s_client's callback decides it. */
struct verify_rule {
    int depth; /* -verify: errors deeper than this end it; -1: none do */
    bool return_error; /* -verify_return_error */
    bool quiet; /* -verify_quiet: only errors are logged */
    unsigned long nameopt; /* how names are printed (XN_FLAG_*) */
    unsigned long revocation; /* X509_V_FLAG_CRL_CHECK..., for after the
                               * handshake (tls/revocation.h); 0: none */
};

/* What is told of a connection while it lasts, each thing as s_client tells
 * it, and how its socket behaves. */
struct trace_rule {
    bool debug; /* -debug: every read and write of the socket */
    bool msg; /* -msg: each TLS message in hexadecimal */
    bool trace; /* -trace: each TLS message decoded; not together with msg */
    bool state; /* -state: states and alerts */
    bool extensions; /* -tlsextdebug: extensions that the server sends */
    bool staple; /* -status: the stapled OCSP response, which must be one */
    bool no_name; /* that no server name was sent, without -noservername */
    bool queue; /* OpenSSL's error queue after a call that failed */
    bool waits; /* -nbio: that a call had to wait, too */
    bool timeouts; /* -timeout: that DTLS had to send again */
    bool nbio_test; /* -nbio_test: pretends to have to wait now and then */
    enum security_trace {
        SECURITY_SILENT,
        SECURITY_REFUSALS, /* -security_debug */
        SECURITY_ALL, /* -security_debug_verbose */
    } security;
};

/* Where a connection's own lines go; NULL: nobody wants them. */
struct conn_lines {
    struct buf *err; /* s_client's standard error: verify, state, security */
    struct buf *out; /* its standard output: dumps, extensions, staple */
    struct buf *msg; /* of -msg and -trace alone; NULL: they go to out */
    void (*flush)(void *arg); /* before every wait; NULL: lines are kept */
    void *arg;
};

enum { VERIFY_ERRORS_MAX = 16 };

/* One attempt.  Lives in the worker's frame; one thread. */
struct conn {
    SSL *ssl;
    int fd;
    struct waiter *waiter;
    deadline_ms when; /* of the stage at hand; nothing outlives it */
    struct verify_rule verify;
    struct trace_rule trace;
    struct conn_lines lines;
    X509 *leaf; /* as the verify call-back saw it; counted */
    STACK_OF(X509) * chain; /* sent by the server, leaf first; counted */
    int verify_errors[VERIFY_ERRORS_MAX]; /* every error, in order */
    size_t nverify_errors;
    char alert[64]; /* fatal or warning alert the peer sent, by name; "" none */
    bool got_alert_fatal;
    bool finished; /* the handshake was, whatever came after it */
    bool spent; /* OpenSSL gave up: it is not to be asked for anything more */
    bool verify_ended; /* the call-back ended the handshake */
    bool staple_unreadable; /* the stapled response ended the handshake */
    bool encrypt_then_mac; /* the server agreed to RFC 7366 */
    bool extended_master_secret; /* the server agreed to RFC 7627 */
    unsigned tickets; /* session tickets that came */
    unsigned asides; /* handshakes done, and messages beside the data */
    struct psk_use psk;
    struct session_use session;
    struct answers answers;
    enum err_code fault; /* of ours, while verifying: verdicts are void */
    bool guarded; /* what the peer sends is counted */
    bool flooded; /* the peer sent more than any honest handshake */
    size_t nfirst; /* what it said first, for messages */
    unsigned char first[24];
};

/* What a connection is made of; what is borrowed must outlive it. */
struct conn_ask {
    SSL *ssl; /* taken over, also by a failure: freed by conn_release() */
    int fd; /* borrowed */
    struct waiter *waiter; /* borrowed */
    deadline_ms when; /* of the first stage */
    struct verify_rule verify;
    struct trace_rule trace;
    struct conn_lines lines; /* borrowed */
    const struct psk *psk; /* borrowed; NULL: none */
    struct session_ask session;
};
/* Ties an SSL to a socket and installs the call-backs.  Stage HANDSHAKE. */
bool conn_init(struct conn *c, const struct conn_ask *ask, struct err *e)
    MUST_USE;
void conn_release(struct conn *c);
/* The connection of an SSL inside a call-back.  It is the SSL's "app data":
 * nobody else may set that.  NULL only where OpenSSL hands over an SSL of its
 * own, as it does inside of QUIC to the call-backs about alerts and about our
 * certificate. */
struct conn *conn_of(const SSL *ssl);

/* The whole handshake.  Codes: ALERT, NOT_TLS, TLS, VERIFY, CLOSED, RESET,
 * TIMED_OUT, and our own faults.  Stage HANDSHAKE, or VERIFY when verification
 * ended it. */
bool tls_handshake(struct conn *c, struct err *e) MUST_USE;

/* After a handshake in which the server asked for a certificate: under TLS 1.3
 * it says no only after we believe to be done (RFC 8446 4.4.2.4).  Reads until
 * a ticket or an alert came, or "grace_ms" went by in silence.  False with
 * CLIENT_CERT, ALERT, CLOSED or RESET. */
bool tls_settle(struct conn *c, int64_t grace_ms, struct err *e) MUST_USE;

/* Sends close_notify, once there is room for it, and does not wait for the
 * answer. */
void tls_shutdown(struct conn *c);

/* True when the server asked for a client certificate. */
bool tls_client_cert_asked(const SSL *ssl);

/* ---- printing what was received; never more than the buffer takes ---- */

/* A name in the style of -nameopt, as s_client prints it; control characters
 * are escaped whatever the style says. */
void tls_print_name(struct buf *out, const X509_NAME *name, int indent,
                    unsigned long nameopt);
void tls_print_time(struct buf *out, const ASN1_TIME *time);
/* An IP address of a certificate; of odd length, as hexadecimal digits. */
void tls_print_address(struct buf *out, const unsigned char *bytes, size_t len);
/* Bytes of the peer for one line: a line end among them becomes a blank. */
void tls_print_line(struct buf *out, const void *bytes, size_t len);
/* Appends what a memory BIO holds, and frees the BIO. */
void tls_take_text(struct buf *out, BIO *bio);

/* One read or write of a socket, as -debug shows it. */
struct tls_transfer {
    const void *end; /* the BIO or channel */
    const void *bytes;
    size_t asked; /* how many might have been moved */
    ssize_t moved; /* how many were; 0 or -1 when none */
    bool sent;
};
void tls_show_transfer(struct buf *out, const struct tls_transfer *t);

/* ---- what the plan room installs on an SSL_CTX ---- */

/* What OpenSSL asks a context and never an SSL: a staple is looked at (one that
 * cannot be read ends the handshake, as in s_client), and a hello without a
 * server name is told of. */
void tls_watch_context(SSL_CTX *ctx);

/* Verify call-back with s_client's behaviour: logs, tolerates by the rule,
 * keeps chain and errors in the conn. */
int tls_verify_callback(int ok, X509_STORE_CTX *ctx);

/* A key log file for a whole run: opened for appending, 0600, no link
 * followed, one write(2) a line under a lock. */
struct keylog;
struct keylog *keylog_open(const char *path, struct err *e) MUST_USE;
void keylog_close(struct keylog *k);
/* The log must outlive the context, whose "app data" it becomes. */
bool keylog_install(SSL_CTX *ctx, struct keylog *k) MUST_USE;

/* Reason of a failed OpenSSL call that does not wait (loading, setting): the
 * first error of the queue in words after "what"; empties the queue.  Code
 * unless memory, descriptors or entropy ran out.  Returns false. */
bool tls_reason(struct err *e, enum err_code code, const char *what);
