/* probes_hello -- what else a hello says, and how answers would be taken. */
#include "probes.h"

#include <openssl/ct.h>
#include <openssl/srtp.h>
#include <string.h>

bool has_extension(const struct look *at)
{
    struct hello h;
    size_t len;

    observe_hello(at->ssl, &h);
    return hello_extension(&h, (unsigned)at->number, &len);
}

bool first_record_is(const struct look *at)
{
    struct hello h;

    observe_hello(at->ssl, &h);
    return ((size_t)h.bytes[3] << 8 | h.bytes[4]) == at->number;
}

/* Notes how many bytes OpenSSL wants to have. */
static long note_read(BIO *bio, int oper, const char *argp, size_t len,
                      int argi, long argl, int ret, size_t *processed)
{
    size_t *most = (size_t *)(void *)BIO_get_callback_arg(bio);

    (void)argp;
    (void)argi;
    (void)argl;
    (void)processed;
    if (oper == BIO_CB_READ && len > *most)
        *most = len;
    return ret;
}

bool reads_at_once(const struct look *at)
{
    BIO *from = BIO_new(BIO_s_mem());
    size_t most = 0;

    BIO_set_callback_arg(from, (char *)&most);
    BIO_set_callback_ex(from, note_read);
    SSL_set_bio(at->ssl, from, BIO_new(BIO_s_mem()));
    SSL_set_connect_state(at->ssl);
    SSL_do_handshake(at->ssl);
    return most >= at->number;
}

bool offers_cipher(const struct look *at)
{
    struct hello h;

    observe_hello(at->ssl, &h);
    return hello_offers(&h, (unsigned)at->number);
}

/* A key is offered under the name "text". */
bool offers_psk(const struct look *at)
{
    enum { BEFORE = 4 }; /* lengths of the list and of the name */
    struct conn conn = { .psk = { .ask = at->settings->psk } };
    const unsigned char *body;
    struct hello h;
    size_t len = 0;

    SSL_set_app_data(at->ssl, &conn);
    observe_hello(at->ssl, &h);
    body = hello_extension(&h, TLSEXT_TYPE_psk, &len);
    return body && body[BEFORE - 1] == strlen(at->text)
           && memcmp(body + BEFORE, at->text, strlen(at->text)) == 0;
}

bool offers_srtp(const struct look *at)
{
    const STACK_OF(SRTP_PROTECTION_PROFILE) *list =
        SSL_get_srtp_profiles(at->ssl);

    return list
           && strcmp(sk_SRTP_PROTECTION_PROFILE_value(list, 0)->name, at->text)
                  == 0;
}

bool dane_flags(const struct look *at)
{
    return SSL_dane_set_flags(at->ssl, 0) & at->number;
}

bool asks_for_timestamps(const struct look *at)
{
    return SSL_ct_is_enabled(at->ssl);
}

bool asks_for_none(const struct look *at)
{
    return !SSL_ct_is_enabled(at->ssl);
}

/* The log of the pki is known. */
bool knows_log(const struct look *at)
{
    const CTLOG_STORE *logs =
        SSL_CTX_get0_ctlog_store(SSL_get_SSL_CTX(at->ssl));

    return CTLOG_STORE_get0_log_by_id(logs, at->pki->log_id,
                                      sizeof(at->pki->log_id));
}

bool exports_under(const struct look *at)
{
    const char *label = at->settings->keymat_label;

    return label && strcmp(label, at->text) == 0;
}

bool exports_bytes(const struct look *at)
{
    return at->settings->keymat_len == at->number;
}
