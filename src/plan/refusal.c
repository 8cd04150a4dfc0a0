/* refusal -- s_client's way from words to a connection, taken until it ends. */
#include "refusal.h"

#include "base/mem.h"
#include "plan_room.h"
#include "tls/engine.h"
#include "tls/error_lines.h"

#include <openssl/ct.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/store.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

bool refusal_say(struct refusal *r, const char *sentence)
{
    buf_text(r->out, sentence);
    error_lines_take(r->out);
    return true;
}

/* ---- while the words are read ---- */

static bool try_policy(struct refusal *r, const char *text)
{
    ASN1_OBJECT *policy = OBJ_txt2obj(text, 0);

    if (!policy)
        buf_printf(r->out, S_CLIENT "Invalid Policy %s\n", text);
    ASN1_OBJECT_free(policy);
    return !policy;
}

static bool try_purpose(struct refusal *r, const char *text)
{
    char name[64];

    snprintf(name, sizeof(name), "%s", text); /* OpenSSL's lacks const */
    if (X509_PURPOSE_get_by_sname(name) >= 0)
        return false;
    buf_printf(r->out, S_CLIENT "Invalid purpose %s\n", text);
    return true;
}

static bool try_verify_name(struct refusal *r, const char *text)
{
    if (X509_VERIFY_PARAM_lookup(text))
        return false;
    buf_printf(r->out, S_CLIENT "Invalid verify name %s\n", text);
    return true;
}

/* Names between colons. */
static bool try_rand(struct refusal *r, const char *text)
{
    while (*text) {
        const size_t len = strcspn(text, ":");
        char *name = mem_copy(text, len);
        const bool done = !name || len == 0 || RAND_load_file(name, -1) >= 0;

        mem_free(name);
        if (!done) {
            buf_printf(r->out, "Can't load %.*s into RNG\n", (int)len, text);
            return refusal_say(r, "");
        }
        text += len + (text[len] == ':');
    }
    return false;
}

/* Never a refusal: s_client goes on without it. */
static bool say_engine(struct refusal *r, const char *text)
{
    (void)remark_engine(text, r->out);
    return false;
}

static bool try_provider(struct refusal *r, const char *text)
{
    OSSL_PROVIDER *provider = OSSL_PROVIDER_load(r->library, text);

    if (provider) {
        r->providers[r->nproviders++] = provider;
        return false;
    }
    buf_printf(r->out,
               S_CLIENT "unable to load provider %s\n"
                        "Hint: use -provider-path option or OPENSSL_MODULES "
                        "environment variable.\n",
               text);
    return refusal_say(r, "");
}

/* ---- the context ---- */

static bool try_crl(struct refusal *r, const char *text)
{
    const struct refusal_file f = { .name = text,
                                    .what = "CRL",
                                    .kind = OSSL_STORE_INFO_CRL,
                                    .after = "Unable to load CRL" };

    return refusal_file(&f, r->out);
}

static bool try_section(struct refusal *r, const char *text)
{
    if (SSL_CTX_config(r->ctx, text))
        return false;
    buf_printf(r->out, "Error using configuration \"%s\"\n", text);
    return refusal_say(r, "");
}

typedef int load_fn(X509_STORE *store, const char *text);

/* A store of its own for verifying, or for completing our chain. */
static bool try_store(struct refusal *r, load_fn *load, const char *text)
{
    X509_STORE *store = X509_STORE_new();
    const bool done = store && load(store, text) > 0;

    X509_STORE_free(store);
    return !done && refusal_say(r, "Error loading store locations\n");
}

static bool try_store_file(struct refusal *r, const char *text)
{
    return try_store(r, X509_STORE_load_file, text);
}

static bool try_store_path(struct refusal *r, const char *text)
{
    return try_store(r, X509_STORE_load_path, text);
}

static bool try_store_uri(struct refusal *r, const char *text)
{
    return try_store(r, X509_STORE_load_store, text);
}

static bool try_ca_names(struct refusal *r, const char *text)
{
    STACK_OF(X509_NAME) *names = sk_X509_NAME_new_null();
    const bool done =
        names && SSL_add_file_cert_subjects_to_stack(names, text) > 0;

    sk_X509_NAME_pop_free(names, X509_NAME_free);
    return !done && refusal_say(r, "Error loading CA names\n");
}

/* "opening" and "reading" are what s_client says of a file that it cannot open
 * or that is no session. */
static bool try_session(struct refusal *r, const char *text,
                        const char *opening, const char *reading)
{
    BIO *bio = BIO_new_file(text, "r");
    SSL_SESSION *session =
        bio ? PEM_read_bio_SSL_SESSION(bio, NULL, NULL, NULL) : NULL;

    if (!session) {
        buf_printf(r->out, "Can't %s session file %s\n",
                   bio ? reading : opening, text);
        refusal_say(r, "");
    }
    BIO_free(bio);
    SSL_SESSION_free(session);
    return !session;
}

static bool try_psk_session(struct refusal *r, const char *text)
{
    return try_session(r, text, "open PSK", "read PSK");
}

static bool try_sess_in(struct refusal *r, const char *text)
{
    return try_session(r, text, "open", "open");
}

static bool try_srtp(struct refusal *r, const char *text)
{
    return SSL_CTX_set_tlsext_use_srtp(r->ctx, text) != 0
           && refusal_say(r, "Error setting SRTP profile\n");
}

/* Never a refusal, but what is taken here -ct cannot have. */
static bool take_extensions(struct refusal *r, const char *text)
{
    remark_extensions(text, r->ctx, r->out);
    return false;
}

#ifndef OPENSSL_NO_CT
static bool try_ct(struct refusal *r, const char *text)
{
    const char *list = options_text(r->words, OPT_ctlogfile, NULL);

    (void)text;
    if (SSL_CTX_enable_ct(r->ctx, SSL_CT_VALIDATION_PERMISSIVE)
        && (list ? SSL_CTX_set_ctlog_list_file(r->ctx, list)
                 : SSL_CTX_set_default_ctlog_list_file(r->ctx)))
        return false;
    return refusal_say(r, "");
}
#endif

static bool try_ca_file(struct refusal *r, const char *text)
{
    return !SSL_CTX_load_verify_file(r->ctx, text) && refusal_say(r, "");
}

static bool try_ca_store(struct refusal *r, const char *text)
{
    return !SSL_CTX_load_verify_store(r->ctx, text) && refusal_say(r, "");
}

static bool try_name(struct refusal *r, const char *text)
{
    SSL *ssl = SSL_new(r->ctx);
    const bool done = ssl && SSL_set_tlsext_host_name(ssl, text);

    SSL_free(ssl);
    return !done && refusal_say(r, "Unable to set TLS servername extension.\n");
}

static bool try_records(struct refusal *r, const char *text)
{
    (void)text;
    if (remark_records(r->words, r->out))
        return false;
    return refusal_say(r, S_CLIENT "Failed to import any TLSA records.\n");
}

static bool try_engine(struct refusal *r, const char *text)
{
    if (remark_engine(text, r->out))
        return false;
    buf_text(r->out, "Error getting client auth engine\n" S_CLIENT
                     "Use -help for summary.\n");
    return true;
}

static bool try_choice(struct refusal *r, const char *text)
{
    return !engine_choose_cert(r->ctx, text)
           && refusal_say(r, "Error setting client auth engine\n");
}

static bool try_keylog(struct refusal *r, const char *text)
{
    BIO *bio = BIO_new_file(text, "a");

    if (!bio)
        buf_printf(r->out, "Error writing keylog file %s\n", text);
    BIO_free(bio);
    return !bio;
}

/* ---- all of them, in s_client's order ---- */

static const struct step {
    enum option_id id;
    refusal_fn *take;
} steps[] = {
    { OPT_engine, say_engine },
    { OPT_policy, try_policy },
    { OPT_purpose, try_purpose },
    { OPT_verify_name, try_verify_name },
    { OPT_ssl_client_engine, try_engine },
    { OPT_rand, try_rand },
    { OPT_key, refusal_key },
    { OPT_cert, refusal_cert },
    { OPT_cert_chain, refusal_chain },
    { OPT_CRL, try_crl },
    { OPT_xcert, refusal_xcert },
    { OPT_xkey, refusal_xkey },
    { OPT_xchain, refusal_xchain },
    { OPT_ssl_config, try_section },
    { OPT_verifyCAfile, try_store_file },
    { OPT_verifyCApath, try_store_path },
    { OPT_verifyCAstore, try_store_uri },
    { OPT_chainCAfile, try_store_file },
    { OPT_chainCApath, try_store_path },
    { OPT_chainCAstore, try_store_uri },
    { OPT_requestCAfile, try_ca_names },
    { OPT_ssl_client_engine, try_choice },
    { OPT_psk_session, try_psk_session },
    { OPT_use_srtp, try_srtp },
    { OPT_serverinfo, take_extensions },
#ifndef OPENSSL_NO_CT
    { OPT_ct, try_ct },
#endif
    { OPT_CAfile, try_ca_file },
    { OPT_CAstore, try_ca_store },
    { OPT_cert, refusal_identity },
    { OPT_build_chain, refusal_build },
    { OPT_keylogfile, try_keylog },
    { OPT_sess_in, try_sess_in },
    { OPT_servername, try_name },
    { OPT_dane_tlsa_rrdata, try_records },
};

static bool take_step(struct refusal *r, const struct step *step)
{
    for (size_t i = 0; i < r->words->count; i++) {
        const struct option_said *said = &r->words->said[i];

        ERR_clear_error();
        if (said->id == step->id && !said->off && step->take(r, said->text))
            return true;
    }
    return false;
}

/* A secret that stands in the words; others are not read twice. */
static const char *pass_of(const struct option_set *words)
{
    static const char prefix[] = "pass:";
    const char *source = options_text(words, OPT_pass, "");

    return strncmp(source, prefix, sizeof(prefix) - 1) == 0
               ? source + sizeof(prefix) - 1
               : NULL;
}

/* As s_client: without -pass, and at a terminal. */
static struct phrases *asked_of(const struct option_set *words,
                                const struct plan_cache *cache)
{
    return cache && !options_has(words, OPT_pass) ? cache->phrases : NULL;
}

static bool make_context(struct refusal *r)
{
    const char *query = options_text(r->words, OPT_propquery, NULL);

    r->ctx = SSL_CTX_new_ex(NULL, query, TLS_client_method());
    if (!r->ctx)
        return false;
    SSL_CTX_set_default_passwd_cb(r->ctx, refusal_pass);
    SSL_CTX_set_default_passwd_cb_userdata(r->ctx, &r->phrase);
    return true;
}

static bool take_steps(struct refusal *r)
{
    static const struct step provider = { OPT_provider, try_provider };
    bool refused = take_step(r, &provider);

    ERR_clear_error();
    if (!refused)
        refused = !make_context(r) && refusal_say(r, "");
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && !refused; i++)
        refused = take_step(r, &steps[i]);
    SSL_CTX_free(r->ctx);
    ERR_clear_error();
    return refused;
}

/* s_client loads providers into its one library; here it is this thread's for
 * as long as it takes. */
static bool take_steps_apart(struct refusal *r)
{
    const char *path = options_text(r->words, OPT_provider_path, NULL);
    OSSL_LIB_CTX *before;
    bool refused;

    if (path)
        OSSL_PROVIDER_set_default_search_path(r->library, path);
    before = OSSL_LIB_CTX_set0_default(r->library);
    refused = take_steps(r);
    OSSL_LIB_CTX_set0_default(before);
    return refused;
}

bool plan_refusal(const struct option_set *words, struct plan_cache *cache,
                  struct buf *out)
{
    const char *cert = options_text(words, OPT_cert, "");
    struct refusal r = {
        .words = words,
        .out = out,
        .phrase = { .pass = pass_of(words),
                    .phrases = asked_of(words, cache),
                    .what = options_text(words, OPT_key, cert) },
    };
    bool refused = false;

    if (!options_has(words, OPT_provider))
        return take_steps(&r);
    r.library = OSSL_LIB_CTX_new();
    r.providers = mem_new(words->count, sizeof(OSSL_PROVIDER *));
    if (r.library && r.providers)
        refused = take_steps_apart(&r);
    while (r.nproviders > 0)
        OSSL_PROVIDER_unload(r.providers[--r.nproviders]);
    mem_free(r.providers);
    OSSL_LIB_CTX_free(r.library);
    return refused;
}

bool plan_conf_refusal(enum option_id id, const char *value, struct buf *out)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL_CONF_CTX *conf = SSL_CONF_CTX_new();
    char name[64];
    bool refused = false;

    ERR_clear_error();
    snprintf(name, sizeof(name), "-%s", option_rows[id].name);
    if (ctx && conf) {
        SSL_CONF_CTX_set_flags(conf,
                               SSL_CONF_FLAG_CLIENT | SSL_CONF_FLAG_CMDLINE);
        SSL_CONF_CTX_set_ssl_ctx(conf, ctx);
        refused = SSL_CONF_cmd(conf, name, value) <= 0;
    }
    if (refused) {
        buf_printf(out, "Call to SSL_CONF_cmd(%s, %s) failed\n", name,
                   value ? value : "<NULL>");
        error_lines_take(out);
    }
    SSL_CONF_CTX_free(conf);
    SSL_CTX_free(ctx);
    return refused;
}

void plan_writerand_refusal(const char *name, struct buf *out)
{
    buf_text(out, "Cannot write random bytes:\n");
    ERR_raise_data(ERR_LIB_RAND, RAND_R_CANNOT_OPEN_FILE, "Filename=%s", name);
    error_lines_take(out);
}
