/* tls -- peers that finish a handshake. */
#include "peerd.h"

#include <string.h>

static bool tls_begin(struct peer *p)
{
    p->ssl = SSL_new(p->setup->ctx);
    if (!p->ssl || SSL_set_fd(p->ssl, p->fd) != 1)
        die("SSL_new");
    SSL_set_accept_state(p->ssl);
    return true;
}

/* After a call that returned "n": false when the connection is over. */
static bool go_on(struct peer *p, int n)
{
    int why = SSL_get_error(p->ssl, n);

    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
        return false;
    peer_want_write(p, why == SSL_ERROR_WANT_WRITE);
    return true;
}

/* The handshake, then whatever the client says is read and forgotten. */
static bool tls_ready(struct peer *p)
{
    char bytes[1024];
    int n;

    if (!p->answered) {
        n = SSL_accept(p->ssl);
        if (n != 1)
            return go_on(p, n);
        p->answered = true;
    }
    do
        n = SSL_read(p->ssl, bytes, sizeof(bytes));
    while (n > 0);
    return go_on(p, n);
}

/* True once the handshake is done; *open tells whether the connection is. */
static bool finished(struct peer *p, bool *open)
{
    int n = p->answered ? 1 : SSL_accept(p->ssl);

    *open = n == 1 || go_on(p, n);
    if (n == 1 && !p->answered) {
        p->answered = true;
        peer_want_write(p, true);
    }
    return p->answered;
}

static bool flood_ready(struct peer *p)
{
    static const char bytes[4096];
    bool open;

    if (!finished(p, &open))
        return open;
    return SSL_write(p->ssl, bytes, sizeof(bytes)) > 0
           || SSL_want_write(p->ssl);
}

static bool tickets_ready(struct peer *p)
{
    bool open;

    if (!finished(p, &open))
        return open;
    if (SSL_version(p->ssl) < TLS1_3_VERSION)
        return false;
    return SSL_new_session_ticket(p->ssl) == 1
           && (SSL_do_handshake(p->ssl) == 1 || SSL_want_write(p->ssl));
}

static bool keyupdates_ready(struct peer *p)
{
    bool open;

    if (!finished(p, &open))
        return open;
    if (SSL_version(p->ssl) < TLS1_3_VERSION)
        return false;
    return SSL_key_update(p->ssl, SSL_KEY_UPDATE_NOT_REQUESTED) == 1
           && (SSL_do_handshake(p->ssl) == 1 || SSL_want_write(p->ssl));
}

/* HelloRequest is TLS 1.2. */
static bool renegotiations_begin(struct peer *p)
{
    return tls_begin(p) && SSL_set_max_proto_version(p->ssl, TLS1_2_VERSION);
}

static bool renegotiations_ready(struct peer *p)
{
    bool open;

    if (!finished(p, &open))
        return open;
    SSL_renegotiate(p->ssl);
    return SSL_do_handshake(p->ssl) == 1 || SSL_want_read(p->ssl)
           || SSL_want_write(p->ssl);
}

static const struct kind kinds[] = {
    { .name = "tls", .begin = tls_begin, .ready = tls_ready },
    { .name = "flood", .begin = tls_begin, .ready = flood_ready },
    { .name = "tickets", .begin = tls_begin, .ready = tickets_ready },
    { .name = "keyupdates", .begin = tls_begin, .ready = keyupdates_ready },
    { .name = "renegotiations",
      .begin = renegotiations_begin,
      .ready = renegotiations_ready },
};

const struct kind *kind_find_tls(const char *name)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(name, kinds[i].name) == 0)
            return &kinds[i];
    return NULL;
}
