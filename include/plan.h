/* plan -- an option set made ready: checked once, shared, never changed.
 *
 * Equal words share one plan; plans with equal CTX words share one SSL_CTX;
 * contexts with equal STORE words share one X509_STORE.  The first to ask
 * builds, others with the same words wait for it; a failure is kept as well.
 * Caches are bounded; a plan in use stays alive.
 */
#pragma once

#include "options.h"
#include "tls.h"

struct plan;
struct plan_cache;

/* What a plan says to the rooms above, in plain data. */
struct plan_settings {
    /* network */
    int family; /* AF_UNSPEC, AF_INET, AF_INET6 */
    int socktype;
    const char *bind_host, *bind_port; /* NULL: not asked */
    const char *unix_path; /* -unix; NULL: none */
    const char *proxy_host, *proxy_port, *proxy_user, *proxy_pass;
    const char *starttls; /* NULL: none */
    const char *name; /* -name / -xmpphost */
    int64_t deadline_ms, connect_ms, handshake_ms; /* -1: none */
    unsigned retries;
    bool fast_open; /* -tfo, where it can have an effect */
    /* hello */
    const char *servername; /* -servername; NULL: from the host */
    bool noservername;
    /* verification and output */
    struct verify_rule verify;
    struct trace_rule trace;
    bool showcerts, brief, prexit;
    bool status; /* -status: a staple was asked for */
    bool alpn, npn, serverinfo; /* what of these was offered */
    bool raw_key, ktls; /* likewise */
    bool private_crl; /* -allow_private_crl */
    const char *dane_domain; /* NULL: without DANE */
    const struct psk *psk; /* NULL: none */
    const char *keymat_label; /* NULL: no keying material is exported */
    size_t keymat_len;
    /* sessions and what is said over them; NULL: not asked for */
    const SSL_SESSION *session; /* -sess_in: each connection offers a copy */
    bool reconnect;
    const struct payload *early_data, *input;
};

struct plan_cache_config {
    size_t contexts_max; /* SSL_CTX kept; 0: 64 */
    size_t plans_max; /* plans kept; 0: 1024 */
    bool as_s_client; /* what can only fail is found out by the handshake */
    bool asks; /* for pass phrases that nobody said, at a terminal if any */
};
struct plan_cache *plan_cache_new(const struct plan_cache_config *config,
                                  struct err *e) MUST_USE;
/* Before the first worker: nobody is asked for a pass phrase from here on, and
 * those that were typed stay known. */
void plan_cache_ask_no_more(struct plan_cache *cache);
/* When no plan is in use any more. */
void plan_cache_free(struct plan_cache *cache);

/* The plan of a settled option set, counted; plan_put() gives it back.  Stage
 * CONFIG; codes USAGE, FILE, SECRET, UNSUPPORTED, NO_CIPHERS and our own
 * faults.  Any thread. */
const struct plan *plan_get(struct plan_cache *cache,
                            const struct option_set *words, struct err *e)
    MUST_USE;
void plan_put(const struct plan *p);

const struct plan_settings *plan_settings(const struct plan *p);
/* What of the words has no effect, and why: one sentence a line; "" when all
 * have one. */
const char *plan_warnings(const struct plan *p);
/* The server name that goes into the ClientHello to this host, as s_client
 * decides; NULL for none.  A NULL host (a Unix socket) has none of its own. */
const char *plan_sni(const struct plan *p, const char *host);
/* A new SSL with the plan's context and per-connection words applied; to be
 * freed before the plan is given back. */
SSL *plan_ssl(const struct plan *p, const char *host, struct err *e) MUST_USE;

/* OpenSSL's library context and property query (NULL: none) of the plan, for
 * further work on what its connections bring; borrowed. */
OSSL_LIB_CTX *plan_library(const struct plan *p, const char **propq);

/* Words of scope RUN that change OpenSSL for the whole process.  Before the
 * first plan: -engine, -rand.  Codes FILE and our own faults. */
bool plan_process_begin(const struct option_set *words, struct err *e) MUST_USE;
/* When no thread is left: -writerand.  Code OUTPUT and our own faults. */
bool plan_process_end(const struct option_set *words, struct err *e) MUST_USE;

/* Which OpenSSL was built against and runs, and what it lacks: lines. */
void plan_about(struct buf *out);
/* Random numbers can be had; asked once before a scan. */
bool plan_random_ready(struct err *e) MUST_USE;
/* Whether the linked OpenSSL has what an option needs. */
bool plan_have(enum option_needs needs);
/* The trust store that verifies the server, for checking staples; borrowed. */
X509_STORE *plan_store(const struct plan *p);
