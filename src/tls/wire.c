/* wire -- what goes through the socket: bounded while a peer is not trusted,
 * its first bytes kept, dumped for -debug.
 *
 * A record layer that never runs dry (say, endless HelloRequests, which
 * OpenSSL skips inside one call) would keep us in OpenSSL beyond every
 * deadline: the bytes are counted below it. */
#include "tls_room.h"

#include <string.h>

/* Far more than the largest honest handshake: OpenSSL takes 100 KiB of
 * certificates. */
enum { GUARD_BYTES_MAX = 1024 * 1024 };

static void keep_first(struct conn *c, const struct tls_transfer *t)
{
    size_t room = sizeof(c->first) - c->nfirst;
    size_t n = (size_t)t->moved < room ? (size_t)t->moved : room;

    memcpy(c->first + c->nfirst, t->bytes, n);
    c->nfirst += n;
}

/* As s_client, which numbers connections and buffers by their addresses. */
void tls_show_transfer(struct buf *out, const struct tls_transfer *t)
{
    buf_printf(out, "%s %p [%p] (%zu bytes => ",
               t->sent ? "write to" : "read from", t->end, t->bytes, t->asked);
    if (t->moved <= 0) {
        buf_printf(out, "%zd)\n", t->moved);
        return;
    }
    buf_printf(out, "%zd (0x%zX))\n", t->moved, (size_t)t->moved);
    lines_dump(out, t->bytes, (size_t)t->moved, 0);
}

/* s_client's socket blocks: it never sees that there is nothing yet. */
static bool is_shown(const struct conn *c, const BIO *bio, ssize_t moved)
{
    return c->trace.debug && c->lines.out
           && (moved > 0 || c->trace.waits || !BIO_should_retry(bio));
}

static void note_transfer(struct conn *c, const BIO *bio,
                          const struct tls_transfer *t)
{
    if (!t->sent && t->moved > 0)
        keep_first(c, t);
    if (is_shown(c, bio, t->moved))
        tls_show_transfer(c->lines.out, t);
}

static long watch(BIO *bio, int oper, const char *argp, size_t len, int argi,
                  long argl, int ret, size_t *processed)
{
    struct conn *c = (struct conn *)(void *)BIO_get_callback_arg(bio);
    const struct tls_transfer t = {
        .end = bio,
        .bytes = argp,
        .asked = len,
        .moved = ret > 0 && processed ? (ssize_t)*processed : ret,
        .sent = oper == (BIO_CB_WRITE | BIO_CB_RETURN),
    };

    (void)argi;
    (void)argl;
    if (t.sent || oper == (BIO_CB_READ | BIO_CB_RETURN))
        note_transfer(c, bio, &t);
    if (oper == BIO_CB_READ && c->guarded
        && BIO_number_read(bio) > GUARD_BYTES_MAX) {
        BIO_clear_retry_flags(bio);
        c->flooded = true;
        return -1;
    }
    return ret;
}

static void install(struct conn *c)
{
    BIO *bio = SSL_get_rbio(c->ssl);

    BIO_set_callback_arg(bio, (char *)c);
    BIO_set_callback_ex(bio, watch);
}

void wire_begin(struct conn *c)
{
    if (c->trace.debug)
        install(c);
}

void guard_begin(struct conn *c)
{
    c->guarded = true;
    install(c);
}

void guard_end(struct conn *c)
{
    c->guarded = false;
    if (!c->trace.debug)
        BIO_set_callback_ex(SSL_get_rbio(c->ssl), NULL);
}
