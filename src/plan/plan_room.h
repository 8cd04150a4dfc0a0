/* plan_room -- what the files of the plan room share. */
#pragma once

#include "base/hostport.h"
#include "cache.h"
#include "plan.h"

#include <pthread.h>

/* Four levels of what words make, each shared by equal words; and what is read
 * or opened once a run. */
struct plan_cache {
    struct cache *plans, *contexts, *trusts, *libraries;
    struct cache *secrets, *keylogs, *payloads;
    struct phrases *phrases;
    bool as_s_client; /* as the config says */
    pthread_mutex_t configuring; /* held while OpenSSL reads openssl.cnf or
                                 * loads an engine */
};

/* What every build function gets as its "arg". */
struct plan_ask {
    struct plan_cache *cache;
    const struct option_set *words;
};

/* The entry whose key are the words with a scope in "scopes". */
struct cached *level_get(struct cache *level, unsigned scopes,
                         struct plan_ask *ask, struct err *e) MUST_USE;

enum { WARNINGS_MAX = 64 * 1024 }; /* bytes of all warnings of a plan */

struct library; /* library.h */

struct trust {
    struct cached *library;
    X509_STORE *store; /* -CA* or the defaults */
    X509_STORE *verify; /* -verifyCA*: verifies the server instead; or NULL */
};

struct xcerts; /* the client certificates of -xcert */

struct context {
    SSL_CTX *ctx;
    struct cached *trust;
    struct cached *keylog; /* NULL: none */
    struct xcerts *xcerts; /* NULL: none */
    struct cached *srp_pass; /* NULL: none */
    struct srp srp;
    struct protocol_names npn;
    unsigned long revocation; /* of struct verify_rule */
    struct buf warnings; /* words without effect, one a line */
};

struct plan {
    struct cached *self;
    bool as_s_client;
    struct option_set words; /* our copy; settings point into it */
    struct plan_settings settings;
    struct hostport bind, proxy;
    struct cached *proxy_pass; /* NULL: none */
    struct psk psk;
    SSL_SESSION *session; /* NULL: none */
    struct cached *early_data, *input; /* payloads; NULL: none */
    struct buf warnings; /* words without effect, one a line */
    struct cached *context;
};

extern const struct cache_kind trust_kind;
extern const struct cache_kind context_kind;
extern const struct cache_kind secret_kind;
extern const struct cache_kind keylog_kind;
extern const struct cache_kind payload_kind;

/* Words of NET, OUT and hello into plan->settings. */
bool settings_fill(struct plan *p, struct plan_cache *cache, struct err *e)
    MUST_USE;

/* The key of -psk... into plan->settings. */
bool psk_fill(struct plan *p, struct err *e) MUST_USE;
void psk_release(struct psk *psk);

/* Sessions, early data and a request into plan->settings; after psk_fill(). */
bool session_fill(struct plan *p, struct plan_cache *cache, struct err *e)
    MUST_USE;
/* The session in the file that an option of the set names; NULL with e. */
SSL_SESSION *session_said(const struct option_set *set, enum option_id id,
                          struct err *e) MUST_USE;

/* Whether the words ask for DTLS. */
bool is_datagram(const struct option_set *set);

/* The secret whose source ("pass:", "env:", "file:", "fd:", "stdin") an option
 * of the set names; *out stays NULL when it was not said.  A source is read
 * once; what cannot be read a second time is kept to the end of the run. */
bool secret_said(struct plan_cache *cache, const struct option_set *set,
                 enum option_id id, struct cached **out, struct err *e)
    MUST_USE;
/* Lives until the entry is given back; NULL for NULL. */
const char *secret_text(const struct cached *secret);

void xcerts_free(struct xcerts *x);
