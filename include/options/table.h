/* table -- every option as a row of data: what it is called, what its value is,
 * where it bites, what it needs. */
#pragma once

#include <stdbool.h>

/* How a value is written and checked (src/options/kinds.c). */
enum option_kind {
    OPTION_FLAG, /* no value */
    OPTION_COUNT, /* a whole number from 1 */
    OPTION_INT, /* a whole number, also 0 or negative */
    OPTION_SECONDS, /* seconds, a decimal part allowed; "number" is in ms */
    OPTION_EPOCH, /* seconds since 1970, 64 bits */
    OPTION_STRING, /* any text */
    OPTION_LIST, /* items between commas, colons or blanks; text as said */
    OPTION_CHOICE, /* one of the words in the row's "choices" */
    OPTION_FORMAT, /* the same in any case or shortened, kept as in "choices" */
    OPTION_HOSTPORT, /* as base/hostport.h */
    OPTION_HEX, /* hexadecimal digits */
    OPTION_SECRET, /* pass: env: file: fd: stdin -- where a secret is */
    OPTION_FILE, /* a file to read, or a URI that OSSL_STORE can read */
    OPTION_DIR, /* a directory */
    OPTION_OUTFILE, /* a file to write */
    OPTION_CODE, /* names code to load: engine, provider, configuration */
};

/* Where an option bites: what may be shared between targets. */
enum option_scope {
    OPTION_SCOPE_NET, /* before TLS: addresses, times, dialogues */
    OPTION_SCOPE_LIB, /* whose code does the work: key of the library cache */
    OPTION_SCOPE_STORE, /* the trust store: key of the store cache */
    OPTION_SCOPE_CTX, /* the shared SSL_CTX: key of the context cache */
    OPTION_SCOPE_SSL, /* one connection */
    OPTION_SCOPE_OUT, /* what is shown of one target */
    OPTION_SCOPE_TTY, /* the interactive session */
    OPTION_SCOPE_RUN, /* the whole process: never in a list */
};

/* What a row may need of the OpenSSL it is linked with (the "needs" column).
 * X(id, phrase for "this OpenSSL was built without ..."); a whole version is
 * needed where the phrase begins with "OpenSSL". */
#define OPTION_NEEDS(X)                                   \
    X(NOTHING, "nothing")                                 \
    X(SSL3, "SSLv3 (enable-ssl3)")                        \
    X(SCTP, "SCTP (enable-sctp)")                         \
    X(SRP, "SRP")                                         \
    X(CT, "Certificate Transparency")                     \
    X(NPN, "next protocol negotiation")                   \
    X(TRACE, "message traces (enable-ssl-trace)")         \
    X(COMP, "TLS compression (enable-zlib)")              \
    X(ENGINE, "engines")                                  \
    X(SRTP, "SRTP")                                       \
    X(DTLS, "DTLS")                                       \
    X(OPENSSL_3_2, "OpenSSL 3.2")                         \
    X(OPENSSL_3_3, "OpenSSL 3.3")                         \
    X(OPENSSL_3_5, "OpenSSL 3.5")                         \
    X(KTLS, "kernel TLS (enable-ktls)")                   \
    X(RAW_KEYS, "raw public keys (OpenSSL 3.2 or newer)") \
    X(QUIC, "QUIC (OpenSSL 3.5 or newer)")                \
    X(TFO, "TCP fast open")

enum option_needs {
#define X(id, phrase) NEEDS_##id,
    OPTION_NEEDS(X)
#undef X
        NEEDS_COUNT
};

/* Traits of a row, or-ed together. */
enum {
    OPT_ONCE = 0, /* the last one said counts */
    OPT_MANY = 1 << 0, /* all count, in order */
    OPT_OWN = 1 << 1, /* tlsfleet's own, not s_client's */
    OPT_HOST = 1 << 2, /* touches this host though its kind does not say so */
    OPT_APPEND = 1 << 3, /* an output file that targets may share */
    OPT_SECRET = 1 << 4, /* the value itself is secret: never shown */
    OPT_ALONE = 1 << 5, /* own, but does not ask for a batch */
    OPT_TEMPO = 1 << 6, /* how a run goes, not what its records say */
};

enum option_id {
#define OPT(id, ...) OPT_##id,
#include "options.def"
#undef OPT
    OPTIONS_COUNT
};

/* Topics in the order of -help: X(id, title). */
#define OPTION_TOPICS(X)                                  \
    X(general, "Help and versions")                       \
    X(targets, "Targets and lists")                       \
    X(scan, "The scan: speed, time, repetition")          \
    X(report, "Reports and exit status")                  \
    X(network, "Addresses, proxy and STARTTLS")           \
    X(hello, "What the ClientHello says")                 \
    X(protocol, "Protocol versions, ciphers, groups")     \
    X(trust, "Trust stores and CRLs")                     \
    X(verify, "Verification of the server's certificate") \
    X(identity, "The client's own certificate")           \
    X(session, "Sessions, tickets, early data")           \
    X(psk, "Pre-shared keys and SRP")                     \
    X(dane, "DANE")                                       \
    X(ct, "Certificate transparency and stapling")        \
    X(dtls, "DTLS")                                       \
    X(wire, "Sizes on the wire")                          \
    X(output, "What is printed")                          \
    X(debug, "Looking at the handshake")                  \
    X(random, "Random numbers")                           \
    X(provider, "Providers and engines")                  \
    X(interactive, "The interactive session")

enum option_topic {
#define X(id, title) TOPIC_##id,
    OPTION_TOPICS(X)
#undef X
        TOPIC_COUNT
};

struct option_row {
    const char *name; /* without a dash; also the YAML key */
    enum option_kind kind;
    const char *argname; /* NULL for a flag */
    const char *choices; /* words "a b c", or numbers "1..9"; NULL: any */
    enum option_scope scope;
    enum option_topic topic;
    enum option_needs needs;
    unsigned traits;
    const char *handler; /* see options.def */
    const char *help; /* one line, our own words */
};

extern const struct option_row option_rows[OPTIONS_COUNT];
const char *option_topic_name(enum option_topic topic);
const char *option_topic_title(enum option_topic topic);
const char *option_needs_phrase(enum option_needs needs);
bool option_needs_version(enum option_needs needs);

/* Finds a row by its name, without dashes; OPTIONS_COUNT when there is none.
 * Aliases of s_client ("h", "curves", "xmpphost") have rows of their own, but
 * sets hold what they stand for ("help", "groups", "name"). */
enum option_id option_find(const char *name);
/* The nearest valid name for a typo, or NULL when nothing is near. */
const char *option_nearest(const char *name);
/* True when a list that others can write may not say it (house plan 8). */
bool option_is_host(enum option_id id);
