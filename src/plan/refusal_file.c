/* refusal_file -- loads certificates and keys as the openssl program does, for
 * what it says when it cannot. */
#include "refusal.h"

#include "tls/stream.h"

#include <openssl/err.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <string.h>

int refusal_pass(char *room, int size, int writing, void *arg)
{
    const char *pass = arg;
    const size_t len = pass ? strlen(pass) : 0;

    (void)writing;
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

static void say(const struct refusal_file *f, bool opened, struct buf *out)
{
    if (opened)
        buf_printf(out, "Could not read %s%s from %s\n", f->many ? "any " : "",
                   f->what, f->name);
    else
        buf_printf(out, "Could not open file or uri for loading %s%s from %s\n",
                   f->many ? "certs of " : "", f->what, f->name);
    stream_queue_lines(out);
    if (f->after)
        buf_printf(out, "%s\n", f->after);
}

bool refusal_file(const struct refusal_file *f, struct buf *out)
{
    UI_METHOD *ui = UI_UTIL_wrap_read_pem_callback(refusal_pass, 0);
    void *pass = (void *)(uintptr_t)f->pass; /* is only read */
    OSSL_STORE_CTX *store;
    bool found;

    ERR_clear_error();
    store = OSSL_STORE_open(f->name, ui, pass, NULL, NULL);
    found = store && find(store, f->kind);
    if (!found)
        say(f, store != NULL, out);
    OSSL_STORE_close(store);
    UI_destroy_method(ui);
    ERR_clear_error();
    return !found;
}
