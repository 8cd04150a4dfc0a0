#include "probes.h"

#include <openssl/provider.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* ---- OpenSSL ---- */

bool ssl_option(const struct look *at)
{
    return (SSL_get_options(at->ssl) & at->number) == at->number;
}

bool option_clear(const struct look *at)
{
    return !(SSL_get_options(at->ssl) & at->number);
}

bool min_version(const struct look *at)
{
    return SSL_get_min_proto_version(at->ssl) == (long)at->number;
}

bool max_version(const struct look *at)
{
    return SSL_get_max_proto_version(at->ssl) == (long)at->number;
}

bool only_version(const struct look *at)
{
    return min_version(at) && max_version(at);
}

bool first_cipher(const struct look *at)
{
    STACK_OF(SSL_CIPHER) *list = SSL_get1_supported_ciphers(at->ssl);
    const char *name = SSL_CIPHER_get_name(sk_SSL_CIPHER_value(list, 0));
    bool same = strcmp(name, at->text) == 0;

    sk_SSL_CIPHER_free(list);
    return same;
}

bool strict(const struct look *at)
{
    return SSL_set_cert_flags(at->ssl, 0) & SSL_CERT_FLAG_TLS_STRICT;
}

/* ClientHello extension "number" has exactly the bytes "text" (in hex). */
bool extension_is(const struct look *at)
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

bool no_extension(const struct look *at)
{
    struct hello h;
    size_t len;

    observe_hello(at->ssl, &h);
    return !hello_extension(&h, (unsigned)at->number, &len);
}

bool no_session_id(const struct look *at)
{
    struct hello h;

    observe_hello(at->ssl, &h);
    return hello_session_id(&h) == 0;
}

bool verify_flags(const struct look *at)
{
    return (X509_VERIFY_PARAM_get_flags(SSL_get0_param(at->ssl)) & at->number)
           == at->number;
}

bool checks_later(const struct look *at)
{
    const unsigned long flags =
        X509_VERIFY_PARAM_get_flags(SSL_get0_param(at->ssl));

    return at->settings->verify.revocation == at->number
           && (flags & at->number) == 0;
}

bool private_crl(const struct look *at)
{
    return at->settings->private_crl;
}

bool verify_depth(const struct look *at)
{
    return X509_VERIFY_PARAM_get_depth(SSL_get0_param(at->ssl))
           == (int)at->number;
}

bool verify_level(const struct look *at)
{
    return X509_VERIFY_PARAM_get_auth_level(SSL_get0_param(at->ssl))
           == (int)at->number;
}

bool verify_time(const struct look *at)
{
    return X509_VERIFY_PARAM_get_time(SSL_get0_param(at->ssl))
           == (time_t)at->number;
}

static bool same_text(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

bool verify_host(const struct look *at)
{
    return same_text(X509_VERIFY_PARAM_get0_host(SSL_get0_param(at->ssl), 0),
                     at->text);
}

bool verify_email(const struct look *at)
{
    return same_text(X509_VERIFY_PARAM_get0_email(SSL_get0_param(at->ssl)),
                     at->text);
}

bool verify_ip(const struct look *at)
{
    char *ip = X509_VERIFY_PARAM_get1_ip_asc(SSL_get0_param(at->ssl));
    bool same = same_text(ip, at->text);

    OPENSSL_free(ip);
    return same;
}

/* The leaf verifies with the result "number". */
bool verifies(const struct look *at)
{
    return observe_verify(at->plan, plan_store(at->plan), at->pki->leaf)
           == (int)at->number;
}

bool chain_verifies(const struct look *at)
{
    X509_STORE *store = NULL;

    SSL_CTX_get0_chain_cert_store(SSL_get_SSL_CTX(at->ssl), &store);
    return store && observe_verify(at->plan, store, at->pki->leaf) == X509_V_OK;
}

bool has_cert(const struct look *at)
{
    const X509 *cert = SSL_get_certificate(at->ssl);

    return cert && X509_cmp(cert, at->pki->leaf) == 0;
}

bool has_key(const struct look *at)
{
    const EVP_PKEY *key = SSL_get_privatekey(at->ssl);

    return key && EVP_PKEY_eq(key, at->pki->leaf_key) == 1;
}

bool has_chain(const struct look *at)
{
    STACK_OF(X509) *chain = NULL;

    SSL_get0_chain_certs(at->ssl, &chain);
    return sk_X509_num(chain) == (int)at->number;
}

/* A server gets the leaf and "number" certificates in all. */
bool sends(const struct look *at)
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
bool taken(const struct look *at)
{
    return at->plan;
}

bool asks_for_staple(const struct look *at)
{
    return at->settings->status
           && SSL_get_tlsext_status_type(at->ssl) == TLSEXT_STATUSTYPE_ocsp;
}

bool logs_keys(const struct look *at)
{
    return SSL_CTX_get_keylog_callback(SSL_get_SSL_CTX(at->ssl));
}

bool ends_at_depth(const struct look *at)
{
    return SSL_get_verify_mode(at->ssl) == SSL_VERIFY_PEER
           && at->settings->verify.depth == (int)at->number;
}

bool ends_at_error(const struct look *at)
{
    return SSL_get_verify_mode(at->ssl) == SSL_VERIFY_PEER
           && at->settings->verify.return_error;
}

bool nameopt(const struct look *at)
{
    return at->settings->verify.nameopt == at->number;
}

/* ---- settings ---- */

bool family(const struct look *at)
{
    return at->settings->family == (int)at->number;
}

bool binds(const struct look *at)
{
    return same_text(at->settings->bind_host, at->text)
           && same_text(at->settings->bind_port, "99");
}

bool unix_path(const struct look *at)
{
    return same_text(at->settings->unix_path, at->text);
}

bool sends_name(const struct look *at)
{
    return same_text(SSL_get_servername(at->ssl, TLSEXT_NAMETYPE_host_name),
                     at->text);
}

bool sends_no_name(const struct look *at)
{
    return !SSL_get_servername(at->ssl, TLSEXT_NAMETYPE_host_name);
}

bool quiet(const struct look *at)
{
    return at->settings->verify.quiet;
}

bool brief(const struct look *at)
{
    return at->settings->brief && quiet(at);
}

bool has_provider(const struct look *at)
{
    const char *query;
    OSSL_LIB_CTX *library = plan_library(at->plan, &query);

    return OSSL_PROVIDER_available(library, at->text);
}

bool has_query(const struct look *at)
{
    const char *query;

    plan_library(at->plan, &query);
    return same_text(query, at->text);
}

bool prexit(const struct look *at)
{
    return at->settings->prexit;
}

/* Of the flags of the trace rule, those named in "text" are on. */
bool traces(const struct look *at)
{
    const struct trace_rule *rule = &at->settings->trace;
    char on[80];

    snprintf(on, sizeof(on), "%s%s%s%s%s%s%s%s", rule->debug ? "debug " : "",
             rule->msg ? "msg " : "", rule->trace ? "trace " : "",
             rule->state ? "state " : "", rule->extensions ? "extensions " : "",
             rule->nbio_test ? "nbio_test " : "", rule->waits ? "waits " : "",
             rule->timeouts ? "timeouts " : "");
    on[strlen(on) - (*on != 0)] = '\0';
    return strcmp(on, at->text) == 0;
}

bool security(const struct look *at)
{
    return at->settings->trace.security == at->number;
}

bool ssl_mode(const struct look *at)
{
    return (uint64_t)SSL_get_mode(at->ssl) & at->number;
}

bool showcerts(const struct look *at)
{
    return at->settings->showcerts;
}

bool starttls(const struct look *at)
{
    return same_text(at->settings->starttls, at->text);
}

bool dialog_name(const struct look *at)
{
    return same_text(at->settings->name, at->text);
}

bool deadline(const struct look *at)
{
    return at->settings->deadline_ms == (int64_t)at->number;
}

bool connect_ms(const struct look *at)
{
    return at->settings->connect_ms == (int64_t)at->number;
}

bool handshake_ms(const struct look *at)
{
    return at->settings->handshake_ms == (int64_t)at->number;
}

bool retries(const struct look *at)
{
    return at->settings->retries == at->number;
}

bool opens_fast(const struct look *at)
{
    return at->settings->fast_open;
}

bool proxy(const struct look *at)
{
    return same_text(at->settings->proxy_host, at->text)
           && same_text(at->settings->proxy_port, "99");
}

bool proxy_user(const struct look *at)
{
    return same_text(at->settings->proxy_user, at->text);
}

bool proxy_pass(const struct look *at)
{
    return same_text(at->settings->proxy_pass, at->text);
}
