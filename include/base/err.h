/* err -- why something failed: where, which class, and in words.
 *
 * A function that can fail returns bool (true: done), is MUST_USE and takes
 * "struct err *" last.  The room that begins a stage sets e->stage; nobody
 * below it does.  The first reason wins: a caller passes it on untouched.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define MUST_USE     __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))

/* The steps of one probe in the order they happen: "stage" of a record. */
#define STAGES(X)             \
    X(INPUT, "input")         \
    X(CONFIG, "config")       \
    X(RESOLVE, "resolve")     \
    X(CONNECT, "connect")     \
    X(PROXY, "proxy")         \
    X(STARTTLS, "starttls")   \
    X(HANDSHAKE, "handshake") \
    X(VERIFY, "verify")       \
    X(REQUEST, "request")     \
    X(SHUTDOWN, "shutdown")   \
    X(DONE, "done")

enum stage {
#define X(id, name) STAGE_##id,
    STAGES(X)
#undef X
        STAGE_COUNT
};

/* What became of a target: "status" of a record.  A closed set. */
#define STATUSES(X)                                                        \
    X(OK, "ok", "the handshake was done")                                  \
    X(FAILED, "failed", "the peer or the network said no")                 \
    X(TIMEOUT, "timeout", "an answer did not come in time")                \
    X(INVALID, "invalid", "the address of the target cannot be read")      \
    X(CONFIG, "config", "a file or option of the target cannot be used")   \
    X(INTERNAL, "internal", "a fault on our side; says nothing of a peer") \
    X(NOT_ATTEMPTED, "not_attempted", "the scan ended before its turn")

enum status {
#define X(id, name, meaning) STATUS_##id,
    STATUSES(X)
#undef X
        STATUS_COUNT
};

/* "code" of a record: X(id, name, status, may pass, meaning).  "may pass"
 * says that another attempt could do better, which is what -retries asks. */
/* clang-format off */
#define ERR_CODES(X) \
    X(NONE, "none", OK, false, "nothing failed") \
    X(ADDRESS, "bad_address", INVALID, false, "the target is no host, port or address") \
    X(USAGE, "usage", CONFIG, false, "an option or its value is wrong") \
    X(UNSUPPORTED, "unsupported", CONFIG, false, "this build or OpenSSL cannot do what an option asks") \
    X(FILE, "file", CONFIG, false, "a file that an option names cannot be used") \
    X(SECRET, "secret", CONFIG, false, "a pass phrase could not be had") \
    X(NO_CIPHERS, "no_ciphers", CONFIG, false, "the options leave nothing to offer") \
    X(NO_MEMORY, "no_memory", INTERNAL, true, "memory ran out") \
    X(NO_DESCRIPTORS, "no_descriptors", INTERNAL, true, "file descriptors ran out") \
    X(NO_PORTS, "no_ports", INTERNAL, true, "local ports ran out") \
    X(NO_ENTROPY, "no_entropy", INTERNAL, true, "no random numbers could be had") \
    X(OVERLOAD, "overload", INTERNAL, true, "time was lost waiting for our own processor") \
    X(SYSTEM, "system", INTERNAL, false, "the operating system refused a call") \
    X(OUTPUT, "output", INTERNAL, false, "a report could not be written") \
    X(NAME_UNKNOWN, "name_unknown", FAILED, false, "the name does not exist or has no such address") \
    X(NAME_TEMPORARY, "name_temporary", FAILED, true, "the name servers could not answer now") \
    X(NAME_FAILED, "name_failed", FAILED, false, "the name servers refused to answer") \
    X(NAME_TIMEOUT, "name_timeout", TIMEOUT, true, "the name was not resolved in time") \
    X(REFUSED, "connect_refused", FAILED, false, "nothing listens there") \
    X(UNREACHABLE, "unreachable", FAILED, true, "no route to the host") \
    X(NET_UNREACHABLE, "network_unreachable", FAILED, true, "this machine has no route to the network") \
    X(CONNECT_FAILED, "connect_failed", FAILED, false, "the connection could not be made") \
    X(CONNECT_TIMEOUT, "connect_timeout", TIMEOUT, true, "the connection was not made in time") \
    X(BIND_FAILED, "bind_failed", CONFIG, false, "the local address cannot be used") \
    X(PROXY_REFUSED, "proxy_refused", FAILED, false, "the proxy answered with a refusal") \
    X(PROXY_PROTOCOL, "proxy_protocol", FAILED, false, "the proxy's answer is not HTTP") \
    X(NOT_OFFERED, "starttls_not_offered", FAILED, false, "the server does not offer STARTTLS") \
    X(STARTTLS_REFUSED, "starttls_refused", FAILED, false, "the server refused STARTTLS") \
    X(STARTTLS_MALFORMED, "starttls_malformed", FAILED, false, "the server's reply is not of its protocol") \
    X(STARTTLS_TOO_LONG, "starttls_too_long", FAILED, false, "the server's reply has no end in sight") \
    X(STARTTLS_INJECTED, "starttls_injected", FAILED, false, "bytes in clear followed the last reply before TLS") \
    X(TIMED_OUT, "timeout", TIMEOUT, true, "the stage did not end in its budget") \
    X(DEADLINE, "deadline", TIMEOUT, false, "the target used up its whole deadline") \
    X(CLOSED, "closed", FAILED, true, "the peer closed the connection") \
    X(RESET, "reset", FAILED, true, "the peer reset the connection") \
    X(NOT_TLS, "not_tls", FAILED, false, "what the peer says is not TLS") \
    X(ALERT, "tls_alert", FAILED, false, "the peer ended the handshake with an alert") \
    X(CLIENT_CERT, "client_cert_required", FAILED, false, "the server wants a client certificate that it did not get") \
    X(TLS, "tls_protocol", FAILED, false, "the handshake broke a rule of TLS or of our options") \
    X(VERIFY, "verify_failed", FAILED, false, "verification failed and the options end the handshake then") \
    X(FETCH, "crl_fetch", FAILED, false, "a revocation list could not be fetched and the options end the connection then") \
    X(INTERRUPTED, "interrupted", NOT_ATTEMPTED, false, "the scan was told to stop") \
    X(RUNTIME, "max_runtime", NOT_ATTEMPTED, false, "the time of the whole scan was used up") \
    X(GONE, "gone", NOT_ATTEMPTED, false, "the baseline has the target, this run's input has not")
/* clang-format on */

enum err_code {
#define X(id, name, status, passing, meaning) ERR_##id,
    ERR_CODES(X)
#undef X
        ERR_COUNT
};

enum { ERR_MSG_MAX = 400 };

struct err {
    enum stage stage;
    enum err_code code;
    int sys; /* errno; of getaddrinfo(3) its own code, below 0; or 0 */
    unsigned long ossl; /* packed OpenSSL error, or 0 */
    char msg[ERR_MSG_MAX]; /* one sentence, no line end, no full stop */
};

/* A row of ERR_CODES as data. */
struct err_row {
    const char *name;
    const char *meaning;
    enum status status;
    bool may_pass;
};

/* Names and meanings of the rows above; static, never NULL for a member of
 * the enum.  Safe from any thread. */
const char *stage_name(enum stage stage);
const char *status_name(enum status status);
const char *status_meaning(enum status status);
const struct err_row *err_row(enum err_code code);

/* Sets code and message unless a reason is there already (the first wins) and
 * returns false, so that a failing function ends in "return err_set(...);".
 * The message is cut at ERR_MSG_MAX - 1 bytes. */
bool err_set(struct err *e, enum err_code code, const char *fmt, ...)
    PRINTF(3, 4);

/* The same from an errno value: "what: reason".  Running out of memory,
 * descriptors or ports gets its own code; everything else gets "code". */
bool err_sys(struct err *e, enum err_code code, int sys, const char *what);

/* Out of memory while doing "what".  Returns false. */
bool err_memory(struct err *e, const char *what);

/* Forgets the reason, keeps the stage: before another attempt. */
void err_clear(struct err *e);
