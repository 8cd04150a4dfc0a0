#include "again.h"
#include "tls/exchange.h"
#include "told.h"

#include <criterion/criterion.h>

#include <string.h>
#include <sys/socket.h>

TestSuite(session, .init = told_init, .fini = told_fini);

enum { GRACE_MS = 60 * 1000 }; /* never waited for */

static void shake(struct tls_peer *p)
{
    p->identity = &told_leaf;
    tls_peer_start(p);
    cr_assert(tls_peer_handshake(p), "%s", p->e.msg);
}

static void without_tickets(SSL_CTX *ctx)
{
    SSL_CTX_set_num_tickets(ctx, 0);
}

/* ---- waiting for a ticket ---- */

Test(session, of_tls13_comes_with_a_ticket)
{
    struct tls_peer p = { .setup = tls_peer_only_tls13 };
    SSL_SESSION *session;

    shake(&p);
    cr_expect_null(tls_copy_session(&p.conn), "there is none before it");
    cr_expect(tls_await_ticket(&p.conn, GRACE_MS, &p.e), "%s", p.e.msg);
    cr_expect_gt(p.conn.tickets, 0);
    session = tls_copy_session(&p.conn);
    cr_expect_not_null(session);
    SSL_SESSION_free(session);
    tls_peer_stop(&p);
}

Test(session, of_tls12_is_there_with_the_handshake)
{
    struct tls_peer p = { .setup = tls_peer_only_tls12 };
    SSL_SESSION *session;

    shake(&p);
    p.waiter.ops = &tls_peer_broken_wait;
    cr_expect(tls_await_ticket(&p.conn, GRACE_MS, &p.e));
    session = tls_copy_session(&p.conn);
    cr_expect_not_null(session);
    SSL_SESSION_free(session);
    tls_peer_stop(&p);
}

Test(session, of_a_server_without_tickets_is_not_waited_for_for_ever)
{
    struct tls_peer p = { .setup = without_tickets };

    shake(&p);
    p.waiter.ops = &tls_peer_silence;
    cr_expect(tls_await_ticket(&p.conn, GRACE_MS, &p.e));
    cr_expect_eq(p.e.code, ERR_NONE, "silence is no failure");
    cr_expect(p.conn.session.awaited);
    cr_expect_null(tls_copy_session(&p.conn));
    tls_peer_stop(&p);
}

Test(session, is_not_waited_for_when_waiting_breaks)
{
    struct tls_peer p = { .setup = without_tickets };

    shake(&p);
    p.waiter.ops = &tls_peer_broken_wait;
    cr_expect(!tls_await_ticket(&p.conn, GRACE_MS, &p.e));
    cr_expect_eq(p.e.code, ERR_SYSTEM);
    tls_peer_stop(&p);
}

static void greet(SSL *ssl)
{
    tls_peer_say(ssl, "hello");
}

Test(session, is_not_waited_for_behind_data_which_stays)
{
    struct tls_peer p = { .setup = without_tickets, .greets = greet };
    char bytes[8];

    shake(&p);
    cr_expect(tls_await_ticket(&p.conn, GRACE_MS, &p.e), "%s", p.e.msg);
    cr_expect_eq(SSL_read(p.conn.ssl, bytes, sizeof(bytes)), 5);
    tls_peer_stop(&p);
}

static void hang_up(SSL *ssl)
{
    SSL_shutdown(ssl);
}

Test(session, is_not_waited_for_of_a_server_that_hangs_up)
{
    struct tls_peer p = { .setup = without_tickets, .greets = hang_up };

    shake(&p);
    cr_expect(tls_await_ticket(&p.conn, GRACE_MS, &p.e));
    cr_expect_eq(p.e.code, ERR_NONE, "the handshake was done all the same");
    tls_peer_stop(&p);
}

/* No record: OpenSSL gives up, and may want to read for ever after. */
static void talk_nonsense(SSL *ssl)
{
    char heard[8];

    tls_peer_hear(ssl, heard, sizeof(heard));
    (void)!send(SSL_get_fd(ssl), "nonsense", 8, MSG_NOSIGNAL);
}

Test(session, is_not_waited_for_where_openssl_gave_up)
{
    char question[] = "who?";
    const struct payload said = { .data = question, .len = 4 };
    struct tls_peer p = { .greets = talk_nonsense };
    struct exchange x = { .question = &said, .answer_max = 5 };
    struct buf kept;

    buf_init(&kept, 8);
    x.answer = &kept;
    shake(&p);
    cr_expect_not(p.conn.spent);
    cr_expect_not(tls_exchange(&p.conn, &x, &p.e));
    cr_expect(p.conn.spent);
    cr_expect(tls_await_ticket(&p.conn, GRACE_MS, &p.e));
    cr_expect_not(p.conn.session.awaited, "OpenSSL is not asked once more");
    tls_peer_stop(&p);
    buf_release(&kept);
}

static void many_tickets(SSL_CTX *ctx)
{
    SSL_CTX_set_num_tickets(ctx, 9);
}

/* A server sends its tickets before it reads on. */
static bool tickets_are_there(struct waiter *w, int fd, int want,
                              deadline_ms when, struct err *e)
{
    struct waiter usual;

    (void)w;
    waiter_thread_init(&usual);
    return usual.ops->wait_fd(&usual, fd, want, when, e);
}
static const struct waiter_ops patient = { .wait_fd = tickets_are_there };

Test(session, is_the_newest_of_those_that_have_come)
{
    struct tls_peer p = { .setup = many_tickets, .greets = greet };
    SSL_SESSION *session;

    shake(&p);
    p.waiter.ops = &patient;
    while (p.conn.tickets < 9)
        cr_assert(tls_await_ticket(&p.conn, GRACE_MS, &p.e), "%s", p.e.msg);
    session = tls_copy_session(&p.conn);
    cr_expect_not_null(session);
    SSL_SESSION_free(session);
    tls_peer_stop(&p);
}

/* ---- taking one up again ---- */

static void resume(void (*setup)(SSL_CTX *ctx))
{
    struct tls_peer first = { .identity = &told_leaf, .setup = setup };
    SSL_SESSION *session = again_first(&first);
    struct tls_peer second = { .session = { .offer = session } };

    again_start(&second, &first);
    cr_expect(tls_peer_handshake(&second), "%s", second.e.msg);
    cr_expect(tls_resumed(&second.conn));
    cr_expect(!tls_resumed(&first.conn));
    tls_peer_stop(&second);
    tls_peer_stop(&first);
    SSL_SESSION_free(session);
}

Test(session, of_tls12_is_resumed)
{
    resume(tls_peer_only_tls12);
}

Test(session, of_tls13_is_resumed)
{
    resume(tls_peer_only_tls13);
}

static void speak_nonsense(int fd)
{
    char hello[1024];

    cr_assert_gt(recv(fd, hello, sizeof(hello), 0), 0);
    cr_assert_eq(send(fd, "\x15\x03\x03\x00\x02\x02\x50", 7, 0), 7);
}

/* A fatal alert spoils the session of its connection. */
Test(session, that_was_offered_in_vain_can_be_offered_again)
{
    struct tls_peer first = { .identity = &told_leaf };
    SSL_SESSION *session = again_first(&first);
    struct tls_peer bad = { .session = { .offer = session },
                            .raw = speak_nonsense };

    tls_peer_start(&bad);
    cr_expect(!tls_peer_handshake(&bad));
    cr_expect_eq(bad.e.code, ERR_ALERT, "%s", bad.e.msg);
    cr_expect(SSL_SESSION_is_resumable(session));
    tls_peer_stop(&bad);
    tls_peer_stop(&first);
    SSL_SESSION_free(session);
}

Test(session, that_the_server_does_not_know_makes_a_new_one)
{
    struct tls_peer first = { .identity = &told_leaf },
                    other = { .identity = &told_leaf };
    SSL_SESSION *session = again_first(&first);

    other.session.offer = session;
    tls_peer_start(&other);
    cr_expect(tls_peer_handshake(&other), "%s", other.e.msg);
    cr_expect(!tls_resumed(&other.conn));
    tls_peer_stop(&other);
    tls_peer_stop(&first);
    SSL_SESSION_free(session);
}

Test(session, survives_being_written_and_read)
{
    struct tls_peer first = { .identity = &told_leaf };
    SSL_SESSION *session = again_reread(again_first(&first));
    struct tls_peer second = { .session = { .offer = session } };

    again_start(&second, &first);
    cr_expect(tls_peer_handshake(&second), "%s", second.e.msg);
    cr_expect(tls_resumed(&second.conn));
    tls_peer_stop(&second);
    tls_peer_stop(&first);
    SSL_SESSION_free(session);
}
