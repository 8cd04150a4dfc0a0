/* DTLS over a pair of UDP sockets. */
#include "told.h"

#include <criterion/criterion.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/bio.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(datagram, .init = told_init, .fini = told_fini);

enum {
    SAFETY_MS = 60 * 1000,
    LINES_MAX = 64 * 1024,
    /* Instead of the second of RFC 6347; what is below 15 ms OpenSSL takes for
     * none. */
    TURN_US = 30 * 1000,
    SMALL_MTU = 300,
};

struct duo {
    /* What it is; set before duo_start(). */
    void *(*serves)(void *duo); /* the other end; NULL: it is silent */
    bool cookies; /* it wants a cookie back first */
    unsigned lost; /* so many datagrams are lost on the way there */
    bool small; /* our packets are */
    struct trace_rule trace;

    /* Our end. */
    struct conn conn;
    struct waiter waiter;
    struct buf log, out;
    struct err e;
    int fd;

    /* Its end. */
    int peer;
    pthread_t thread;
    atomic_bool over;
    size_t largest; /* datagram that came */
};

/* ---- sockets ---- */

static int bound(struct sockaddr_in *at)
{
    socklen_t len = sizeof(*at);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    *at = (struct sockaddr_in){ .sin_family = AF_INET,
                                .sin_addr = { htonl(INADDR_LOOPBACK) } };
    cr_assert(bind(fd, (struct sockaddr *)at, len) == 0);
    cr_assert(getsockname(fd, (struct sockaddr *)at, &len) == 0);
    return fd;
}

static void join_to(int fd, const struct sockaddr_in *to)
{
    cr_assert(connect(fd, (const struct sockaddr *)to, sizeof(*to)) == 0);
}

/* Waits for a datagram and leaves it; 0 when the test is over. */
static size_t next_size(struct duo *d)
{
    struct pollfd p = { .fd = d->peer, .events = POLLIN };
    char bytes[1];

    while (poll(&p, 1, 10) == 0 && !atomic_load(&d->over))
        ;
    if (!(p.revents & POLLIN))
        return 0;
    return (size_t)recv(d->peer, bytes, sizeof(bytes), MSG_PEEK | MSG_TRUNC);
}

/* ---- the other end ---- */

static int give_cookie(SSL *ssl, unsigned char *cookie, unsigned *len)
{
    (void)ssl;
    memcpy(cookie, "crumb", 5);
    *len = 5;
    return 1;
}

static int take_cookie(SSL *ssl, const unsigned char *cookie, unsigned len)
{
    (void)ssl;
    return len == 5 && memcmp(cookie, "crumb", 5) == 0;
}

static BIO *server_bio(int fd)
{
    struct sockaddr_in to;
    socklen_t len = sizeof(to);
    BIO_ADDR *addr = BIO_ADDR_new();
    BIO *bio = BIO_new_dgram(fd, BIO_NOCLOSE);

    cr_assert(getpeername(fd, (struct sockaddr *)&to, &len) == 0);
    cr_assert(BIO_ADDR_rawmake(addr, AF_INET, &to.sin_addr, sizeof(to.sin_addr),
                               to.sin_port));
    BIO_ctrl_set_connected(bio, addr);
    BIO_ADDR_free(addr);
    return bio;
}

static SSL *new_server(const struct duo *d)
{
    SSL_CTX *ctx = SSL_CTX_new(DTLS_server_method());
    BIO *bio = server_bio(d->peer);
    SSL *ssl;

    cr_assert(SSL_CTX_use_certificate(ctx, told_leaf.cert)
              && SSL_CTX_use_PrivateKey(ctx, told_leaf.key));
    SSL_CTX_set_cookie_generate_cb(ctx, give_cookie);
    SSL_CTX_set_cookie_verify_cb(ctx, take_cookie);
    ssl = SSL_new(ctx);
    SSL_CTX_free(ctx);
    if (d->cookies)
        SSL_set_options(ssl, SSL_OP_COOKIE_EXCHANGE);
    SSL_set_bio(ssl, bio, bio);
    SSL_set_accept_state(ssl);
    return ssl;
}

static void *serve(void *duo)
{
    struct duo *d = duo;
    SSL *ssl = new_server(d);
    char bytes[4096];
    size_t size;

    fcntl(d->peer, F_SETFL, O_NONBLOCK);
    while ((size = next_size(d)) > 0) {
        if (d->lost > 0) {
            d->lost--;
            recv(d->peer, bytes, sizeof(bytes), 0);
            continue;
        }
        if (size > d->largest)
            d->largest = size;
        SSL_read(ssl, bytes, sizeof(bytes));
    }
    SSL_free(ssl);
    return NULL;
}

static void *say_hello(void *duo)
{
    struct duo *d = duo;
    char bytes[4096];

    if (next_size(d) > 0 && recv(d->peer, bytes, sizeof(bytes), 0) > 0)
        send(d->peer, "220 hello\r\n", 11, 0);
    return NULL;
}

/* Records that cannot be read, which OpenSSL passes over. */
static void *flood(void *duo)
{
    struct duo *d = duo;
    char bytes[16 * 1024] = "\x17\xfe\xfd\x00\x09";

    while (!atomic_load(&d->over))
        send(d->peer, bytes, sizeof(bytes), MSG_DONTWAIT);
    return NULL;
}

/* ---- our end ---- */

static unsigned soon(SSL *ssl, unsigned us)
{
    (void)ssl;
    (void)us;
    return TURN_US;
}

static SSL *new_client(const struct duo *d)
{
    SSL_CTX *ctx = SSL_CTX_new(DTLS_client_method());
    SSL *ssl = SSL_new(ctx);

    SSL_CTX_free(ctx);
    if (d->lost > 0)
        DTLS_set_timer_cb(ssl, soon);
    if (d->small) {
        SSL_set_options(ssl, SSL_OP_NO_QUERY_MTU);
        cr_assert(DTLS_set_link_mtu(ssl, SMALL_MTU));
    }
    return ssl;
}

static void tie(struct duo *d)
{
    const struct conn_ask ask = {
        .ssl = new_client(d),
        .fd = d->fd,
        .waiter = &d->waiter,
        .when = deadline_in(SAFETY_MS),
        .verify = { .depth = -1, .nameopt = XN_FLAG_ONELINE },
        .trace = d->trace,
        .lines = { .err = &d->log, .out = &d->out },
    };

    cr_assert(conn_init(&d->conn, &ask, &d->e), "%s", d->e.msg);
}

static void start(struct duo *d)
{
    struct sockaddr_in here, there;

    d->fd = bound(&here);
    d->peer = bound(&there);
    join_to(d->fd, &there);
    join_to(d->peer, &here);
    cr_assert(fcntl(d->fd, F_SETFL, O_NONBLOCK) == 0);
    waiter_thread_init(&d->waiter);
    buf_init(&d->log, LINES_MAX);
    buf_init(&d->out, LINES_MAX);
    tie(d);
    if (d->serves)
        cr_assert(pthread_create(&d->thread, NULL, d->serves, d) == 0);
}

static void stop(struct duo *d)
{
    atomic_store(&d->over, true);
    if (d->serves)
        pthread_join(d->thread, NULL);
    conn_release(&d->conn);
    close(d->fd);
    if (d->peer >= 0)
        close(d->peer);
    buf_release(&d->log);
    buf_release(&d->out);
}

/* ---- tests ---- */

Test(datagram, a_handshake_is_done)
{
    struct duo d = { .serves = serve };

    start(&d);
    cr_expect(tls_handshake(&d.conn, &d.e), "%s", d.e.msg);
    cr_expect_str_eq(SSL_get_version(d.conn.ssl), "DTLSv1.2");
    cr_expect_gt(BIO_number_read(SSL_get_rbio(d.conn.ssl)), 0);
    stop(&d);
}

Test(datagram, a_cookie_is_given_back)
{
    struct duo d = { .serves = serve,
                     .cookies = true,
                     .trace = { .state = true } };

    start(&d);
    cr_expect(tls_handshake(&d.conn, &d.e), "%s", d.e.msg);
    told_has(&d.log, "hello verify request");
    stop(&d);
}

Test(datagram, what_is_lost_is_sent_again_and_told_of)
{
    struct duo d = { .serves = serve,
                     .lost = 2,
                     .trace = { .timeouts = true } };

    start(&d);
    cr_expect(tls_handshake(&d.conn, &d.e), "%s", d.e.msg);
    cr_expect_geq(told_count(&d.log, "TIMEOUT occurred\n"), 2);
    stop(&d);
}

Test(datagram, what_is_lost_is_sent_again_in_silence)
{
    struct duo d = { .serves = serve, .lost = 1 };

    start(&d);
    cr_expect(tls_handshake(&d.conn, &d.e), "%s", d.e.msg);
    told_lacks(&d.log, "TIMEOUT");
    stop(&d);
}

/* A ClientHello with a name of 255 bytes does not fit into one. */
Test(datagram, packets_are_no_larger_than_the_link)
{
    struct duo d = { .serves = serve, .small = true };
    char name[256];

    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    start(&d);
    cr_assert(SSL_set_tlsext_host_name(d.conn.ssl, name));
    cr_expect(tls_handshake(&d.conn, &d.e), "%s", d.e.msg);
    stop(&d);
    cr_expect_gt(d.largest, 200);
    cr_expect_leq(d.largest, SMALL_MTU);
}

Test(datagram, a_closed_port_refuses_the_connection)
{
    struct duo d = { .serves = NULL };

    start(&d);
    close(d.peer);
    d.peer = -1;
    cr_expect(!tls_handshake(&d.conn, &d.e));
    cr_expect_eq(d.e.code, ERR_REFUSED, "%s", d.e.msg);
    cr_expect_eq(d.e.stage, STAGE_CONNECT);
    stop(&d);
}

Test(datagram, silence_ends_at_the_deadline)
{
    struct duo d = { .serves = NULL, .lost = 1 };

    start(&d);
    d.conn.when = deadline_in(50);
    cr_expect(!tls_handshake(&d.conn, &d.e));
    cr_expect_eq(d.e.code, ERR_TIMED_OUT, "%s", d.e.msg);
    cr_expect_eq(deadline_left(d.conn.when), 0);
    stop(&d);
}

Test(datagram, an_answer_that_is_no_dtls_is_shown)
{
    struct duo d = { .serves = say_hello };

    start(&d);
    d.conn.when = deadline_in(200);
    cr_expect(!tls_handshake(&d.conn, &d.e));
    cr_expect_eq(d.e.code, ERR_NOT_TLS, "%s", d.e.msg);
    cr_expect(strstr(d.e.msg, "220 hello"), "%s", d.e.msg);
    stop(&d);
}

Test(datagram, a_flood_that_is_passed_over_has_an_end)
{
    struct duo d = { .serves = flood };

    start(&d);
    cr_expect(!tls_handshake(&d.conn, &d.e));
    cr_expect_eq(d.e.code, ERR_TLS, "%s", d.e.msg);
    cr_expect(strstr(d.e.msg, "without end"), "%s", d.e.msg);
    stop(&d);
}

Test(datagram, a_conn_without_a_socket_can_be_made)
{
    struct duo d = { .fd = -1, .peer = -1 };

    buf_init(&d.log, LINES_MAX);
    buf_init(&d.out, LINES_MAX);
    tie(&d);
    stop(&d);
}
