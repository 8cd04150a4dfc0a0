/* xcert -- several client certificates to choose from (-xcert and company).
 *
 * As s_client: any -xcert puts -cert out of force, and each certificate that
 * the server's request allows is put in place, one for each kind of key. */
#include "apply.h"
#include "files.h"

#include "base/mem.h"

#include <openssl/err.h>
#include <string.h>

struct xcert {
    /* words, borrowed while loading */
    const char *cert_name, *key_name, *chain_name;
    const char *cert_form, *key_form;
    bool build;
    /* loaded */
    X509 *cert;
    EVP_PKEY *key;
    STACK_OF(X509) * chain;
    STACK_OF(X509) * built; /* by -xchain_build: sent instead of the chain */
};

struct xcerts {
    struct xcert *list;
    size_t count;
};

/* ---- words ---- */

static bool take_file(const char **slot, const struct option_said *said,
                      struct err *e)
{
    if (*slot)
        return err_set(e, ERR_USAGE,
                       "option '-%s': said twice for one -%s ('%s' and '%s')",
                       option_rows[said->id].name, option_rows[OPT_xcert].name,
                       *slot, said->text);
    *slot = said->text;
    return true;
}

static const char *form_of(const struct option_said *said)
{
    return strcmp(said->text, "P12") == 0 ? NULL : said->text;
}

/* Each -xcert after the first begins another one, which inherits the forms;
 * everything else may stand before or after its -xcert. */
static struct xcert *current(struct xcerts *x, const struct option_said *said)
{
    struct xcert *last = x->count > 0 ? &x->list[x->count - 1] : NULL;
    struct xcert *next = &x->list[x->count];

    if (last && (said->id != OPT_xcert || !last->cert_name))
        return last;
    if (last)
        *next = (struct xcert){ .cert_form = last->cert_form,
                                .key_form = last->key_form };
    x->count++;
    return next;
}

static bool take_word(struct xcerts *x, const struct option_said *said,
                      struct err *e)
{
    struct xcert *one = current(x, said);

    if (said->id == OPT_xcert)
        one->cert_name = said->text;
    else if (said->id == OPT_xkey)
        return take_file(&one->key_name, said, e);
    else if (said->id == OPT_xchain)
        return take_file(&one->chain_name, said, e);
    else if (said->id == OPT_xchain_build)
        one->build = true;
    else if (said->id == OPT_xcertform)
        one->cert_form = form_of(said);
    else
        one->key_form = form_of(said);
    return true;
}

static bool is_xcert_word(enum option_id id)
{
    return id == OPT_xcert || id == OPT_xkey || id == OPT_xchain
           || id == OPT_xchain_build || id == OPT_xcertform
           || id == OPT_xkeyform;
}

static bool take_words(struct xcerts *x, const struct option_set *set,
                       struct err *e)
{
    x->list = mem_new(set->count, sizeof(*x->list));
    if (!x->list)
        return err_memory(e, option_rows[OPT_xcert].name);
    for (size_t i = 0; i < set->count; i++)
        if (is_xcert_word(set->said[i].id) && !set->said[i].off
            && !take_word(x, &set->said[i], e))
            return false;
    return true;
}

/* ---- loading ---- */

/* s_client would prompt for a pass phrase; -pass serves here as well. */
static bool load(struct xcert *one, const struct apply *a, const char *pass,
                 struct err *e)
{
    const struct file_ask cert = { .option = OPT_xcert,
                                   .name = one->cert_name,
                                   .form = one->cert_form,
                                   .pass = pass,
                                   .phrases = a->cache->phrases,
                                   .library = a->library };
    const struct file_ask key = {
        .option = one->key_name ? OPT_xkey : OPT_xcert,
        .name = one->key_name ? one->key_name : one->cert_name,
        .form = one->key_name ? one->key_form : one->cert_form,
        .pass = pass,
        .phrases = a->cache->phrases,
        .library = a->library,
    };
    const struct file_ask chain = { .option = OPT_xchain,
                                    .name = one->chain_name,
                                    .pass = pass,
                                    .phrases = a->cache->phrases,
                                    .library = a->library };

    one->cert = file_cert(&cert, e);
    if (one->cert)
        one->key = file_key(&key, e);
    if (one->key && one->chain_name)
        one->chain = file_certs(&chain, e);
    if (e->code != ERR_NONE)
        return false;
    if (X509_check_private_key(one->cert, one->key))
        return true;
    ERR_clear_error();
    return err_set(e, ERR_FILE,
                   "option '-%s': the private key in '%s' does not belong to "
                   "the certificate in '%s'",
                   option_rows[key.option].name, key.name, one->cert_name);
}

/* -xchain_build: s_client builds the chain anew in every handshake; the result
 * is the same, so it is built once, where a failure can still be told. */
static bool build_chain(struct xcert *one, SSL_CTX *ctx, struct err *e)
{
    SSL *ssl = SSL_new(ctx);
    STACK_OF(X509) *chain = NULL;
    bool built;

    built = ssl && SSL_use_certificate(ssl, one->cert)
            && SSL_build_cert_chain(ssl, 0) > 0
            && SSL_get0_chain_certs(ssl, &chain);
    if (built && chain)
        one->built = X509_chain_up_ref(chain);
    SSL_free(ssl);
    return built
           || apply_reason(e, ERR_FILE,
                           "option '-%s': no chain for the certificate in '%s'",
                           option_rows[OPT_xchain_build].name, one->cert_name);
}

/* ---- the call-back ---- */

/* As in s_client a certificate must fit before its chain is built. */
static bool offer(SSL *ssl, const struct xcert *one)
{
    STACK_OF(X509) *chain = one->built ? one->built : one->chain;

    return SSL_use_certificate(ssl, one->cert)
           && SSL_use_PrivateKey(ssl, one->key)
           && (!chain || SSL_set1_chain(ssl, chain));
}

/* As s_client tells how well a certificate fits. */
static void log_fit(SSL *ssl, size_t number, X509 *cert, int fit)
{
    static const struct {
        int flag;
        const char *name;
    } checks[] = {
        { CERT_PKEY_VALID, "Overall Validity" },
        { CERT_PKEY_SIGN, "Sign with EE key" },
        { CERT_PKEY_EE_SIGNATURE, "EE signature" },
        { CERT_PKEY_CA_SIGNATURE, "CA signature" },
        { CERT_PKEY_EE_PARAM, "EE key parameters" },
        { CERT_PKEY_CA_PARAM, "CA key parameters" },
        { CERT_PKEY_EXPLICIT_SIGN, "Explicitly sign with EE key" },
        { CERT_PKEY_ISSUER_NAME, "Issuer Name" },
        { CERT_PKEY_CERT_TYPE, "Certificate Type" },
    };
    const struct conn *c = conn_of(ssl);
    struct buf *out = c ? c->lines.err : NULL;

    if (!out)
        return;
    buf_printf(out, "Checking cert chain %zu:\nSubject: ", number);
    tls_print_name(out, X509_get_subject_name(cert), 0, c->verify.nameopt);
    buf_byte(out, '\n');
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
        buf_printf(out, "\t%s: %s\n", checks[i].name,
                   fit & checks[i].flag ? "OK" : "NOT OK");
    buf_printf(out, "\tSuite B: %s\n",
               !(SSL_set_cert_flags(ssl, 0) & SSL_CERT_FLAG_SUITEB_128_LOS)
                   ? "not tested"
               : fit & CERT_PKEY_SUITEB ? "OK"
                                        : "NOT OK");
}

/* Called when the server asks for a certificate. */
static int choose(SSL *ssl, void *arg)
{
    const struct xcerts *x = arg;

    SSL_certs_clear(ssl);
    for (size_t i = 0; i < x->count; i++) {
        const struct xcert *one = &x->list[i];
        int fit = SSL_check_chain(ssl, one->cert, one->key, one->chain);

        log_fit(ssl, i + 1, one->cert, fit);
        if ((fit & CERT_PKEY_VALID) && !offer(ssl, one))
            return 0;
    }
    return 1;
}

/* ---- handler ---- */

void xcerts_free(struct xcerts *x)
{
    if (!x)
        return;
    for (size_t i = 0; x->list && i < x->count; i++) {
        X509_free(x->list[i].cert);
        EVP_PKEY_free(x->list[i].key);
        sk_X509_pop_free(x->list[i].chain, X509_free);
        sk_X509_pop_free(x->list[i].built, X509_free);
    }
    mem_free(x->list);
    mem_free(x);
}

static bool load_all(struct xcerts *x, const struct apply *a, struct err *e)
{
    struct cached *secret = NULL;
    bool loaded = secret_said(a->cache, a->set, OPT_pass, &secret, e);

    for (size_t i = 0; loaded && i < x->count; i++)
        loaded = load(&x->list[i], a, secret_text(secret), e)
                 && (!x->list[i].build
                     || build_chain(&x->list[i], a->context->ctx, e));
    cached_put(secret);
    return loaded;
}

bool apply_xcert(struct apply *a, const struct option_said *said, struct err *e)
{
    struct xcerts *x = mem_new(1, sizeof(*x));

    (void)said;
    a->context->xcerts = x;
    if (!x)
        return err_memory(e, option_rows[OPT_xcert].name);
    if (!take_words(x, a->set, e))
        return false;
    /* As s_client: without any -xcert the other words are dropped. */
    if (!x->list[0].cert_name)
        return true;
    if (!load_all(x, a, e))
        return false;
    SSL_CTX_set_cert_cb(a->context->ctx, choose, x);
    return true;
}
