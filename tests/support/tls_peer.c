#include "tls_peer.h"

#include <criterion/criterion.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOG_MAX = 64 * 1024, SAFETY_MS = 60 * 1000 };

/* Reads until our end is closed: a server that says goodbye first would race
 * with what the test looks at. */
static void serve_tls(struct tls_peer *p)
{
    SSL *ssl = SSL_new(p->server_ctx);
    char bytes[256];

    SSL_set_fd(ssl, p->server_fd);
    if (p->accepts ? p->accepts(ssl) : SSL_accept(ssl) == 1) {
        if (p->greets)
            p->greets(ssl);
        while (SSL_read(ssl, bytes, sizeof(bytes)) > 0)
            ;
    }
    SSL_free(ssl);
}

static void *serve(void *arg)
{
    struct tls_peer *p = arg;

    if (p->raw)
        p->raw(p->server_fd);
    else
        serve_tls(p);
    close(p->server_fd);
    return NULL;
}

static void make_server(struct tls_peer *p)
{
    p->server_ctx = p->reuse;
    if (p->reuse)
        return;
    p->server_ctx = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_security_level(p->server_ctx, 0);
    SSL_CTX_set_session_id_context(p->server_ctx, (const unsigned char *)"t",
                                   1);
    if (p->identity) {
        cr_assert(SSL_CTX_use_certificate(p->server_ctx, p->identity->cert));
        cr_assert(SSL_CTX_use_PrivateKey(p->server_ctx, p->identity->key));
    }
    if (p->sends)
        cr_assert(SSL_CTX_add1_chain_cert(p->server_ctx, p->sends->cert));
    if (p->setup)
        p->setup(p->server_ctx);
}

static SSL *make_client(struct tls_peer *p)
{
    SSL *ssl;

    p->ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(p->ctx, 0);
    SSL_CTX_set_verify(p->ctx, SSL_VERIFY_PEER, tls_verify_callback);
    /* What is offered without this is another with each version. */
    cr_assert(SSL_CTX_set1_groups_list(p->ctx, "X25519:P-256:P-384"));
    if (p->trusts)
        cr_assert(X509_STORE_add_cert(SSL_CTX_get_cert_store(p->ctx),
                                      p->trusts->cert));
    if (p->setup_client)
        p->setup_client(p->ctx);
    ssl = SSL_new(p->ctx);
    cr_assert(ssl);
    if (p->setup_ssl)
        p->setup_ssl(ssl);
    return ssl;
}

void tls_peer_start(struct tls_peer *p)
{
    int fds[2];

    signal(SIGPIPE, SIG_IGN);
    cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
    cr_assert(fcntl(fds[0], F_SETFL, O_NONBLOCK) == 0);
    p->fd = fds[0];
    p->server_fd = fds[1];
    make_server(p);
    waiter_thread_init(&p->waiter);
    buf_init(&p->log, LOG_MAX);
    buf_init(&p->out, LOG_MAX);
    const struct conn_ask ask = {
        .ssl = make_client(p),
        .fd = p->fd,
        .waiter = &p->waiter,
        .when = deadline_in(SAFETY_MS),
        .verify = { .depth = -1, .nameopt = XN_FLAG_ONELINE },
        .trace = p->trace,
        .session = p->session,
        .lines = { .err = p->unheard ? NULL : &p->log,
                   .out = p->unheard ? NULL : &p->out,
                   .msg = p->messages,
                   .flush = p->flush,
                   .arg = p->flush_arg },
    };
    cr_assert(conn_init(&p->conn, &ask, &p->e), "%s", p->e.msg);
    cr_assert(pthread_create(&p->thread, NULL, serve, p) == 0);
}

bool tls_peer_handshake(struct tls_peer *p)
{
    return tls_handshake(&p->conn, &p->e);
}

void tls_peer_stop(struct tls_peer *p)
{
    conn_release(&p->conn);
    close(p->fd);
    pthread_join(p->thread, NULL);
    SSL_CTX_free(p->ctx);
    SSL_CTX_free(p->server_ctx);
    buf_release(&p->log);
    buf_release(&p->out);
}

void tls_peer_say(SSL *ssl, const char *text)
{
    SSL_write(ssl, text, (int)strlen(text));
}

void tls_peer_hear(SSL *ssl, char *heard, int room)
{
    const int n = SSL_read(ssl, heard, room - 1);

    heard[n > 0 ? n : 0] = '\0';
}

void tls_peer_only_tls12(SSL_CTX *ctx)
{
    SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
}

void tls_peer_only_tls13(SSL_CTX *ctx)
{
    SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION);
}

static int accept_any(int ok, X509_STORE_CTX *ctx)
{
    (void)ok;
    (void)ctx;
    return 1;
}

void tls_peer_verify_request(SSL_CTX *ctx)
{
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, accept_any);
}

void tls_peer_verify_require(SSL_CTX *ctx)
{
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                       accept_any);
}

static unsigned client_psk(SSL *ssl, const char *hint, char *identity,
                           unsigned room, unsigned char *key, unsigned key_room)
{
    (void)ssl;
    (void)hint;
    (void)key_room;
    snprintf(identity, room, "me");
    key[0] = 1;
    return 1;
}

static unsigned server_psk(SSL *ssl, const char *identity, unsigned char *key,
                           unsigned room)
{
    (void)ssl;
    (void)identity;
    (void)room;
    key[0] = 1;
    return 1;
}

void tls_peer_serve_psk(SSL_CTX *ctx)
{
    tls_peer_only_tls12(ctx);
    SSL_CTX_set_psk_server_callback(ctx, server_psk);
}

void tls_peer_offer_psk(SSL_CTX *ctx)
{
    SSL_CTX_set_psk_client_callback(ctx, client_psk);
}

/* ---- waiters ---- */

static bool nothing_comes(struct waiter *w, int fd, int want, deadline_ms when,
                          struct err *e)
{
    (void)w;
    (void)fd;
    (void)want;
    (void)when;
    return err_set(e, ERR_TIMED_OUT, "nothing came");
}
const struct waiter_ops tls_peer_silence = { .wait_fd = nothing_comes };

static bool waiting_breaks(struct waiter *w, int fd, int want, deadline_ms when,
                           struct err *e)
{
    (void)w;
    (void)fd;
    (void)want;
    (void)when;
    return err_set(e, ERR_SYSTEM, "the wait broke");
}
const struct waiter_ops tls_peer_broken_wait = { .wait_fd = waiting_breaks };
