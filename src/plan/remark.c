/* remark -- what s_client says of words that it then passes over. */
#include "refusal.h"

#include "dane.h"
#include "tls/answer.h"
#include "tls/engine.h"
#include "tls/error_lines.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

/* ---- extensions that OpenSSL has itself ---- */

void remark_extensions(const char *list, SSL_CTX *ctx, struct buf *out)
{
    while (*list) {
        const unsigned type = (unsigned)strtoul(list, NULL, 10);

        if (!server_info_install(ctx, type))
            buf_printf(out,
                       "Warning: Unable to add custom extension %u, "
                       "skipping\n",
                       type);
        list += strcspn(list, ",");
        list += *list == ',';
    }
}

static void try_extensions(const char *list, struct buf *out)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

    if (ctx)
        remark_extensions(list, ctx, out);
    SSL_CTX_free(ctx);
}

/* ---- engines ---- */

bool remark_engine(const char *id, struct buf *out)
{
    const char *name = engine_name(id);

    if (name) {
        buf_printf(out, "Engine \"%s\" set.\n", name);
    } else {
        buf_printf(out, "Invalid engine \"%s\"\n", id);
        error_lines_take(out);
    }
    return name;
}

/* ---- TLSA records ---- */

static bool try_record(SSL *ssl, const char *text, struct buf *out)
{
    struct tlsa r = { 0 };
    const char *wrong = tlsa_read(text, &r);
    bool used = false;

    if (wrong) {
        buf_printf(out, "s_client: warning: bad TLSA %s field in: %s\n", wrong,
                   text);
    } else {
        used =
            SSL_dane_tlsa_add(ssl, r.usage, r.selector, r.type, r.data, r.len)
            > 0;
        error_lines_take(out);
        if (!used)
            buf_printf(out, "s_client: warning: unusable TLSA rrdata: %s\n",
                       text);
    }
    OPENSSL_free(r.data);
    return used;
}

bool remark_records(const struct option_set *words, struct buf *out)
{
    const char *domain = options_text(words, OPT_dane_tlsa_domain, NULL);
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL *ssl = ctx && SSL_CTX_dane_enable(ctx) > 0 ? SSL_new(ctx) : NULL;
    bool some = false;

    if (ssl && domain && SSL_dane_enable(ssl, domain) > 0)
        for (size_t i = 0; i < words->count; i++)
            if (words->said[i].id == OPT_dane_tlsa_rrdata)
                some |= try_record(ssl, words->said[i].text, out);
    SSL_free(ssl);
    SSL_CTX_free(ctx);
    return some;
}

void plan_remarks(const struct option_set *words, struct buf *out)
{
    static const enum option_id engines[] = { OPT_engine,
                                              OPT_ssl_client_engine };
    const char *extensions = options_text(words, OPT_serverinfo, NULL);

    for (size_t i = 0; i < sizeof(engines) / sizeof(engines[0]); i++)
        if (options_has(words, engines[i]))
            (void)remark_engine(options_text(words, engines[i], ""), out);
    if (extensions)
        try_extensions(extensions, out);
    if (options_has(words, OPT_dane_tlsa_rrdata))
        (void)remark_records(words, out);
    ERR_clear_error();
}
