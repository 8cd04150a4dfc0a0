/* tls_room -- what the files of the tls room share. */
#pragma once

#include "tls.h"

#include <openssl/err.h>

/* ---- reason.c: why an OpenSSL call failed ---- */

/* All that a call left behind.  The error queue and errno belong to the
 * thread: both are read at once, before anything may wait. */
struct reason {
    int ssl; /* SSL_get_error() */
    int sys; /* errno of the call; 0: none */
    unsigned long code; /* first error of the queue; 0: it was empty */
    enum err_code fault; /* our own, found anywhere in it; ERR_NONE */
    bool verify; /* "certificate verify failed" is in the queue */
    char data[96]; /* what the first error says of itself; printable */
};
/* Empties the queue; with "lines", its errors are added there in the form of
 * ERR_print_errors(3). */
void reason_take(struct reason *why, struct buf *lines);
/* What OpenSSL calls the first error; "text" is used when it has no name. */
const char *reason_text(const struct reason *why, char text[32]);
/* Number of the alert that the peer sent and that is the reason; -1: none. */
int reason_alert(const struct reason *why);
/* Copies what is printable ASCII, a dot for every other byte; "to" holds
 * "room" bytes. */
void reason_printable(char *to, size_t room, const void *bytes, size_t len);

/* ---- answer.c ---- */

void answers_init(struct answers *a);
void answers_release(struct answers *a);

/* ---- alert.c ---- */

/* Name of an alert, also of those that OpenSSL 3.0 calls "unknown". */
const char *alert_name(int number);
/* Notes alerts, tickets and all else beside the data in the conn: for an info
 * call-back. */
void alert_note(struct conn *c, int where, int value);
/* True for the alerts by which a server says that it wanted a certificate. */
bool alert_wants_certificate(int number);

/* ---- wire.c: what goes through the socket ---- */

/* Dumps it, when -debug asks for that. */
void wire_begin(struct conn *c);
/* What a peer may send before we trust the session: keeps the first bytes, and
 * makes reads fail once the peer has sent too much. */
void guard_begin(struct conn *c);
void guard_end(struct conn *c);

/* ---- datagram.c ---- */

/* For a connected socket, or none (-1).  NULL: no memory. */
BIO *datagram_bio(const SSL *ssl, int fd);
/* Until when to wait: to the given time, or to that when DTLS or QUIC has its
 * turn. */
deadline_ms datagram_turn(const struct conn *c, deadline_ms when);

/* ---- wait.c: the only place that knows WANT_READ and WANT_WRITE ---- */

enum step { STEP_DONE, STEP_FAILED, STEP_READ, STEP_WRITE, STEP_ASYNC };

/* One OpenSSL call; more than 0: done. */
typedef int step_call(SSL *ssl);

/* Before a call: nothing of an earlier one is held against it. */
void step_begin(void);
/* What a call came to that returned rc and left errno at "sys"; "why" is filled
 * when it failed. */
enum step step_judge(struct conn *c, int rc, int sys, struct reason *why);
/* Makes the call once; "why" is filled when it failed. */
enum step step_once(struct conn *c, step_call *call, struct reason *why);
/* True inside a call-back when the call that is under way will only have to be
 * made again. */
bool step_waits(const SSL *ssl);
/* Waits for what a step wants. */
bool step_wait(struct conn *c, enum step wants, deadline_ms when, struct err *e)
    MUST_USE;
/* A call that changes nothing: whatever comes first is processed, and a byte of
 * data is left where it is. */
step_call step_look;
/* Makes the call until it is done.  False with "why" filled, or, when the
 * waiter gave up, with e set. */
bool step_run(struct conn *c, step_call *call, struct reason *why,
              struct err *e) MUST_USE;

/* ---- what a connection tells while it lasts, by topic ---- */

/* Install what the trace rule asks for and somebody wants. */
void message_begin(struct conn *c);
void security_begin(struct conn *c);
/* One call of an info or extension call-back. */
void state_log(const struct conn *c, int where, int value);
void extension_log(struct buf *out, int type, const unsigned char *data,
                   int len);

/* ---- lines.c ---- */

/* A number of a protocol and what s_client calls it. */
struct code_name {
    int code;
    const char *name;
};
const char *code_name(const struct code_name *list, size_t count, int code,
                      const char *otherwise);
#define NAME_OF(list, code, otherwise) \
    code_name((list), sizeof(list) / sizeof((list)[0]), (code), (otherwise))
/* "TLS 1.2"; NULL for what s_client does not know. */
const char *version_name(int version);
/* A dump in hexadecimal and ASCII, as BIO_dump(3) has it. */
void lines_dump(struct buf *out, const void *bytes, size_t len, int indent);

/* ---- explain.c: reasons in words ---- */

/* Sets code and sentence for a step that failed; returns false.  "during" is
 * what was being done: "the handshake". */
bool explain(struct conn *c, const struct reason *why, const char *during,
             struct err *e);

/* ---- session.c, early.c, reverify.c ---- */

/* Before a handshake.  False when out of memory. */
bool session_offer(struct conn *c) MUST_USE;
/* Sends early data, where there is some that is allowed; as step_run(). */
bool early_send(struct conn *c, struct reason *why, struct err *e) MUST_USE;
/* After a handshake: what tls_verdict() says of a resumed session. */
void reverify(struct conn *c);

/* ---- psk.c ---- */

/* After a handshake: which key was used. */
void psk_note(struct conn *c);

/* ---- verify.c ---- */

/* Who signed a revocation list may be verified within a verification, in a
 * context that knows nothing: this is the one around it, or itself. */
X509_STORE_CTX *verify_outer(X509_STORE_CTX *ctx);
/* The connection that a verification is about. */
struct conn *verify_conn(X509_STORE_CTX *ctx);
/* One more error of a verification; takes what is in OpenSSL's queue. */
void verify_note_error(struct conn *c, int error);

/* ---- recheck.c: verifying after the handshake ---- */

/* For what the peer has shown, by what holds for the connection;
 * X509_verify_cert() will call "ask".  NULL: no memory. */
X509_STORE_CTX *recheck_new(SSL *ssl, X509_STORE_CTX_verify_cb ask) MUST_USE;
/* Verifies.  What keeps it from coming to its end, other than a call-back that
 * said so in the conn, counts as one more error; so does a context of NULL. */
void recheck_run(struct conn *c, X509_STORE_CTX *ctx);

/* ---- policy.c ---- */

/* The lines of s_client about certificate policies. */
void policy_log(struct buf *log, X509_STORE_CTX *ctx);
