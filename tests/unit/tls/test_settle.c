#include "../../support/tls_peer.h"

#include <criterion/criterion.h>

#include <openssl/err.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

enum { GRACE_MS = 60 * 1000 }; /* never waited for */

static struct identity leaf, client;

static void make_identities(void)
{
    leaf = identity_make(&(struct cert_spec){ .cn = "leaf" }, NULL);
    client = identity_make(&(struct cert_spec){ .cn = "client" }, NULL);
}

static void drop_identities(void)
{
    identity_release(&leaf);
    identity_release(&client);
}

TestSuite(settle, .init = make_identities, .fini = drop_identities);

static void start(struct tls_peer *p)
{
    tls_peer_start(p);
    cr_assert(tls_peer_handshake(p), "%s", p->e.msg);
}

Test(settle, a_late_refusal_is_heard)
{
    struct tls_peer p = { .identity = &leaf, .setup = tls_peer_verify_require };

    start(&p);
    cr_expect(tls_client_cert_asked(p.conn.ssl));
    cr_expect(!tls_settle(&p.conn, GRACE_MS, &p.e));
    cr_expect_eq(p.e.code, ERR_CLIENT_CERT);
    cr_expect_str_eq(p.e.msg,
                     "the server wants a client certificate and got none: "
                     "alert 116 (certificate required)");
    cr_expect_str_eq(p.conn.alert, "certificate required");
    tls_peer_stop(&p);
}

static void show_certificate(SSL_CTX *ctx)
{
    cr_assert(SSL_CTX_use_certificate(ctx, client.cert));
    cr_assert(SSL_CTX_use_PrivateKey(ctx, client.key));
}

static void refuse_every_certificate(SSL_CTX *ctx)
{
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
}

Test(settle, a_certificate_that_was_refused_is_an_alert)
{
    struct tls_peer p = { .identity = &leaf,
                          .setup = refuse_every_certificate,
                          .setup_client = show_certificate };

    start(&p);
    cr_expect(!tls_settle(&p.conn, GRACE_MS, &p.e));
    cr_expect_eq(p.e.code, ERR_ALERT);
    cr_expect(strstr(p.e.msg, "alert 48 (unknown CA)"), "%s", p.e.msg);
    tls_peer_stop(&p);
}

/* The usual waiter, until a ticket has come. */
static bool wait_for_ticket(struct waiter *w, int fd, int want,
                            deadline_ms when, struct err *e)
{
    struct tls_peer *p =
        (struct tls_peer *)(void *)((char *)w
                                    - offsetof(struct tls_peer, waiter));
    struct waiter usual;

    if (p->conn.tickets > 0)
        return err_set(e, ERR_SYSTEM, "waited in spite of a ticket");
    waiter_thread_init(&usual);
    return usual.ops->wait_fd(&usual, fd, want, when, e);
}
static const struct waiter_ops until_ticket = { .wait_fd = wait_for_ticket };

Test(settle, a_ticket_means_that_we_were_accepted)
{
    struct tls_peer p = { .identity = &leaf, .setup = tls_peer_verify_request };

    start(&p);
    p.waiter.ops = &until_ticket;
    cr_expect(tls_settle(&p.conn, GRACE_MS, &p.e), "%s", p.e.msg);
    cr_expect_gt(p.conn.tickets, 0);
    tls_peer_stop(&p);
}

static void request_without_tickets(SSL_CTX *ctx)
{
    tls_peer_verify_request(ctx);
    SSL_CTX_set_num_tickets(ctx, 0);
}

Test(settle, silence_means_that_we_were_accepted)
{
    struct tls_peer p = { .identity = &leaf, .setup = request_without_tickets };

    start(&p);
    p.waiter.ops = &tls_peer_silence;
    ERR_raise(ERR_LIB_SSL, SSL_R_BAD_VALUE); /* of before: no reason either */
    cr_expect(tls_settle(&p.conn, GRACE_MS, &p.e));
    cr_expect_eq(p.e.code, ERR_NONE, "a time-out here is no reason");
    tls_peer_stop(&p);
}

Test(settle, a_wait_that_breaks_is_no_silence)
{
    struct tls_peer p = { .identity = &leaf, .setup = request_without_tickets };

    start(&p);
    p.waiter.ops = &tls_peer_broken_wait;
    cr_expect(!tls_settle(&p.conn, GRACE_MS, &p.e));
    cr_expect_eq(p.e.code, ERR_SYSTEM);
    tls_peer_stop(&p);
}

Test(settle, nobody_waits_for_a_server_that_did_not_ask)
{
    struct tls_peer p = { .identity = &leaf };

    start(&p);
    p.waiter.ops = &tls_peer_broken_wait;
    cr_expect(!tls_client_cert_asked(p.conn.ssl));
    cr_expect(tls_settle(&p.conn, GRACE_MS, &p.e));
    tls_peer_stop(&p);
}

static void request_tls12(SSL_CTX *ctx)
{
    tls_peer_only_tls12(ctx);
    tls_peer_verify_request(ctx);
}

Test(settle, tls12_has_decided_before_the_end_of_the_handshake)
{
    struct tls_peer p = { .identity = &leaf, .setup = request_tls12 };

    start(&p);
    p.waiter.ops = &tls_peer_broken_wait;
    cr_expect(tls_client_cert_asked(p.conn.ssl));
    cr_expect(tls_settle(&p.conn, GRACE_MS, &p.e));
    tls_peer_stop(&p);
}

static void greet(SSL *ssl)
{
    tls_peer_say(ssl, "hello");
}

Test(settle, application_data_means_accepted_and_is_not_eaten)
{
    struct tls_peer p = { .identity = &leaf,
                          .setup = request_without_tickets,
                          .greets = greet };
    char bytes[8];

    start(&p);
    cr_expect(tls_settle(&p.conn, GRACE_MS, &p.e), "%s", p.e.msg);
    cr_assert_eq(SSL_read(p.conn.ssl, bytes, sizeof(bytes)), 5);
    cr_expect_eq(memcmp(bytes, "hello", 5), 0);
    tls_peer_stop(&p);
}

static void hang_up(SSL *ssl)
{
    SSL_shutdown(ssl);
}

Test(settle, a_server_that_hangs_up_has_not_accepted_us)
{
    struct tls_peer p = { .identity = &leaf,
                          .setup = request_without_tickets,
                          .greets = hang_up };

    start(&p);
    cr_expect(!tls_settle(&p.conn, GRACE_MS, &p.e));
    cr_expect_eq(p.e.code, ERR_CLOSED, "%s", p.e.msg);
    tls_peer_stop(&p);
}

TestSuite(shutdown, .init = make_identities, .fini = drop_identities);

Test(shutdown, leaves_no_error_behind)
{
    struct tls_peer p = { .identity = &leaf };

    start(&p);
    tls_shutdown(&p.conn);
    cr_expect_eq(ERR_peek_error(), 0);
    cr_expect(SSL_get_shutdown(p.conn.ssl) & SSL_SENT_SHUTDOWN);
    tls_peer_stop(&p);
}

static int heard_end; /* what SSL_get_error(3) says of the last read */

static void hear_end(SSL *ssl)
{
    char byte;

    heard_end = SSL_get_error(ssl, SSL_read(ssl, &byte, sizeof(byte)));
}

Test(shutdown, waits_while_there_is_no_room_for_it)
{
    for (int i = 0; i < 20; i++) { /* the socket is full by chance */
        struct tls_peer p = { .identity = &leaf,
                              .greets = hear_end,
                              .trace = { .nbio_test = true } };

        start(&p);
        tls_shutdown(&p.conn);
        tls_peer_stop(&p);
        cr_expect_eq(heard_end, SSL_ERROR_ZERO_RETURN);
    }
}

static void count_wait(void *waits)
{
    ++*(int *)waits;
}

Test(shutdown, waits_for_no_room_where_nothing_can_be_sent_any_more)
{
    int waits = 0;
    struct tls_peer p = { .identity = &leaf,
                          .greets = hear_end,
                          .flush = count_wait,
                          .flush_arg = &waits };

    signal(SIGPIPE, SIG_IGN);
    start(&p);
    shutdown(p.conn.fd, SHUT_WR); /* as after a reset, writing is EPIPE */
    waits = 0;
    tls_shutdown(&p.conn);
    tls_peer_stop(&p);
    cr_expect_eq(waits, 0);
}

Test(shutdown, of_a_handshake_that_never_ended_does_nothing)
{
    struct tls_peer p = { .identity = &leaf };

    tls_peer_start(&p);
    tls_shutdown(&p.conn);
    cr_expect_eq(SSL_get_shutdown(p.conn.ssl), 0);
    cr_expect_eq(ERR_peek_error(), 0);
    tls_peer_stop(&p);
}
