/* context -- what OpenSSL asks a context and not an SSL about. */
#include "tls_room.h"

#include <openssl/ocsp.h>

static void log_unreadable(struct buf *out, const unsigned char *bytes,
                           size_t len)
{
    buf_text(out, "response parse error\n");
    lines_dump(out, bytes, len, 4);
}

static void log_response(struct buf *out, OCSP_RESPONSE *response)
{
    static const char rule[] = "======================================\n";
    BIO *bio = BIO_new(BIO_s_mem());

    if (!bio) {
        out->refused = true;
        return;
    }
    buf_printf(out, "\n%s", rule);
    OCSP_RESPONSE_print(bio, response, 0);
    tls_take_text(out, bio);
    buf_text(out, rule);
}

/* Returns 1 to go on, 0 to end the handshake. */
static int look_at_staple(SSL *ssl, void *arg)
{
    struct conn *c = conn_of(ssl);
    struct buf *out = c->lines.out;
    const unsigned char *bytes, *p;
    long len = SSL_get_tlsext_status_ocsp_resp(ssl, &bytes);
    OCSP_RESPONSE *response;

    (void)arg;
    /* -ct asks for a staple too, and s_client does not look at that one. */
    if (!c->trace.staple)
        return 1;
    if (out)
        buf_text(out, "OCSP response: ");
    if (!bytes) {
        if (out)
            buf_text(out, "no response sent\n");
        return 1;
    }
    p = bytes;
    response = d2i_OCSP_RESPONSE(NULL, &p, len);
    if (out && response)
        log_response(out, response);
    else if (out)
        log_unreadable(out, bytes, (size_t)len);
    OCSP_RESPONSE_free(response);
    c->staple_unreadable = !response;
    return response != NULL;
}

static int look_at_name(SSL *ssl, int *alert, void *arg)
{
    const struct conn *c = conn_of(ssl);

    (void)alert;
    (void)arg;
    if (c->trace.no_name && c->lines.err && SSL_get_servername_type(ssl) == -1)
        buf_text(c->lines.err, "Can't use SSL_get_servername\n");
    return SSL_TLSEXT_ERR_OK;
}

void tls_watch_context(SSL_CTX *ctx)
{
    SSL_CTX_set_tlsext_status_cb(ctx, look_at_staple);
    SSL_CTX_set_tlsext_servername_callback(ctx, look_at_name);
}
