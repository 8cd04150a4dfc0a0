/* Every option that works has a row here that shows it at work: the probe sees
 * something with the words that it does not see with the words before it. */
#include "observe.h"
#include "say.h"

#include <criterion/criterion.h>

#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* What a probe looks at. */
struct look {
    const struct plan *plan;
    const struct plan_settings *settings;
    SSL *ssl;
    const struct pki *pki;
    uint64_t number; /* of the row */
    const char *text;
};

typedef bool probe_fn(const struct look *at);

/* ---- probes ---- */

static bool ssl_option(const struct look *at)
{
    return (SSL_get_options(at->ssl) & at->number) == at->number;
}

static bool option_clear(const struct look *at)
{
    return !(SSL_get_options(at->ssl) & at->number);
}

static bool min_version(const struct look *at)
{
    return SSL_get_min_proto_version(at->ssl) == (long)at->number;
}

static bool max_version(const struct look *at)
{
    return SSL_get_max_proto_version(at->ssl) == (long)at->number;
}

static bool only_version(const struct look *at)
{
    return min_version(at) && max_version(at);
}

static bool first_cipher(const struct look *at)
{
    STACK_OF(SSL_CIPHER) *list = SSL_get1_supported_ciphers(at->ssl);
    const char *name = SSL_CIPHER_get_name(sk_SSL_CIPHER_value(list, 0));
    bool same = strcmp(name, at->text) == 0;

    sk_SSL_CIPHER_free(list);
    return same;
}

static bool strict(const struct look *at)
{
    return SSL_set_cert_flags(at->ssl, 0) & SSL_CERT_FLAG_TLS_STRICT;
}

/* ClientHello extension "number" has exactly the bytes "text" (in hex). */
static bool extension_is(const struct look *at)
{
    struct hello h;
    char hex[256] = "";
    const unsigned char *body;
    size_t len = 0;

    observe_hello(at->ssl, &h);
    body = hello_extension(&h, (unsigned)at->number, &len);
    for (size_t i = 0; body && i < len && i < sizeof(hex) / 2 - 1; i++)
        snprintf(hex + 2 * i, 3, "%02x", body[i]);
    return body && strcmp(hex, at->text) == 0;
}

static bool no_extension(const struct look *at)
{
    struct hello h;
    size_t len;

    observe_hello(at->ssl, &h);
    return !hello_extension(&h, (unsigned)at->number, &len);
}

static bool no_session_id(const struct look *at)
{
    struct hello h;

    observe_hello(at->ssl, &h);
    return hello_session_id(&h) == 0;
}

static bool verify_flags(const struct look *at)
{
    return (X509_VERIFY_PARAM_get_flags(SSL_get0_param(at->ssl)) & at->number)
           == at->number;
}

static bool verify_depth(const struct look *at)
{
    return X509_VERIFY_PARAM_get_depth(SSL_get0_param(at->ssl))
           == (int)at->number;
}

static bool verify_level(const struct look *at)
{
    return X509_VERIFY_PARAM_get_auth_level(SSL_get0_param(at->ssl))
           == (int)at->number;
}

static bool verify_time(const struct look *at)
{
    return X509_VERIFY_PARAM_get_time(SSL_get0_param(at->ssl))
           == (time_t)at->number;
}

static bool same_text(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

static bool verify_host(const struct look *at)
{
    return same_text(X509_VERIFY_PARAM_get0_host(SSL_get0_param(at->ssl), 0),
                     at->text);
}

static bool verify_email(const struct look *at)
{
    return same_text(X509_VERIFY_PARAM_get0_email(SSL_get0_param(at->ssl)),
                     at->text);
}

static bool verify_ip(const struct look *at)
{
    char *ip = X509_VERIFY_PARAM_get1_ip_asc(SSL_get0_param(at->ssl));
    bool same = same_text(ip, at->text);

    OPENSSL_free(ip);
    return same;
}

/* The leaf verifies with the result "number". */
static bool verifies(const struct look *at)
{
    return observe_verify(at->plan, plan_store(at->plan), at->pki->leaf)
           == (int)at->number;
}

static bool chain_verifies(const struct look *at)
{
    X509_STORE *store = NULL;

    SSL_CTX_get0_chain_cert_store(SSL_get_SSL_CTX(at->ssl), &store);
    return store && observe_verify(at->plan, store, at->pki->leaf) == X509_V_OK;
}

static bool has_cert(const struct look *at)
{
    const X509 *cert = SSL_get_certificate(at->ssl);

    return cert && X509_cmp(cert, at->pki->leaf) == 0;
}

static bool has_key(const struct look *at)
{
    const EVP_PKEY *key = SSL_get_privatekey(at->ssl);

    return key && EVP_PKEY_eq(key, at->pki->leaf_key) == 1;
}

static bool has_chain(const struct look *at)
{
    STACK_OF(X509) *chain = NULL;

    SSL_get0_chain_certs(at->ssl, &chain);
    return sk_X509_num(chain) == (int)at->number;
}

/* A server gets the leaf and "number" certificates in all. */
static bool sends(const struct look *at)
{
    struct seen seen;
    bool same;

    observe_handshake(at->plan, at->pki, NULL, &seen);
    same = seen.done && seen.cert && seen.chain == (int)at->number
           && X509_cmp(seen.cert, at->pki->leaf) == 0;
    X509_free(seen.cert);
    return same;
}

/* The words are taken. */
static bool taken(const struct look *at)
{
    return at->plan;
}

static bool asks_for_staple(const struct look *at)
{
    return at->settings->status
           && SSL_get_tlsext_status_type(at->ssl) == TLSEXT_STATUSTYPE_ocsp;
}

static bool logs_keys(const struct look *at)
{
    return SSL_CTX_get_keylog_callback(SSL_get_SSL_CTX(at->ssl));
}

static bool ends_at_depth(const struct look *at)
{
    return SSL_get_verify_mode(at->ssl) == SSL_VERIFY_PEER
           && at->settings->verify.depth == (int)at->number;
}

static bool ends_at_error(const struct look *at)
{
    return SSL_get_verify_mode(at->ssl) == SSL_VERIFY_PEER
           && at->settings->verify.return_error;
}

static bool nameopt(const struct look *at)
{
    return at->settings->verify.nameopt == at->number;
}

/* ---- settings ---- */

static bool family(const struct look *at)
{
    return at->settings->family == (int)at->number;
}

static bool binds(const struct look *at)
{
    return same_text(at->settings->bind_host, at->text)
           && same_text(at->settings->bind_port, "99");
}

static bool unix_path(const struct look *at)
{
    return same_text(at->settings->unix_path, at->text);
}

static bool sends_name(const struct look *at)
{
    return same_text(SSL_get_servername(at->ssl, TLSEXT_NAMETYPE_host_name),
                     at->text);
}

static bool sends_no_name(const struct look *at)
{
    return !SSL_get_servername(at->ssl, TLSEXT_NAMETYPE_host_name);
}

static bool quiet(const struct look *at)
{
    return at->settings->verify.quiet;
}

static bool brief(const struct look *at)
{
    return at->settings->brief && quiet(at);
}

static bool prexit(const struct look *at)
{
    return at->settings->prexit;
}

/* Of the flags of the trace rule, those named in "text" are on. */
static bool traces(const struct look *at)
{
    const struct trace_rule *rule = &at->settings->trace;
    char on[80];

    snprintf(on, sizeof(on), "%s%s%s%s%s%s%s", rule->debug ? "debug " : "",
             rule->msg ? "msg " : "", rule->trace ? "trace " : "",
             rule->state ? "state " : "", rule->extensions ? "extensions " : "",
             rule->nbio_test ? "nbio_test " : "", rule->waits ? "waits " : "");
    on[strlen(on) - (*on != 0)] = '\0';
    return strcmp(on, at->text) == 0;
}

static bool security(const struct look *at)
{
    return at->settings->trace.security == at->number;
}

static bool ssl_mode(const struct look *at)
{
    return (uint64_t)SSL_get_mode(at->ssl) & at->number;
}

static bool showcerts(const struct look *at)
{
    return at->settings->showcerts;
}

static bool starttls(const struct look *at)
{
    return same_text(at->settings->starttls, at->text);
}

static bool dialog_name(const struct look *at)
{
    return same_text(at->settings->name, at->text);
}

static bool deadline(const struct look *at)
{
    return at->settings->deadline_ms == (int64_t)at->number;
}

static bool connect_ms(const struct look *at)
{
    return at->settings->connect_ms == (int64_t)at->number;
}

static bool handshake_ms(const struct look *at)
{
    return at->settings->handshake_ms == (int64_t)at->number;
}

static bool retries(const struct look *at)
{
    return at->settings->retries == at->number;
}

static bool proxy(const struct look *at)
{
    return same_text(at->settings->proxy_host, at->text)
           && same_text(at->settings->proxy_port, "99");
}

static bool proxy_user(const struct look *at)
{
    return same_text(at->settings->proxy_user, at->text);
}

static bool proxy_pass(const struct look *at)
{
    return same_text(at->settings->proxy_pass, at->text);
}

/* ---- rows ---- */

struct effect {
    enum option_id id;
    struct words before; /* the probe must not see it with these alone */
    struct words words; /* and must with these added */
    probe_fn *probe;
    uint64_t number;
    const char *text;
    bool refused; /* the other way round: the effect is a refusal */
};

/* clang-format off */
static const struct effect effects[] = {
#include "effects.def"
};
/* clang-format on */

/* Effects that only a peer can see, and the flow test that is one; or options
 * that rooms above read from the words. */
static const struct {
    enum option_id id;
    const char *where;
} elsewhere[] = {
    { OPT_client_sigalgs, "tests/flow: which signature a server gets" },
    { OPT_record_padding, "tests/flow: the length of records" },
    { OPT_issuer_checks, "nowhere: OpenSSL ignores it since 1.1.0" },
    { OPT_connect, "targets" },
    { OPT_host, "targets" },
    { OPT_port, "targets" },
    { OPT_msgfile, "tests/flow: what is in the file" },
};

/* ---- the test ---- */

enum { PATHS = 8, PATH_ROOM = 128 };

/* "@name" becomes the path of a file of the pki. */
struct expanded {
    struct words words;
    char paths[PATHS][PATH_ROOM];
};

static void expand(struct expanded *x, const struct words *before,
                   const struct words *words, const struct pki *pki)
{
    const struct words *const both[] = { before, words };
    size_t n = 0, paths = 0;

    memset(x, 0, sizeof(*x));
    for (size_t i = 0; i < 2; i++)
        for (const char *const *w = both[i]->word; *w; w++) {
            x->words.word[n] = *w;
            if (**w == '@') {
                snprintf(x->paths[paths], PATH_ROOM, "%s/%s", pki->dir, *w + 1);
                x->words.word[n] = x->paths[paths++];
            }
            n++;
        }
}

static bool probe(const struct effect *row, struct plan_cache *cache,
                  const struct words *words, const struct pki *pki)
{
    struct option_set set = say(words);
    struct err e = { 0 };
    struct look at = { .plan = plan_get(cache, &set, &e),
                       .pki = pki,
                       .number = row->number,
                       .text = row->text };
    bool seen = false;

    options_release(&set);
    if (!at.plan)
        return false;
    at.settings = plan_settings(at.plan);
    at.ssl = plan_ssl(at.plan, "www.example.com", &e);
    cr_assert_not_null(at.ssl, "%s", e.msg);
    seen = row->probe(&at);
    SSL_free(at.ssl);
    plan_put(at.plan);
    return seen;
}

static void check(const struct effect *row, struct plan_cache *cache,
                  const struct pki *pki)
{
    static const struct words none;
    const char *name = option_rows[row->id].name;
    struct expanded with, without;
    bool seen;

    expand(&without, &row->before, &none, pki);
    expand(&with, &row->before, &row->words, pki);
    seen = probe(row, cache, &with.words, pki);
    cr_expect(seen != row->refused, "-%s has no effect", name);
    seen = probe(row, cache, &without.words, pki);
    cr_expect(seen == row->refused, "-%s: the probe always sees its effect",
              name);
}

/* Rooms above read it, or nobody can see it from here. */
static bool is_elsewhere(enum option_id id)
{
    for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
        if (elsewhere[i].id == id)
            return true;
    return false;
}

static bool works_here(const struct option_row *row)
{
    return row->scope != OPTION_SCOPE_RUN && row->scope != OPTION_SCOPE_TTY
           && strcmp(row->handler, "later") != 0
           && strcmp(row->handler, "refused") != 0;
}

Test(effect, every_option_that_works_has_its_effect)
{
    struct plan_cache *cache = new_cache();
    struct pki pki;

    pki_new(&pki);
    setenv("SSL_CERT_FILE", pki_file(&pki, "root.pem"), 1);
    setenv("SSL_CERT_DIR", pki_file(&pki, "hashed"), 1);
    for (size_t i = 0; i < sizeof(effects) / sizeof(effects[0]); i++) {
        const struct option_row *row = &option_rows[effects[i].id];

        if (plan_have(row->needs) && works_here(row))
            check(&effects[i], cache, &pki);
    }
    plan_cache_free(cache);
    pki_free(&pki);
}

Test(effect, no_option_that_works_is_without_a_row)
{
    bool has_row[OPTIONS_COUNT] = { false };

    for (size_t i = 0; i < sizeof(effects) / sizeof(effects[0]); i++)
        has_row[effects[i].id] = true;
    for (size_t i = 0; i < OPTIONS_COUNT; i++)
        if (works_here(&option_rows[i]) && !is_elsewhere((enum option_id)i))
            cr_expect(has_row[i], "-%s has no row in effects.def",
                      option_rows[i].name);
}
