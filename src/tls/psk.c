/* psk -- pre-shared keys: OpenSSL asks for them in the middle of a handshake.
 *
 * Up to TLS 1.2 a key is an identity and bytes; under TLS 1.3 it is a session,
 * which s_client makes of the bytes for TLS_AES_128_GCM_SHA256. */
#include "tls/quic.h"
#include "tls_room.h"

#include <string.h>

/* With -debug s_client tells of each step of the older way. */
static struct buf *debug_lines(const struct conn *c)
{
    return c->trace.debug ? c->lines.out : NULL;
}

static void log_hint(struct buf *out, const char *hint)
{
    if (!hint) {
        buf_text(out, "NULL received PSK identity hint, continuing anyway\n");
        return;
    }
    buf_text(out, "Received PSK identity hint '");
    tls_print_line(out, hint, strlen(hint));
    buf_text(out, "'\n");
}

/* 0 ends the handshake. */
static unsigned give_key(SSL *ssl, const char *hint, char *identity,
                         unsigned identity_max, unsigned char *key,
                         unsigned key_max)
{
    const struct conn *c = conn_of(ssl);
    const struct psk *psk = c->psk.ask;
    struct buf *out = debug_lines(c);
    size_t len = strlen(psk->identity);

    /* OpenSSL asks here too for a key whose digest did not fit, and then fails
     * for that reason. */
    if (quic_or_tls13(ssl))
        return 0;
    if (out) {
        buf_text(out, "psk_client_cb\n");
        log_hint(out, hint);
    }
    if (len > identity_max || psk->len > key_max)
        return 0;
    memcpy(identity, psk->identity, len);
    identity[len] = '\0'; /* there is room for it behind the maximum */
    memcpy(key, psk->key, psk->len);
    if (out)
        buf_printf(out, "created identity '%s' len=%zu\ncreated PSK len=%zu\n",
                   psk->identity, len, psk->len);
    return (unsigned)psk->len;
}

static SSL_SESSION *session_of_key(SSL *ssl, const struct psk *psk)
{
    static const unsigned char aes128_gcm_sha256[] = { 0x13, 0x01 };
    const SSL_CIPHER *cipher = SSL_CIPHER_find(ssl, aes128_gcm_sha256);
    SSL_SESSION *session = SSL_SESSION_new();

    if (session && cipher
        && SSL_SESSION_set1_master_key(session, psk->key, psk->len)
        && SSL_SESSION_set_cipher(session, cipher)
        && SSL_SESSION_set_protocol_version(session, TLS1_3_VERSION))
        return session;
    SSL_SESSION_free(session);
    return NULL;
}

static bool fits(const SSL_SESSION *session, const EVP_MD *wanted)
{
    const SSL_CIPHER *cipher = SSL_SESSION_get0_cipher(session);

    return cipher
           && (!wanted || SSL_CIPHER_get_handshake_digest(cipher) == wanted);
}

/* "wanted" is the digest of the cipher that the server chose already, in a
 * HelloRetryRequest; NULL before. */
static int give_session(SSL *ssl, const EVP_MD *wanted,
                        const unsigned char **id, size_t *id_len,
                        SSL_SESSION **out)
{
    const struct psk *psk = conn_of(ssl)->psk.ask;
    SSL_SESSION *session =
        psk->session ? SSL_SESSION_dup(psk->session) : session_of_key(ssl, psk);

    *out = NULL;
    *id_len = 0;
    if (!session)
        return 0;
    if (!fits(session, wanted)) {
        SSL_SESSION_free(session);
        return 1;
    }
    *id = (const unsigned char *)psk->identity;
    *id_len = strlen(psk->identity);
    *out = session;
    return 1;
}

void psk_install(SSL *ssl, bool has_key)
{
    if (has_key)
        SSL_set_psk_client_callback(ssl, give_key);
    SSL_set_psk_use_session_callback(ssl, give_session);
}

/* The secret of a session; "out" holds PSK_MAX_PSK_LEN bytes. */
static size_t secret_of(const SSL_SESSION *session, unsigned char *out)
{
    return SSL_SESSION_get_master_key(session, out, PSK_MAX_PSK_LEN);
}

/* Under TLS 1.3 OpenSSL does not name the key that was used: the session is a
 * copy of ours then, and has its secret.  One that a ticket resumed has another
 * one. */
static bool session_is_key(const struct conn *c)
{
    const struct psk *psk = c->psk.ask;
    unsigned char ours[PSK_MAX_PSK_LEN], theirs[PSK_MAX_PSK_LEN];
    const SSL_SESSION *session = SSL_get0_session(c->ssl);
    size_t len = psk->len, their_len;
    bool same;

    if (!session || !SSL_session_reused(c->ssl))
        return false;
    if (psk->session)
        len = secret_of(psk->session, ours);
    else
        memcpy(ours, psk->key, len);
    their_len = secret_of(session, theirs);
    same = their_len == len && CRYPTO_memcmp(ours, theirs, len) == 0;
    OPENSSL_cleanse(ours, sizeof(ours));
    OPENSSL_cleanse(theirs, sizeof(theirs));
    return same;
}

void psk_note(struct conn *c)
{
    bool used;

    if (!c->psk.ask)
        return;
    used = quic_or_tls13(c->ssl) ? session_is_key(c)
                                 : SSL_get_psk_identity(c->ssl) != NULL;
    c->psk.identity = used ? c->psk.ask->identity : NULL;
}
