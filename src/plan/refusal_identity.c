/* refusal_identity -- what s_client says of our own certificates and keys. */
#include "refusal.h"

#include "tls/engine.h"

#include <openssl/err.h>
#include <openssl/store.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

enum { URI_MAX = 512 }; /* bytes of it that are shown */

/* "f" names the key; s_client gives it the URI of its engine's store. */
static bool try_engine_key(struct refusal *r, const struct refusal_file *f)
{
    const char *engine = options_text(r->words, OPT_engine, "");
    const char *name = engine_name(engine);
    EVP_PKEY *key = engine_key(engine, f->name, f->phrase->pass);
    struct refusal_file shown = *f;
    char uri[URI_MAX];

    if (!key) {
        snprintf(uri, sizeof(uri), "org.openssl.engine:%s:%s",
                 name ? name : engine, f->name);
        shown.name = uri;
        refusal_unread(&shown, r->out);
    }
    EVP_PKEY_free(key);
    return !key;
}

bool refusal_key(struct refusal *r, const char *text)
{
    const struct refusal_file f = { .name = text,
                                    .what = "client certificate private key",
                                    .kind = OSSL_STORE_INFO_PKEY,
                                    .phrase = &r->phrase };

    return strcmp(options_text(r->words, OPT_keyform, ""), "ENGINE") == 0
               ? try_engine_key(r, &f)
               : refusal_file(&f, r->out);
}

bool refusal_cert(struct refusal *r, const char *text)
{
    const struct refusal_file f = { .name = text,
                                    .what = "client certificate",
                                    .kind = OSSL_STORE_INFO_CERT,
                                    .phrase = &r->phrase,
                                    .after =
                                        "Unable to load client certificate" };

    return (!options_has(r->words, OPT_key) && refusal_key(r, text))
           || refusal_file(&f, r->out);
}

bool refusal_chain(struct refusal *r, const char *text)
{
    const struct refusal_file f = { .name = text,
                                    .what = "client certificate chain",
                                    .kind = OSSL_STORE_INFO_CERT,
                                    .many = true,
                                    .phrase = &r->phrase };

    return refusal_file(&f, r->out);
}

/* s_client begins with the last of them. */
bool refusal_xcert(struct refusal *r, const char *text)
{
    const char *last = options_text(r->words, OPT_xcert, text);
    const struct refusal_file f = { .name = last,
                                    .what = "Server Certificate",
                                    .kind = OSSL_STORE_INFO_CERT,
                                    .after =
                                        "Unable to load Server Certificate" };

    return refusal_file(&f, r->out);
}

bool refusal_xkey(struct refusal *r, const char *text)
{
    const struct refusal_file f = { .name = text,
                                    .what = "server key",
                                    .kind = OSSL_STORE_INFO_PKEY };

    return options_has(r->words, OPT_xcert) && refusal_file(&f, r->out);
}

bool refusal_xchain(struct refusal *r, const char *text)
{
    const struct refusal_file f = { .name = text,
                                    .what = "server chain",
                                    .kind = OSSL_STORE_INFO_CERT,
                                    .many = true };

    return options_has(r->words, OPT_xcert) && refusal_file(&f, r->out);
}

/* Two keys of one kind are compared when the second is put in place. */
bool refusal_identity(struct refusal *r, const char *text)
{
    const char *key = options_text(r->words, OPT_key, text);

    if (SSL_CTX_use_certificate_file(r->ctx, text, SSL_FILETYPE_PEM) <= 0)
        return false;
    if (SSL_CTX_use_PrivateKey_file(r->ctx, key, SSL_FILETYPE_PEM) <= 0)
        return ERR_GET_REASON(ERR_peek_last_error())
                   == X509_R_KEY_VALUES_MISMATCH
               && refusal_say(r, "error setting private key\n");
    if (SSL_CTX_check_private_key(r->ctx))
        return false;
    buf_text(r->out, "Private key does not match the certificate public key\n");
    return true;
}

/* With the CAs for chains, or else with those for verifying. */
bool refusal_build(struct refusal *r, const char *text)
{
    const char *file = options_text(r->words, OPT_chainCAfile, NULL);
    X509_STORE *store = file ? X509_STORE_new() : NULL;
    bool done;

    (void)text;
    if (store && X509_STORE_load_file(store, file))
        SSL_CTX_set1_chain_cert_store(r->ctx, store);
    X509_STORE_free(store);
    ERR_clear_error();
    done = !SSL_CTX_get0_certificate(r->ctx)
           || SSL_CTX_build_cert_chain(r->ctx, 0) > 0;
    return !done && refusal_say(r, "error building certificate chain\n");
}
