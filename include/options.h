/* options -- what the user asked for, in the order it was said.
 *
 * Every option is one row of options.def.  Parsing (command line, plain lists,
 * YAML), help, man page, completion and cache keys are driven from the rows.
 * This room knows no OpenSSL and opens no file.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"

#include <stdint.h>

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
    OPTION_SCOPE_STORE, /* the trust store: key of the store cache */
    OPTION_SCOPE_CTX, /* the shared SSL_CTX: key of the context cache */
    OPTION_SCOPE_SSL, /* one connection */
    OPTION_SCOPE_OUT, /* what is shown of one target */
    OPTION_SCOPE_TTY, /* the interactive session */
    OPTION_SCOPE_RUN, /* the whole process: never in a list */
};

/* What a row may need of the OpenSSL it is linked with (the "needs" column).
 * X(id, phrase for "this OpenSSL was built without ...") */
#define OPTION_NEEDS(X)                                           \
    X(NOTHING, "nothing")                                         \
    X(SSL3, "SSLv3 (enable-ssl3)")                                \
    X(SCTP, "SCTP (enable-sctp)")                                 \
    X(SRP, "SRP")                                                 \
    X(CT, "Certificate Transparency")                             \
    X(NPN, "next protocol negotiation")                           \
    X(TRACE, "message traces (enable-ssl-trace)")                 \
    X(COMP, "TLS compression (enable-zlib)")                      \
    X(ENGINE, "engines")                                          \
    X(SRTP, "SRTP")                                               \
    X(DTLS, "DTLS")                                               \
    X(OPENSSL_3_2, "this feature: OpenSSL 3.2 or newer has it")   \
    X(OPENSSL_3_3, "this feature: OpenSSL 3.3 or newer has it")   \
    X(OPENSSL_3_5, "this feature: OpenSSL 3.5 or newer has it")   \
    X(KTLS, "kernel TLS (OpenSSL 3.2 or newer with enable-ktls)") \
    X(QUIC, "QUIC (OpenSSL 3.2 or newer)")                        \
    X(TFO, "TCP fast open (OpenSSL 3.2 or newer)")

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
    const char *handler; /* "later": not supported yet; see options.def */
    const char *help; /* one line, our own words */
};

extern const struct option_row option_rows[OPTIONS_COUNT];
const char *option_topic_name(enum option_topic topic);
const char *option_topic_title(enum option_topic topic);
const char *option_needs_phrase(enum option_needs needs);

/* Finds a row by its name, without dashes; OPTIONS_COUNT when there is none.
 * Aliases of s_client ("h", "curves", "xmpphost") have rows of their own, but
 * sets hold what they stand for ("help", "groups", "name"). */
enum option_id option_find(const char *name);
/* The nearest valid name for a typo, or NULL when nothing is near. */
const char *option_nearest(const char *name);
/* True when a list that others can write may not say it (house plan 8). */
bool option_is_host(enum option_id id);

/* Who said it; later levels win (interface.md, "Precedence"). */
enum option_level {
    LEVEL_DEFAULTS,
    LEVEL_COMMAND,
    LEVEL_PROFILE,
    LEVEL_TARGET,
};

/* One word as it was said. */
struct option_said {
    enum option_id id;
    enum option_level level;
    bool off; /* "name: false": takes back a flag said earlier */
    int64_t number; /* of the numeric kinds; SECONDS in ms */
    char *text; /* the value as said; NULL for a flag.  Owned by the set */
};

/* Words in order.  A set owns its texts; it is changed by one thread and may
 * be read by many once it is no longer changed. */
struct option_set {
    struct option_said *said;
    size_t count, room;
};

void options_release(struct option_set *set);

/* Checks a value by its kind and appends it.  "value" is NULL for a flag; for
 * a flag "true" and "false" are understood when from_yaml; "help" may have a
 * topic.  Options of scope RUN can only be said at LEVEL_COMMAND.  On failure
 * e says what would be right, beginning with the option's name.  The value is
 * copied. */
struct option_word {
    const char *name;
    const char *value;
    enum option_level level;
    bool from_yaml;
    const char *base_dir; /* files are relative to it; NULL: leave them */
};
bool options_say(struct option_set *set, const struct option_word *word,
                 struct err *e) MUST_USE;

/* Appends copies of all of "from". */
bool options_append(struct option_set *set, const struct option_set *from,
                    struct err *e) MUST_USE;

/* Boils levels down to what counts, in place: takes back flags ("off"), keeps
 * the last word of an option that counts once, replaces a repeatable option
 * said at a later level whole, and lets a member of an exclusive group replace
 * members said at earlier levels.  Order is kept otherwise.  Idempotent; words
 * of a lower level must stand before those of a higher one. */
void options_settle(struct option_set *set);

/* s_client's conflicts (rules.c): words of one level that exclude each other.
 * For any set; an unsettled one shows conflicts that settling would hide. */
bool options_check_conflicts(const struct option_set *set, struct err *e)
    MUST_USE;
/* The same, and options that need another one: for a settled set. */
bool options_check(const struct option_set *set, struct err *e) MUST_USE;

/* Refuses what cannot work here: rows whose handler is "later" ("not
 * supported yet") and rows for which have() is false. */
typedef bool option_have_fn(enum option_needs needs);
bool options_check_supported(const struct option_set *set, option_have_fn *have,
                             struct err *e) MUST_USE;

/* The last word with this id that is not off, or NULL. */
const struct option_said *options_last(const struct option_set *set,
                                       enum option_id id);
bool options_has(const struct option_set *set, enum option_id id);
/* Text or number of the last word, else the given default. */
const char *options_text(const struct option_set *set, enum option_id id,
                         const char *otherwise);
int64_t options_number(const struct option_set *set, enum option_id id,
                       int64_t otherwise);

/* Appends the words whose scope bit is in "scopes" (1u << OPTION_SCOPE_x) in a
 * form that is equal exactly for equal words in equal order: the cache key. */
void options_key(const struct option_set *set, unsigned scopes,
                 struct buf *out);

/* Appends the words as a shell would need them (" -alpn h2 -CAfile 'a b'"),
 * each with a blank before it; secrets are written as "***".  "which" is a mask
 * of scopes, or OPTIONS_PRINT_S_CLIENT: all that s_client knows but where to
 * connect (-connect -host -port -unix). */
#define OPTIONS_PRINT_ALL      (~0u)
#define OPTIONS_PRINT_S_CLIENT (1u << 31)
void options_print(const struct option_set *set, unsigned which,
                   struct buf *out);

/* ---- the command line ---- */

struct command_line {
    struct option_set words;
    char **hosts; /* positional words, borrowed from argv */
    size_t nhosts;
};

/* Reads argv[1..argc-1]: "-x v", "--x v", "-x=v", hosts anywhere, "--" ends
 * the options.  All words get LEVEL_COMMAND.  "-help" takes the next word when
 * that is a topic or "all".  Nothing is to be released on failure. */
bool command_line_parse(struct command_line *line, int argc, char *const argv[],
                        struct err *e) MUST_USE;
void command_line_release(struct command_line *line);

/* Splits a plain list line by shell quoting without any expansion ("#" at the
 * beginning of a word starts a comment), then reads it: one word is the
 * target, the rest are options of LEVEL_TARGET, which are appended.  *target
 * is for mem_free(); NULL for a line without words. */
bool options_parse_line(const char *text, char **target,
                        struct option_set *words, const char *base_dir,
                        struct err *e) MUST_USE;

/* ---- help and dump ---- */

/* Appends the help: NULL gives the short page, "all" everything, else a topic.
 * False for an unknown topic (e names the topics). */
bool options_help(const char *topic, struct buf *out, struct err *e) MUST_USE;
/* Appends all rows as TSV (name, kind, argname, scope, topic, needs, traits,
 * handler, host class, choices, help): what scripts and tests read. */
void options_dump(struct buf *out);
