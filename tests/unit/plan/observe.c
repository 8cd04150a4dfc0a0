#include "observe.h"

#include <criterion/criterion.h>

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    RECORD_HEADER = 5,
    MESSAGE_HEADER = 4,
    VERSION_AND_RANDOM = 34,
};

void observe_hello(SSL *ssl, struct hello *out)
{
    BIO *from = BIO_new(BIO_s_mem()), *to = BIO_new(BIO_s_mem());
    int len;

    SSL_set_bio(ssl, from, to);
    SSL_set_connect_state(ssl);
    SSL_do_handshake(ssl);
    len = BIO_read(to, out->bytes, sizeof(out->bytes));
    cr_assert(len > RECORD_HEADER + MESSAGE_HEADER + VERSION_AND_RANDOM,
              "no ClientHello");
    out->len = (size_t)len;
    ERR_clear_error();
}

static unsigned number(const unsigned char *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

static const unsigned char *session_id(const struct hello *h)
{
    return h->bytes + RECORD_HEADER + MESSAGE_HEADER + VERSION_AND_RANDOM;
}

size_t hello_session_id(const struct hello *h)
{
    return *session_id(h);
}

bool hello_offers(const struct hello *h, unsigned cipher)
{
    const unsigned char *at = session_id(h);
    const unsigned char *end;

    at += 1 + at[0];
    end = at + 2 + number(at);
    for (at += 2; at < end; at += 2)
        if (number(at) == cipher)
            return true;
    return false;
}

const unsigned char *hello_extension(const struct hello *h, unsigned type,
                                     size_t *len)
{
    const unsigned char *at = session_id(h), *end = h->bytes + h->len;

    at += 1 + at[0];
    at += 2 + number(at); /* cipher suites */
    at += 1 + at[0]; /* compression */
    for (at += 2; at + 4 <= end; at += 4 + number(at + 2)) {
        if (number(at) != type)
            continue;
        *len = number(at + 2);
        return at + 4;
    }
    return NULL;
}

int observe_verify(const struct plan *p, X509_STORE *store, X509 *cert)
{
    struct err e = { 0 };
    SSL *ssl = plan_ssl(p, NULL, &e);
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    int error;

    cr_assert(ssl && X509_STORE_CTX_init(ctx, store, cert, NULL));
    X509_VERIFY_PARAM_set1(X509_STORE_CTX_get0_param(ctx), SSL_get0_param(ssl));
    X509_verify_cert(ctx);
    error = X509_STORE_CTX_get_error(ctx);
    X509_STORE_CTX_free(ctx);
    SSL_free(ssl);
    ERR_clear_error();
    return error;
}

static int take_any(int ok, X509_STORE_CTX *ctx)
{
    (void)ok;
    (void)ctx;
    return 1;
}

static SSL *new_server(const struct pki *pki, const char *only, int fd)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    SSL *ssl;

    SSL_CTX_use_certificate(ctx, pki->leaf);
    SSL_CTX_use_PrivateKey(ctx, pki->leaf_key);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, take_any);
    if (only)
        cr_assert(SSL_CTX_set1_client_sigalgs_list(ctx, only));
    ssl = SSL_new(ctx);
    SSL_CTX_free(ctx);
    SSL_set_fd(ssl, fd);
    SSL_set_accept_state(ssl);
    return ssl;
}

/* Both ends in turn, until nothing moves any more. */
static bool shake(SSL *client, SSL *server)
{
    int a = 0, b = 0;

    for (int turn = 0; turn < 16; turn++) {
        a = SSL_do_handshake(client);
        b = SSL_do_handshake(server);
    }
    ERR_clear_error();
    return a == 1 && b == 1;
}

void observe_handshake(const struct plan *p, const struct pki *pki,
                       const char *only, struct seen *out)
{
    struct err e = { 0 };
    struct waiter w;
    struct conn conn;
    struct conn_ask ask = { .waiter = &w, .when = DEADLINE_NEVER };
    SSL *server;
    int fds[2];

    cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
    waiter_thread_init(&w);
    ask.ssl = plan_ssl(p, NULL, &e);
    ask.fd = fds[0];
    cr_assert(conn_init(&conn, &ask, &e), "%s", e.msg);
    server = new_server(pki, only, fds[1]);
    out->done = shake(conn.ssl, server);
    out->cert = SSL_get1_peer_certificate(server);
    out->chain =
        sk_X509_num(SSL_get_peer_cert_chain(server)) + (out->cert != 0);
    SSL_free(server);
    conn_release(&conn);
    close(fds[0]);
    close(fds[1]);
}
