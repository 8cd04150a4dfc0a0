#include "apply.h"
#include "phrases.h"

#include "base/mem.h"

#include <openssl/err.h>

enum {
    CONTEXTS_MAX = 64,
    PLANS_MAX = 1024,
    SECRETS_MAX = 256,
    KEYLOGS_MAX = 16,
    PAYLOADS_MAX = 16,
    KEY_MAX = 1024 * 1024, /* bytes of all words of a target */
    CONTEXT_SCOPES = 1u << OPTION_SCOPE_LIB | 1u << OPTION_SCOPE_STORE
                     | 1u << OPTION_SCOPE_CTX,
    PLAN_SCOPES = CONTEXT_SCOPES | 1u << OPTION_SCOPE_NET
                  | 1u << OPTION_SCOPE_SSL | 1u << OPTION_SCOPE_OUT,
};

struct cached *level_get(struct cache *level, unsigned scopes,
                         struct plan_ask *ask, struct err *e)
{
    struct cached *entry = NULL;
    struct buf words;

    buf_init(&words, KEY_MAX);
    options_key(ask->words, scopes, &words);
    if (words.refused) {
        err_memory(e, "the options of a target");
    } else if (words.overflowed) {
        err_set(e, ERR_USAGE,
                "the options of a target are longer than %d bytes", KEY_MAX);
    } else {
        const struct cache_key key = { .bytes = buf_string(&words),
                                       .len = words.len };

        entry = cache_get(level, &key, ask, e);
    }
    buf_wipe(&words); /* as the key of the entry, they may hold a pass phrase */
    return entry;
}

static const struct context *context_of(const struct plan *p)
{
    return cached_value(p->context);
}

/* ---- one connection ---- */

static bool set_sni(SSL *ssl, const char *name, struct err *e)
{
    return !name || SSL_set_tlsext_host_name(ssl, name)
           || apply_reason(e, ERR_USAGE,
                           "OpenSSL does not accept the server name '%s'",
                           name);
}

static SSL *make_ssl(const struct plan *p, const char *host,
                     struct buf *warnings, struct err *e)
{
    SSL *ssl = SSL_new(context_of(p)->ctx);
    struct apply a = { .set = &p->words,
                       .ssl = ssl,
                       .as_s_client = p->as_s_client,
                       .warnings = warnings };

    if (!ssl) {
        tls_reason(e, ERR_SYSTEM, "cannot make a TLS connection");
        return NULL;
    }
    if (set_sni(ssl, plan_sni(p, host), e)
        && apply_scope(&a, OPTION_SCOPE_SSL, e))
        return ssl;
    SSL_free(ssl);
    return NULL;
}

/* ---- building a plan ---- */

/* Makes one SSL, so that what it would refuse is known before any target is
 * connected, once for all that say the same. */
static bool try_out(struct plan *p, struct err *e)
{
    SSL *ssl = make_ssl(p, NULL, &p->warnings, e);
    STACK_OF(SSL_CIPHER) * ciphers;
    bool some;

    if (!ssl)
        return false;
    ciphers = SSL_get1_supported_ciphers(ssl);
    some = sk_SSL_CIPHER_num(ciphers) > 0;
    sk_SSL_CIPHER_free(ciphers);
    SSL_free(ssl);
    ERR_clear_error();
    return some || p->as_s_client
           || err_set(e, ERR_NO_CIPHERS,
                      "the options leave no protocol version with a cipher to "
                      "offer (below TLS 1.2 it takes -%s with @SECLEVEL=0)",
                      option_rows[OPT_cipher].name);
}

static void add_warnings(struct plan *p)
{
    const struct buf *warnings = &context_of(p)->warnings;

    buf_add(&p->warnings, buf_string(warnings), warnings->len);
}

static bool fill(struct plan *p, struct plan_ask *ask, struct err *e)
{
    if (!options_append(&p->words, ask->words, e)
        || !settings_fill(p, ask->cache, e))
        return false;
    p->context = level_get(ask->cache->contexts, CONTEXT_SCOPES, ask, e);
    if (!p->context)
        return false;
    p->settings.verify.revocation = context_of(p)->revocation;
    add_warnings(p);
    return try_out(p, e);
}

static void plan_release(void *value)
{
    struct plan *p = value;

    cached_put(p->context);
    cached_put(p->proxy_pass);
    psk_release(&p->psk);
    SSL_SESSION_free(p->session);
    cached_put(p->early_data);
    cached_put(p->input);
    buf_release(&p->warnings);
    hostport_release(&p->bind);
    hostport_release(&p->proxy);
    options_release(&p->words);
    mem_free(p);
}

static void *plan_build(struct cached *self, void *arg, struct err *e)
{
    struct plan *p = mem_new(1, sizeof(*p));

    if (!p) {
        err_memory(e, "a plan");
        return NULL;
    }
    p->self = self;
    p->as_s_client = ((struct plan_ask *)arg)->cache->as_s_client;
    buf_init(&p->warnings, WARNINGS_MAX);
    ERR_clear_error();
    if (fill(p, arg, e))
        return p;
    plan_release(p);
    return NULL;
}

static const struct cache_kind plan_kind = {
    .what = "a plan",
    .build = plan_build,
    .release = plan_release,
};

/* ---- the door ---- */

static bool make_caches(struct plan_cache *c,
                        const struct plan_cache_config *config)
{
    const size_t contexts =
        config->contexts_max ? config->contexts_max : CONTEXTS_MAX;
    const size_t plans = config->plans_max ? config->plans_max : PLANS_MAX;

    c->as_s_client = config->as_s_client;
    c->plans = cache_new(&plan_kind, plans);
    c->contexts = cache_new(&context_kind, contexts);
    c->trusts = cache_new(&trust_kind, contexts);
    c->libraries = cache_new(&library_kind, LIBRARIES_MAX);
    c->secrets = cache_new(&secret_kind, SECRETS_MAX);
    c->phrases = phrases_new(config->asks);
    c->keylogs = cache_new(&keylog_kind, KEYLOGS_MAX);
    c->payloads = cache_new(&payload_kind, PAYLOADS_MAX);
    return c->plans && c->contexts && c->trusts && c->libraries && c->secrets
           && c->phrases && c->keylogs && c->payloads;
}

struct plan_cache *plan_cache_new(const struct plan_cache_config *config,
                                  struct err *e)
{
    struct plan_cache *cache = mem_new(1, sizeof(*cache));

    if (cache)
        pthread_mutex_init(&cache->configuring, NULL);
    /* Reads openssl.cnf, as the openssl program does when it begins. */
    if (!OPENSSL_init_ssl(0, NULL))
        tls_reason(e, ERR_SYSTEM, "cannot set up OpenSSL");
    if (cache && e->code == ERR_NONE && make_caches(cache, config))
        return cache;
    plan_cache_free(cache);
    err_memory(e, "the caches of plans");
    return NULL;
}

void plan_cache_ask_no_more(struct plan_cache *cache)
{
    phrases_end(cache->phrases);
}

void plan_cache_free(struct plan_cache *cache)
{
    if (!cache)
        return;
    /* Downwards: what is above holds what is below. */
    cache_free(cache->plans);
    cache_free(cache->contexts);
    cache_free(cache->trusts);
    cache_free(cache->libraries);
    cache_free(cache->keylogs);
    cache_free(cache->payloads);
    cache_free(cache->secrets);
    phrases_free(cache->phrases);
    pthread_mutex_destroy(&cache->configuring);
    mem_free(cache);
}

const struct plan *plan_get(struct plan_cache *cache,
                            const struct option_set *words, struct err *e)
{
    struct plan_ask ask = { .cache = cache, .words = words };
    struct cached *entry;

    e->stage = STAGE_CONFIG;
    /* What was refused before is not held against what is built now. */
    mem_forget();
    entry = level_get(cache->plans, PLAN_SCOPES, &ask, e);
    return entry ? cached_value(entry) : NULL;
}

void plan_put(const struct plan *p)
{
    if (p)
        cached_put(p->self);
}

const struct plan_settings *plan_settings(const struct plan *p)
{
    return &p->settings;
}

SSL *plan_ssl(const struct plan *p, const char *host, struct err *e)
{
    return make_ssl(p, host, NULL, e);
}

OSSL_LIB_CTX *plan_library(const struct plan *p, const char **propq)
{
    const struct trust *trust = cached_value(context_of(p)->trust);
    const struct library *library = cached_value(trust->library);

    *propq = library->propq;
    return library->ctx;
}

const char *plan_warnings(const struct plan *p)
{
    return buf_string(&p->warnings);
}

X509_STORE *plan_store(const struct plan *p)
{
    const struct trust *trust = cached_value(context_of(p)->trust);

    return trust->verify ? trust->verify : trust->store;
}
