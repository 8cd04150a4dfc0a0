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

/* One read or write of the socket that has been made. */
struct transfer {
    const BIO *bio;
    const char *verb;
    const char *bytes;
    size_t asked;
    int result;
    const size_t *moved;
};

static void keep_first(struct conn *c, const struct transfer *t)
{
    size_t room = sizeof(c->first) - c->nfirst;
    size_t n = *t->moved < room ? *t->moved : room;

    memcpy(c->first + c->nfirst, t->bytes, n);
    c->nfirst += n;
}

/* The address of BIO and buffer tell one connection's lines from another's in
 * s_client's output, so they are here too. */
static void dump(const struct conn *c, const struct transfer *t)
{
    struct buf *out = c->lines.out;
    const bool done = t->result > 0 && t->moved;

    /* s_client's socket blocks: it never sees that there is nothing yet. */
    if (!done && BIO_should_retry(t->bio) && !c->trace.waits)
        return;
    buf_printf(out, "%s %p [%p] (%zu bytes => ", t->verb, (const void *)t->bio,
               (const void *)t->bytes, t->asked);
    if (!done) {
        buf_printf(out, "%d)\n", t->result);
        return;
    }
    buf_printf(out, "%zu (0x%zX))\n", *t->moved, *t->moved);
    lines_dump(out, t->bytes, *t->moved, 0);
}

static void note_transfer(struct conn *c, int oper, const struct transfer *t)
{
    if (oper == BIO_CB_READ && t->result > 0 && t->moved)
        keep_first(c, t);
    if (c->trace.debug && c->lines.out)
        dump(c, t);
}

static long watch(BIO *bio, int oper, const char *argp, size_t len, int argi,
                  long argl, int ret, size_t *processed)
{
    struct conn *c = (struct conn *)(void *)BIO_get_callback_arg(bio);
    const struct transfer t = {
        .bio = bio,
        .verb =
            oper == (BIO_CB_READ | BIO_CB_RETURN) ? "read from" : "write to",
        .bytes = argp,
        .asked = len,
        .result = ret,
        .moved = processed,
    };

    (void)argi;
    (void)argl;
    if (oper == (BIO_CB_READ | BIO_CB_RETURN)
        || oper == (BIO_CB_WRITE | BIO_CB_RETURN))
        note_transfer(c, oper & ~BIO_CB_RETURN, &t);
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
