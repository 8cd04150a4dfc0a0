/* refusal_file -- loads certificates and keys as the openssl program does, for
 * what it says when it cannot. */
#include "refusal.h"

#include "phrases.h"

#include "tls/error_lines.h"

#include <openssl/err.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <string.h>

int refusal_pass(char *room, int size, int writing, void *arg)
{
    const struct refusal_phrase *phrase = arg;
    const char *pass = phrase ? phrase->pass : NULL;
    size_t len;

    (void)writing;
    if (phrase && !pass)
        pass = phrase_of(phrase->phrases, phrase->what);
    len = pass ? strlen(pass) : 0;
    if (!pass || len >= (size_t)size)
        return -1;
    memcpy(room, pass, len);
    return (int)len;
}

/* Whether something of the kind is in it. */
static bool find(OSSL_STORE_CTX *store, int kind)
{
    bool found = false;

    OSSL_STORE_expect(store, kind);
    while (!found && !OSSL_STORE_eof(store)) {
        OSSL_STORE_INFO *info = OSSL_STORE_load(store);

        found = info && OSSL_STORE_INFO_get_type(info) == kind;
        OSSL_STORE_INFO_free(info);
    }
    return found;
}

/* The words of s_client, up to the name of the file; the kind is left out where
 * "what" names it. */
static void say_what(const struct refusal_file *f, const char *before,
                     const char *kind, struct buf *out)
{
    buf_text(out, before);
    if (!strstr(f->what, kind))
        buf_printf(out, "%s of ", kind);
    buf_printf(out, "%s from %s", f->what, f->name);
}

#if OPENSSL_VERSION_NUMBER < 0x30200000L

static const char *kind_name(const struct refusal_file *f)
{
    if (f->kind == OSSL_STORE_INFO_CRL)
        return "CRL";
    if (f->kind == OSSL_STORE_INFO_PKEY)
        return "key";
    return f->many ? "certs" : "cert";
}

static void say(const struct refusal_file *f, bool opened, struct buf *out)
{
    if (opened && f->many)
        say_what(f, "Could not read any ", "", out);
    else if (opened)
        say_what(f, "Could not read ", kind_name(f), out);
    else
        say_what(f, "Could not open file or uri for loading ", kind_name(f),
                 out);
    buf_byte(out, '\n');
    error_lines_take(out);
    if (f->after)
        buf_printf(out, "%s\n", f->after);
}

#else

static const char *kind_name(const struct refusal_file *f)
{
    if (f->kind == OSSL_STORE_INFO_CRL)
        return "CRL";
    if (f->kind == OSSL_STORE_INFO_PKEY)
        return "private key";
    return f->many ? "certificates" : "certificate";
}

static void say(const struct refusal_file *f, bool opened, struct buf *out)
{
    const unsigned long last = ERR_peek_last_error();

    say_what(
        f,
        opened ? "Could not find " : "Could not open file or uri for loading ",
        kind_name(f), out);
    if (ERR_SYSTEM_ERROR(last)) {
        buf_printf(out, ": %s", strerror(ERR_GET_REASON(last)));
        ERR_clear_error();
    }
    buf_byte(out, '\n');
    error_lines_take(out);
}

#endif

void refusal_unread(const struct refusal_file *f, struct buf *out)
{
    say(f, true, out);
}

/* In OpenSSL's own library: in another something of it would be left. */
static UI_METHOD *new_ui(void)
{
    OSSL_LIB_CTX *ours =
        OSSL_LIB_CTX_set0_default(OSSL_LIB_CTX_get0_global_default());
    UI_METHOD *ui = UI_UTIL_wrap_read_pem_callback(refusal_pass, 0);

    OSSL_LIB_CTX_set0_default(ours);
    return ui;
}

static void free_ui(UI_METHOD *ui)
{
    OSSL_LIB_CTX *ours =
        OSSL_LIB_CTX_set0_default(OSSL_LIB_CTX_get0_global_default());

    UI_destroy_method(ui);
    OSSL_LIB_CTX_set0_default(ours);
}

bool refusal_file(const struct refusal_file *f, struct buf *out)
{
    UI_METHOD *ui = new_ui();
    struct refusal_phrase phrase = { .pass = NULL };
    OSSL_STORE_CTX *store;
    bool found;

    if (f->phrase)
        phrase = *f->phrase;
    phrase.what = f->name;
    ERR_clear_error();
    store = OSSL_STORE_open(f->name, ui, &phrase, NULL, NULL);
    found = store && find(store, f->kind);
    if (!found)
        say(f, store != NULL, out);
    OSSL_STORE_close(store);
    free_ui(ui);
    ERR_clear_error();
    return !found;
}
