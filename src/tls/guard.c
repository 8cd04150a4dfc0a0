/* guard -- bounds what a peer may send in a handshake, and keeps how it began.
 *
 * A record layer that never runs dry (say, endless HelloRequests, which
 * OpenSSL skips inside one call) would keep us in OpenSSL beyond every
 * deadline: the bytes are counted below it. */
#include "tls_room.h"

#include <string.h>

/* Far more than the largest honest handshake: OpenSSL takes 100 KiB of
 * certificates. */
enum { GUARD_BYTES_MAX = 1024 * 1024 };

static void keep_first(struct conn *c, const char *bytes, size_t len)
{
    size_t room = sizeof(c->first) - c->nfirst;
    size_t n = len < room ? len : room;

    memcpy(c->first + c->nfirst, bytes, n);
    c->nfirst += n;
}

static long watch(BIO *bio, int oper, const char *argp, size_t len, int argi,
                  long argl, int ret, size_t *processed)
{
    struct conn *c = (struct conn *)(void *)BIO_get_callback_arg(bio);

    (void)len;
    (void)argi;
    (void)argl;
    if (oper == (BIO_CB_READ | BIO_CB_RETURN) && ret > 0 && processed)
        keep_first(c, argp, *processed);
    if (oper == BIO_CB_READ && BIO_number_read(bio) > GUARD_BYTES_MAX) {
        BIO_clear_retry_flags(bio);
        c->flooded = true;
        return -1;
    }
    return ret;
}

void guard_begin(struct conn *c)
{
    BIO *bio = SSL_get_rbio(c->ssl);

    BIO_set_callback_arg(bio, (char *)c);
    BIO_set_callback_ex(bio, watch);
}

void guard_end(struct conn *c)
{
    BIO_set_callback_ex(SSL_get_rbio(c->ssl), NULL);
}
