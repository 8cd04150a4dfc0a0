#include "library.h"

#include "apply.h"
#include "newer.h"

#include "base/mem.h"

#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/provider.h>
#include <string.h>

struct loaded {
    size_t count;
    OSSL_PROVIDER *list[];
};

/* ---- what openssl.cnf says of providers ---- */

enum { CONF_MAX = 1024 * 1024 /* bytes of openssl.cnf */ };

/* Modules of the configuration that concern one library context.  All others
 * are the process's, and were put into effect when it began. */
static const char *const own_modules[] = { "providers", "alg_section",
                                           "random" };

#define OWN_SECTION "tlsfleet_library"

/* Names those of the modules that the configuration has, in a section. */
static void add_section(struct buf *text, const CONF *conf)
{
    const char *init = NCONF_get_string(conf, NULL, "openssl_conf");

    buf_text(text, "\n[default]\n" OWN_SECTION " = " OWN_SECTION
                   "\n[" OWN_SECTION "]\n");
    for (size_t i = 0; i < sizeof(own_modules) / sizeof(own_modules[0]); i++) {
        const char *value =
            init ? NCONF_get_string(conf, init, own_modules[i]) : NULL;

        if (value)
            buf_printf(text, "%s = %s\n", own_modules[i], value);
    }
}

/* NULL: it cannot be read, or memory ran out. */
static CONF *parse(const struct library *l, const struct buf *text)
{
    BIO *bio = BIO_new_mem_buf(buf_string(text), (int)text->len);
    CONF *conf = NCONF_new_ex(l->ctx, NULL);
    const bool done = bio && conf && NCONF_load_bio(conf, bio, NULL) > 0;

    BIO_free(bio);
    if (done)
        return conf;
    NCONF_free(conf);
    return NULL;
}

/* The same text twice: a CONF cannot be added to. */
static bool run_modules(const struct library *l, struct buf *text)
{
    CONF *conf = parse(l, text);
    bool done;

    if (!conf)
        return false;
    add_section(text, conf);
    NCONF_free(conf);
    conf = buf_ok(text) ? parse(l, text) : NULL;
    done = conf && CONF_modules_load(conf, OWN_SECTION, 0) > 0;
    NCONF_free(conf);
    return done;
}

static void read_whole(struct buf *text, BIO *bio)
{
    char piece[1024];
    int n;

    while ((n = BIO_read(bio, piece, sizeof(piece))) > 0)
        buf_add(text, piece, (size_t)n);
}

/* As the openssl program: providers come in addition to those of openssl.cnf,
 * which need not be there. */
static bool configure(const struct library *l, struct err *e)
{
    char *file = CONF_get1_default_config_file();
    BIO *bio = file ? BIO_new_file(file, "r") : NULL;
    struct buf text;
    bool done;

    buf_init(&text, CONF_MAX);
    if (bio) {
        read_whole(&text, bio);
        done = run_modules(l, &text)
               || apply_reason(e, ERR_FILE,
                               "the providers of OpenSSL's configuration '%s'",
                               file);
    } else {
        done = apply_default(
            apply_reason(e, ERR_FILE, "OpenSSL's configuration"), e);
    }
    buf_release(&text);
    BIO_free(bio);
    OPENSSL_free(file);
    ERR_clear_error();
    return done;
}

/* ---- handlers ---- */

static bool load_provider(struct library *l, const struct option_said *said,
                          struct err *e)
{
    OSSL_PROVIDER *provider = OSSL_PROVIDER_load(l->ctx, said->text);

    if (!provider)
        return apply_reason(e, ERR_FILE,
                            "option '-%s': unable to load provider '%s' "
                            "(-%s or OPENSSL_MODULES say where it is)",
                            option_rows[said->id].name, said->text,
                            option_rows[OPT_provider_path].name);
    l->loaded->list[l->loaded->count++] = provider;
    return true;
}

/* In the order said: a path is for the providers after it, a parameter for
 * those before it. */
bool apply_provider(struct apply *a, const struct option_said *said,
                    struct err *e)
{
    if (said->id == OPT_provider)
        return load_provider(a->library, said, e);
    if (said->id == OPT_provparam)
        return newer_provider_parameter(a, said, e);
    return OSSL_PROVIDER_set_default_search_path(a->library->ctx, said->text)
           || apply_rejected(a, said, e);
}

bool apply_propquery(struct apply *a, const struct option_said *said,
                     struct err *e)
{
    a->library->propq = mem_text(said->text);
    return a->library->propq || err_memory(e, a->row->name);
}

/* ---- building ---- */

/* What would only come out with the first certificate that cannot be read. */
static bool try_out(const struct library *l, const struct option_set *words,
                    struct err *e)
{
    const enum option_id id = l->propq ? OPT_propquery : OPT_provider;
    SSL_CTX *ctx;

    if (!l->ctx && !l->propq)
        return true;
    ctx = SSL_CTX_new_ex(l->ctx, l->propq, TLS_client_method());
    SSL_CTX_free(ctx);
    return ctx
           || apply_reason(e, ERR_NO_CIPHERS,
                           "option '-%s': '%s' leaves no cipher to offer%s",
                           option_rows[id].name, options_text(words, id, ""),
                           l->propq ? "" : " (name 'default' as well)");
}

static bool needs_own(const struct option_set *words)
{
    return options_has(words, OPT_provider)
           || options_has(words, OPT_provider_path)
           || options_has(words, OPT_provparam);
}

static bool make_own(struct library *l, const struct plan_ask *ask,
                     struct err *e)
{
    bool configured;

    if (cache_count(ask->cache->libraries) > LIBRARIES_MAX)
        return err_set(e, ERR_USAGE,
                       "option '-%s': more than %d different sets of providers "
                       "in one run",
                       option_rows[OPT_provider].name, LIBRARIES_MAX);
    l->ctx = OSSL_LIB_CTX_new();
    l->loaded = mem_new(
        1, sizeof(*l->loaded) + ask->words->count * sizeof(OSSL_PROVIDER *));
    if (!l->ctx || !l->loaded)
        return err_memory(e, "an OpenSSL library context");
    /* OpenSSL's modules of configuration are not made for two threads. */
    pthread_mutex_lock(&ask->cache->configuring);
    configured = configure(l, e);
    pthread_mutex_unlock(&ask->cache->configuring);
    return configured;
}

static void library_release(void *value)
{
    struct library *l = value;

    for (size_t i = 0; l->loaded && i < l->loaded->count; i++)
        OSSL_PROVIDER_unload(l->loaded->list[i]);
    mem_free(l->loaded);
    OSSL_LIB_CTX_free(l->ctx);
    mem_free(l->propq);
    mem_free(l);
}

static void *library_build(struct cached *self, void *arg, struct err *e)
{
    const struct plan_ask *ask = arg;
    struct library *l = mem_new(1, sizeof(*l));
    struct apply a = { .set = ask->words, .cache = ask->cache, .library = l };

    if (!l) {
        err_memory(e, "an OpenSSL library context");
        return NULL;
    }
    if ((!needs_own(ask->words) || make_own(l, ask, e))
        && apply_scope(&a, OPTION_SCOPE_LIB, e)) {
        library_gather(l->ctx);
        if (try_out(l, ask->words, e)) {
            cached_pin(self);
            return l;
        }
    }
    library_release(l);
    return NULL;
}

const struct cache_kind library_kind = {
    .what = "an OpenSSL library context",
    .build = library_build,
    .release = library_release,
};
