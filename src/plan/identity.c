/* identity -- the client's own certificate: -cert, -key and their company. */
#include "apply.h"
#include "files.h"

#include "tls/engine.h"

#include <openssl/err.h>
#include <string.h>

/* What the words name, loaded. */
struct identity {
    EVP_PKEY *key;
    X509 *cert;
    STACK_OF(X509) * chain;
};

/* PEM and DER are hints; PKCS#12 is known by its content. */
static const char *form_of(const struct option_set *set, enum option_id id)
{
    const char *form = options_text(set, id, NULL);

    return form && strcmp(form, "P12") != 0 ? form : NULL;
}

/* Without -key the key stands in the -cert file. */
static enum option_id key_option(const struct option_set *set)
{
    return options_has(set, OPT_key) ? OPT_key : OPT_cert;
}

static bool is_engine(const struct option_set *set)
{
    return strcmp(options_text(set, OPT_keyform, ""), "ENGINE") == 0;
}

/* -keyform ENGINE: -key is a name that the engine of the run knows. */
static bool load_engine_key(struct identity *i, const struct apply *a,
                            const char *pass, struct err *e)
{
    const struct option_set *set = a->set;
    const char *engine = options_text(set, OPT_engine, NULL);
    const char *name = options_text(set, OPT_key, NULL);

    if (!engine || !name)
        return err_set(e, ERR_USAGE,
                       "option '-%s': ENGINE takes the key from an engine: say "
                       "-%s, and with -%s the key's name there",
                       option_rows[OPT_keyform].name,
                       option_rows[OPT_engine].name, option_rows[OPT_key].name);
    pthread_mutex_lock(&a->cache->configuring);
    i->key = engine_key(engine, name, pass);
    pthread_mutex_unlock(&a->cache->configuring);
    return i->key
           || apply_reason(e, ERR_FILE,
                           "option '-%s': no key '%s' from engine '%s'",
                           option_rows[OPT_key].name, name, engine);
}

static bool load_key(struct identity *i, const struct apply *a,
                     const char *pass, struct err *e)
{
    const struct option_set *set = a->set;
    const enum option_id id = key_option(set);
    const struct file_ask ask = { .option = id,
                                  .name = options_text(set, id, NULL),
                                  .form = form_of(set, OPT_keyform),
                                  .pass = pass,
                                  .phrases = a->cache->phrases,
                                  .library = a->library };

    if (is_engine(set))
        return load_engine_key(i, a, pass, e);
    if (ask.name)
        i->key = file_key(&ask, e);
    return !ask.name || i->key;
}

static bool load_cert(struct identity *i, const struct apply *a,
                      const char *pass, struct err *e)
{
    const struct option_set *set = a->set;
    const struct file_ask ask = { .option = OPT_cert,
                                  .name = options_text(set, OPT_cert, NULL),
                                  .form = form_of(set, OPT_certform),
                                  .pass = pass,
                                  .phrases = a->cache->phrases,
                                  .library = a->library };

    if (ask.name)
        i->cert = file_cert(&ask, e);
    return !ask.name || i->cert;
}

static bool load_chain(struct identity *i, const struct apply *a,
                       const char *pass, struct err *e)
{
    const struct file_ask ask = { .option = OPT_cert_chain,
                                  .name = options_text(a->set, OPT_cert_chain,
                                                       NULL),
                                  .pass = pass,
                                  .phrases = a->cache->phrases,
                                  .library = a->library };

    if (ask.name)
        i->chain = file_certs(&ask, e);
    return !ask.name || i->chain;
}

/* As s_client: the key first, and everything named is loaded even if it is
 * not used because there is no -cert. */
static bool load(struct identity *i, const struct apply *a, struct err *e)
{
    struct cached *secret = NULL;
    const char *pass;
    bool loaded;

    if (!secret_said(a->cache, a->set, OPT_pass, &secret, e))
        return false;
    pass = secret_text(secret);
    loaded = load_key(i, a, pass, e) && load_cert(i, a, pass, e)
             && load_chain(i, a, pass, e);
    cached_put(secret);
    return loaded;
}

static bool use_pair(const struct identity *i, const struct apply *a,
                     struct err *e)
{
    SSL_CTX *ctx = a->context->ctx;
    const char *cert = options_text(a->set, OPT_cert, "");
    const enum option_id key = key_option(a->set);

    if (!X509_check_private_key(i->cert, i->key)) {
        ERR_clear_error();
        return err_set(e, ERR_FILE,
                       "option '-%s': the private key in '%s' does not belong "
                       "to the certificate in '%s'",
                       option_rows[key].name, options_text(a->set, key, ""),
                       cert);
    }
    if (SSL_CTX_use_certificate(ctx, i->cert)
        && SSL_CTX_use_PrivateKey(ctx, i->key))
        return true;
    return apply_reason(e, ERR_FILE,
                        "option '-%s': OpenSSL does not take the certificate "
                        "in '%s'",
                        option_rows[OPT_cert].name, cert);
}

static bool use_chain(const struct identity *i, const struct apply *a,
                      struct err *e)
{
    SSL_CTX *ctx = a->context->ctx;

    if (i->chain && !SSL_CTX_set1_chain(ctx, i->chain))
        return apply_reason(e, ERR_FILE,
                            "option '-%s': OpenSSL does not take the chain",
                            option_rows[OPT_cert_chain].name);
    if (!options_has(a->set, OPT_build_chain))
        return true;
    /* 1 and 2 (an error that a flag lets pass) are success. */
    return SSL_CTX_build_cert_chain(ctx,
                                    i->chain ? SSL_BUILD_CHAIN_FLAG_CHECK : 0)
               > 0
           || apply_reason(e, ERR_FILE,
                           "option '-%s': no chain for the certificate in '%s'",
                           option_rows[OPT_build_chain].name,
                           options_text(a->set, OPT_cert, ""));
}

bool apply_identity(struct apply *a, const struct option_said *said,
                    struct err *e)
{
    struct identity i = { 0 };
    bool done = false;

    (void)said;
    if (load(&i, a, e))
        done = !i.cert || (use_pair(&i, a, e) && use_chain(&i, a, e));
    EVP_PKEY_free(i.key);
    X509_free(i.cert);
    sk_X509_pop_free(i.chain, X509_free);
    return done;
}

/* -ssl_client_engine */
bool apply_client_engine(struct apply *a, const struct option_said *said,
                         struct err *e)
{
    bool done;

    pthread_mutex_lock(&a->cache->configuring);
    done = engine_choose_cert(a->context->ctx, said->text);
    pthread_mutex_unlock(&a->cache->configuring);
    return done
           || apply_reason(e, ERR_FILE,
                           "option '-%s': engine '%s' cannot choose "
                           "certificates",
                           a->row->name, said->text);
}
