#include "files.h"

#include "phrases.h"

#include "base/mem.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
    /* A file that yields this many objects it cannot make sense of in a row
     * is given up; OSSL_STORE may report no end after a failure. */
    GARBLED_MAX = 64,
};

/* ---- pass phrases ---- */

struct phrase {
    const struct file_ask *ask;
    const char *pass;
    bool wanted;
};

/* Answers OpenSSL's question for a pass phrase.  Without an answer the read
 * fails. */
static int answer(char *to, int room, int writing, void *arg)
{
    struct phrase *phrase = arg;
    size_t len;

    (void)writing;
    phrase->wanted = true;
    if (!phrase->pass)
        phrase->pass = phrase_of(phrase->ask->phrases, phrase->ask->name);
    len = phrase->pass ? strlen(phrase->pass) : 0;
    if (!phrase->pass || len > (size_t)room)
        return -1;
    memcpy(to, phrase->pass, len);
    return (int)len;
}

int file_no_phrase(char *to, int room, int writing, void *arg)
{
    (void)to;
    (void)room;
    (void)writing;
    (void)arg;
    return -1;
}

/* ---- walking through a file ---- */

enum taken { TAKEN_NOT, TAKEN_MORE, TAKEN_ENOUGH, TAKEN_FAILED };

struct walk {
    const struct file_ask *ask;
    const char *sought; /* for messages */
    int type; /* OSSL_STORE_INFO_*; 0: any */
    enum taken (*take)(OSSL_STORE_INFO *info, void *into);
    void *into;
};

static bool is_remote(const char *name)
{
    return strncasecmp(name, "http://", 7) == 0
           || strncasecmp(name, "https://", 8) == 0;
}

static OSSL_STORE_CTX *open_store(const struct walk *w, UI_METHOD *ui,
                                  struct phrase *phrase)
{
    char form[8] = "";
    OSSL_PARAM params[2] = { OSSL_PARAM_END, OSSL_PARAM_END };
    OSSL_STORE_CTX *store;

    if (w->ask->form) {
        strncpy(form, w->ask->form, sizeof(form) - 1);
        params[0] = OSSL_PARAM_construct_utf8_string(
            OSSL_STORE_PARAM_INPUT_TYPE, form, 0);
    }
    store = OSSL_STORE_open_ex(w->ask->name, w->ask->library->ctx,
                               w->ask->library->propq, ui, phrase, params, NULL,
                               NULL);
    if (store && w->type != 0 && !OSSL_STORE_expect(store, w->type)) {
        OSSL_STORE_close(store);
        return NULL;
    }
    return store;
}

/* Number of objects taken; -1 when one could not be. */
static int take_all(const struct walk *w, OSSL_STORE_CTX *store)
{
    int taken = 0, garbled = 0;

    while (!OSSL_STORE_eof(store) && garbled < GARBLED_MAX) {
        OSSL_STORE_INFO *info = OSSL_STORE_load(store);
        enum taken what = TAKEN_NOT;

        if (!info) {
            garbled++;
            continue;
        }
        garbled = 0;
        if (w->type == 0 || OSSL_STORE_INFO_get_type(info) == w->type)
            what = w->take(info, w->into);
        OSSL_STORE_INFO_free(info);
        if (what == TAKEN_FAILED)
            return -1;
        taken += what != TAKEN_NOT;
        if (what == TAKEN_ENOUGH)
            break;
    }
    return taken;
}

/* The system's reason, anywhere in OpenSSL's queue: the first entry only says
 * which loader does not know the name.  0: none.  Empties the queue. */
static int system_reason(void)
{
    unsigned long code;
    int sys = 0;

    while ((code = ERR_get_error()) != 0) {
        if (ERR_SYSTEM_ERROR(code))
            sys = ERR_GET_REASON(code);
        else if (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE)
            sys = ENOMEM;
    }
    return mem_refused() ? ENOMEM : sys;
}

static bool not_opened(const struct walk *w, struct err *e)
{
    const int sys = system_reason();
    char what[ERR_MSG_MAX];

    snprintf(what, sizeof(what), "option '-%s': cannot open '%s' for its %s",
             option_rows[w->ask->option].name, w->ask->name, w->sought);
    if (sys != 0)
        return err_sys(e, ERR_FILE, sys, what);
    return err_set(e, ERR_FILE, "%s: OpenSSL has no loader for it", what);
}

static bool nothing_found(const struct walk *w, const struct phrase *phrase,
                          struct err *e)
{
    const char *option = option_rows[w->ask->option].name;
    const char *form = w->ask->form;
    const int sys = system_reason();

    if (sys != 0)
        return err_sys(e, ERR_FILE, sys, option);
    if (phrase->wanted && !phrase->pass)
        return err_set(e, ERR_SECRET,
                       "option '-%s': '%s' is encrypted; say with -%s where "
                       "its pass phrase is",
                       option, w->ask->name, option_rows[OPT_pass].name);
    if (phrase->wanted && !w->ask->pass)
        return err_set(e, ERR_SECRET,
                       "option '-%s': the pass phrase that was typed does not "
                       "open '%s'",
                       option, w->ask->name);
    if (phrase->wanted)
        return err_set(
            e, ERR_SECRET,
            "option '-%s': the pass phrase of -%s does not open '%s'", option,
            option_rows[OPT_pass].name, w->ask->name);
    return err_set(e, ERR_FILE, "option '-%s': '%s' holds no %s%s%s", option,
                   w->ask->name, w->sought, form ? " in form " : "",
                   form ? form : "");
}

static bool walk_open(const struct walk *w, OSSL_STORE_CTX *store,
                      const struct phrase *phrase, struct err *e)
{
    const int taken = take_all(w, store);

    if (taken == 0)
        return nothing_found(w, phrase, e);
    ERR_clear_error();
    return taken > 0 || err_memory(e, option_rows[w->ask->option].name);
}

/* What OpenSSL decrypts on its way, as in PKCS#12, it asks of the thread's
 * library and not of the store's. */
static OSSL_LIB_CTX *enter_library(const struct file_ask *ask)
{
    OSSL_LIB_CTX *ctx = ask->library ? ask->library->ctx : NULL;

    return ctx ? OSSL_LIB_CTX_set0_default(ctx) : NULL;
}

static void leave_library(OSSL_LIB_CTX *before)
{
    if (before)
        OSSL_LIB_CTX_set0_default(before);
}

static bool walk(const struct walk *w, struct err *e)
{
    struct phrase phrase = { .ask = w->ask, .pass = w->ask->pass };
    OSSL_LIB_CTX *before;
    UI_METHOD *ui;
    OSSL_STORE_CTX *store;
    bool done;

    if (is_remote(w->ask->name))
        return err_set(e, ERR_UNSUPPORTED,
                       "option '-%s': '%s' is not fetched over the network; "
                       "give a file",
                       option_rows[w->ask->option].name, w->ask->name);
    /* Before and after: it would leave something in the other library. */
    ui = UI_UTIL_wrap_read_pem_callback(answer, 0);
    before = enter_library(w->ask);
    store = ui ? open_store(w, ui, &phrase) : NULL;
    done = store ? walk_open(w, store, &phrase, e) : not_opened(w, e);
    OSSL_STORE_close(store);
    leave_library(before);
    UI_destroy_method(ui);
    return done;
}

/* ---- what is taken ---- */

void cert_make_ready(X509 *cert)
{
    X509_get0_pubkey(cert);
    X509_check_purpose(cert, -1, 0);
}

static enum taken take_cert(OSSL_STORE_INFO *info, void *into)
{
    X509 **cert = into;

    *cert = OSSL_STORE_INFO_get1_CERT(info);
    return *cert ? TAKEN_ENOUGH : TAKEN_FAILED;
}

X509 *file_cert(const struct file_ask *ask, struct err *e)
{
    X509 *cert = NULL;
    const struct walk w = { .ask = ask,
                            .sought = "certificate",
                            .type = OSSL_STORE_INFO_CERT,
                            .take = take_cert,
                            .into = &cert };

    if (!walk(&w, e))
        return NULL;
    cert_make_ready(cert);
    return cert;
}

static enum taken take_key(OSSL_STORE_INFO *info, void *into)
{
    EVP_PKEY **key = into;

    *key = OSSL_STORE_INFO_get1_PKEY(info);
    return *key ? TAKEN_ENOUGH : TAKEN_FAILED;
}

EVP_PKEY *file_key(const struct file_ask *ask, struct err *e)
{
    EVP_PKEY *key = NULL;
    const struct walk w = { .ask = ask,
                            .sought = "private key",
                            .type = OSSL_STORE_INFO_PKEY,
                            .take = take_key,
                            .into = &key };

    return walk(&w, e) ? key : NULL;
}

static enum taken take_crl(OSSL_STORE_INFO *info, void *into)
{
    X509_CRL **crl = into;

    *crl = OSSL_STORE_INFO_get1_CRL(info);
    return *crl ? TAKEN_ENOUGH : TAKEN_FAILED;
}

X509_CRL *file_crl(const struct file_ask *ask, struct err *e)
{
    X509_CRL *crl = NULL;
    const struct walk w = { .ask = ask,
                            .sought = "CRL",
                            .type = OSSL_STORE_INFO_CRL,
                            .take = take_crl,
                            .into = &crl };

    return walk(&w, e) ? crl : NULL;
}

static enum taken take_certs(OSSL_STORE_INFO *info, void *into)
{
    STACK_OF(X509) *certs = into;
    X509 *cert = OSSL_STORE_INFO_get1_CERT(info);

    if (!cert || !sk_X509_push(certs, cert)) {
        X509_free(cert);
        return TAKEN_FAILED;
    }
    cert_make_ready(cert);
    return TAKEN_MORE;
}

STACK_OF(X509) * file_certs(const struct file_ask *ask, struct err *e)
{
    STACK_OF(X509) *certs = sk_X509_new_null();
    const struct walk w = { .ask = ask,
                            .sought = "certificate",
                            .type = OSSL_STORE_INFO_CERT,
                            .take = take_certs,
                            .into = certs };

    if (!certs) {
        err_memory(e, option_rows[ask->option].name);
        return NULL;
    }
    if (walk(&w, e))
        return certs;
    sk_X509_pop_free(certs, X509_free);
    return NULL;
}

static enum taken take_trust(OSSL_STORE_INFO *info, void *into)
{
    X509_STORE *store = into;
    const int type = OSSL_STORE_INFO_get_type(info);
    bool added;

    if (type == OSSL_STORE_INFO_CERT)
        added = X509_STORE_add_cert(store, OSSL_STORE_INFO_get0_CERT(info));
    else if (type == OSSL_STORE_INFO_CRL)
        added = X509_STORE_add_crl(store, OSSL_STORE_INFO_get0_CRL(info));
    else
        return TAKEN_NOT;
    return added ? TAKEN_MORE : TAKEN_FAILED;
}

bool file_into_store(const struct file_ask *ask, X509_STORE *store,
                     struct err *e)
{
    const struct walk w = { .ask = ask,
                            .sought = "certificate or CRL",
                            .take = take_trust,
                            .into = store };

    return walk(&w, e);
}
