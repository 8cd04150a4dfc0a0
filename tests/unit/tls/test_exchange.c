#include "tls/exchange.h"
#include "told.h"

#include <criterion/criterion.h>

#include <string.h>
#include <sys/socket.h>

TestSuite(exchange, .init = told_init, .fini = told_fini);

enum { KEPT = 8, READ = 32, QUIET_MS = 20 };

static char question[] = "who?";
static char heard[16];

static void hear(SSL *ssl)
{
    tls_peer_hear(ssl, heard, sizeof(heard));
}

/* ---- servers ---- */

static void answer(SSL *ssl)
{
    hear(ssl);
    tls_peer_say(ssl, "me");
    SSL_shutdown(ssl);
}

static void answer_and_wait(SSL *ssl)
{
    hear(ssl);
    tls_peer_say(ssl, "me");
}

static void answer_and_vanish(SSL *ssl)
{
    hear(ssl);
    tls_peer_say(ssl, "me");
    shutdown(SSL_get_fd(ssl), SHUT_WR);
}

static void close_without_a_word(SSL *ssl)
{
    hear(ssl);
    SSL_shutdown(ssl);
}

static void vanish(SSL *ssl)
{
    hear(ssl);
    shutdown(SSL_get_fd(ssl), SHUT_WR);
}

static void talk_on(SSL *ssl)
{
    hear(ssl);
    /* The client may hang up as soon as it has heard enough. */
    for (int i = 0; i < 20 && SSL_write(ssl, "0123456789", 10) == 10; i++)
        continue;
}

/* ---- our side ---- */

static struct buf kept;

/* "e" tells how it ended. */
static bool ask(struct tls_peer *p, struct exchange *x)
{
    static const struct payload said = { .data = question, .len = 4 };
    bool done;

    memset(heard, 0, sizeof(heard));
    buf_init(&kept, KEPT);
    *x = (struct exchange){ .question = &said,
                            .answer_max = READ,
                            .quiet_ms = QUIET_MS,
                            .answer = &kept };
    p->identity = &told_leaf;
    tls_peer_start(p);
    cr_assert(tls_peer_handshake(p), "%s", p->e.msg);
    done = tls_exchange(&p->conn, x, &p->e);
    cr_expect_eq(p->e.stage, STAGE_REQUEST);
    return done;
}

static void stop(struct tls_peer *p)
{
    tls_peer_stop(p);
    cr_expect_str_eq(heard, question);
    buf_release(&kept);
}

Test(exchange, the_answer_ends_with_the_peers_goodbye)
{
    struct tls_peer p = { .greets = answer };
    struct exchange x;

    cr_expect(ask(&p, &x), "%s", p.e.msg);
    cr_expect_str_eq(buf_string(&kept), "me");
    cr_expect(!x.cut);
    stop(&p);
}

Test(exchange, the_answer_ends_with_silence)
{
    struct tls_peer p = { .greets = answer_and_wait };
    struct exchange x;

    cr_expect(ask(&p, &x), "%s", p.e.msg);
    cr_expect_str_eq(buf_string(&kept), "me");
    cr_expect_eq(p.e.code, ERR_NONE);
    stop(&p);
}

Test(exchange, an_answer_without_a_goodbye_may_be_cut)
{
    struct tls_peer p = { .greets = answer_and_vanish };
    struct exchange x;

    cr_expect(ask(&p, &x), "%s", p.e.msg);
    cr_expect_str_eq(buf_string(&kept), "me");
    cr_expect(x.cut);
    stop(&p);
}

Test(exchange, a_goodbye_is_an_empty_answer)
{
    struct tls_peer p = { .greets = close_without_a_word };
    struct exchange x;

    cr_expect(ask(&p, &x), "%s", p.e.msg);
    cr_expect_eq(kept.len, 0);
    stop(&p);
}

Test(exchange, an_end_without_anything_is_no_answer)
{
    struct tls_peer p = { .greets = vanish };
    struct exchange x;

    cr_expect(!ask(&p, &x));
    cr_expect_eq(p.e.code, ERR_CLOSED, "%s", p.e.msg);
    cr_expect(!x.cut);
    stop(&p);
}

Test(exchange, a_long_answer_is_read_and_kept_within_bounds)
{
    struct tls_peer p = { .greets = talk_on };
    struct exchange x;
    char next;

    cr_expect(ask(&p, &x), "%s", p.e.msg);
    cr_expect_str_eq(buf_string(&kept), "01234567");
    cr_expect_eq(SSL_peek(p.conn.ssl, &next, 1), 1, "the rest is left alone");
    cr_expect_eq(next, '2');
    stop(&p);
}

static void say_nothing(SSL *ssl)
{
    hear(ssl);
}

Test(exchange, silence_from_the_start_is_no_answer)
{
    struct tls_peer p = { .greets = say_nothing };
    struct exchange x = { .question = &(struct payload){ question, 4 },
                          .answer_max = READ,
                          .answer = &kept };

    buf_init(&kept, KEPT);
    p.identity = &told_leaf;
    tls_peer_start(&p);
    cr_assert(tls_peer_handshake(&p), "%s", p.e.msg);
    p.waiter.ops = &tls_peer_silence;
    cr_expect(!tls_exchange(&p.conn, &x, &p.e));
    cr_expect_eq(p.e.code, ERR_TIMED_OUT);
    stop(&p);
}
