/* context -- the shared SSL_CTX of equal words; never changed once built. */
#include "apply.h"

#include "base/mem.h"
#include "tls/quic.h"

#include <openssl/err.h>

enum {
    TRUST_SCOPES = 1u << OPTION_SCOPE_LIB | 1u << OPTION_SCOPE_STORE,
};

/* What s_client sets whatever was said, and what a shared context needs. */
static void set_basics(SSL_CTX *ctx, const struct trust *trust)
{
    /* A read that only met a ticket shall come back to its deadline. */
    SSL_CTX_clear_mode(ctx, SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
    /* Sessions never cross targets, and a cache would be a lock. */
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, tls_verify_callback);
    tls_watch_context(ctx);
    SSL_CTX_set1_cert_store(ctx, trust->store);
    SSL_CTX_dane_enable(ctx); /* so that -dane_tlsa_domain can, on an SSL */
}

static const SSL_METHOD *method_of(const struct option_set *words)
{
    if (options_has(words, OPT_quic))
        return quic_method();
    return is_datagram(words) ? DTLS_client_method() : TLS_client_method();
}

static bool fill(struct context *c, struct plan_ask *ask, struct err *e)
{
    struct apply a = { .set = ask->words,
                       .cache = ask->cache,
                       .context = c,
                       .warnings = &c->warnings };
    const struct trust *trust;

    c->trust = level_get(ask->cache->trusts, TRUST_SCOPES, ask, e);
    if (!c->trust)
        return false;
    trust = cached_value(c->trust);
    /* The system's ssl_conf defaults come with it, as in openssl's programs. */
    a.library = cached_value(trust->library);
    c->ctx =
        SSL_CTX_new_ex(a.library->ctx, a.library->propq, method_of(ask->words));
    if (!c->ctx)
        return tls_reason(e, ERR_SYSTEM, "cannot set up OpenSSL");
    set_basics(c->ctx, trust);
    if (trust->verify && !SSL_CTX_set1_verify_cert_store(c->ctx, trust->verify))
        return tls_reason(e, ERR_SYSTEM, "cannot set the trust store");
    return apply_scope(&a, OPTION_SCOPE_CTX, e);
}

static void context_release(void *value)
{
    struct context *c = value;

    SSL_CTX_free(c->ctx);
    xcerts_free(c->xcerts);
    mem_free(c->npn.wire);
    buf_release(&c->warnings);
    cached_put(c->srp_pass);
    cached_put(c->keylog);
    cached_put(c->trust);
    mem_free(c);
}

static void *context_build(struct cached *self, void *arg, struct err *e)
{
    struct context *c = mem_new(1, sizeof(*c));

    (void)self;
    if (!c) {
        err_memory(e, "a TLS context");
        return NULL;
    }
    buf_init(&c->warnings, WARNINGS_MAX);
    if (fill(c, arg, e))
        return c;
    context_release(c);
    return NULL;
}

const struct cache_kind context_kind = {
    .what = "a TLS context",
    .build = context_build,
    .release = context_release,
};
