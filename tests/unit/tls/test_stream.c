#include "tls/stream.h"
#include "told.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

TestSuite(stream, .init = told_init, .fini = told_fini);

static char bytes[64];

/* ---- servers ---- */

static void say_and_close(SSL *ssl)
{
    tls_peer_say(ssl, "hello");
    SSL_shutdown(ssl);
}

static void say_and_vanish(SSL *ssl)
{
    tls_peer_say(ssl, "hello");
    shutdown(SSL_get_fd(ssl), SHUT_WR);
}

static void echo_once(SSL *ssl)
{
    char heard[16];

    tls_peer_hear(ssl, heard, sizeof(heard));
    tls_peer_say(ssl, heard);
}

static void ask_for_new_keys(SSL *ssl)
{
    SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED);
    SSL_do_handshake(ssl);
    tls_peer_say(ssl, "new");
}

/* ---- our side ---- */

static void begin(struct tls_peer *p)
{
    p->identity = &told_leaf;
    p->trace.queue = true;
    tls_peer_start(p);
    cr_assert(tls_peer_handshake(p), "%s", p->e.msg);
    stream_begin(&p->conn);
}

static int wait_of(enum stream_state state)
{
    return state == STREAM_WANTS_READ    ? WAIT_READ
           : state == STREAM_WANTS_WRITE ? WAIT_WRITE
                                         : 0;
}

/* The next step that is not a wait. */
static struct stream_step read_step(struct tls_peer *p)
{
    struct stream_step step;

    do
        step = stream_read(&p->conn, bytes, sizeof(bytes));
    while (wait_of(step.state) != 0
           && wait_fd(&p->waiter, p->conn.fd, wait_of(step.state),
                      deadline_in(60 * 1000), &p->e));
    return step;
}

static void expect_text(struct tls_peer *p, const char *text)
{
    const struct stream_step step = read_step(p);

    cr_assert_eq(step.state, STREAM_MOVED);
    cr_assert_eq(step.moved, strlen(text));
    cr_assert_arr_eq(bytes, text, step.moved);
}

Test(stream, data_comes_and_then_the_peers_goodbye)
{
    struct tls_peer p = { .greets = say_and_close };

    begin(&p);
    expect_text(&p, "hello");
    cr_expect_eq(read_step(&p).state, STREAM_CLOSED);
    tls_peer_stop(&p);
}

Test(stream, an_end_without_a_goodbye_leaves_its_error_in_the_lines)
{
    struct tls_peer p = { .greets = say_and_vanish };

    begin(&p);
    expect_text(&p, "hello");
    cr_expect_eq(read_step(&p).state, STREAM_FAILED);
    told_has(&p.log, "unexpected eof while reading");
    tls_peer_stop(&p);
}

Test(stream, what_is_written_arrives)
{
    struct tls_peer p = { .greets = echo_once };
    struct stream_step step;

    begin(&p);
    step = stream_write(&p.conn, "ping", 4);
    cr_expect_eq(step.state, STREAM_MOVED);
    cr_expect_eq(step.moved, 4);
    expect_text(&p, "ping");
    cr_expect_not(stream_pending(&p.conn));
    tls_peer_stop(&p);
}

Test(stream, part_of_what_came_is_pending)
{
    struct tls_peer p = { .greets = say_and_close };
    struct stream_step step;

    begin(&p);
    do
        step = stream_read(&p.conn, bytes, 2);
    while (step.state == STREAM_WANTS_READ
           && wait_fd(&p.waiter, p.conn.fd, WAIT_READ, deadline_in(60 * 1000),
                      &p.e));
    cr_expect_eq(step.moved, 2);
    cr_expect(stream_pending(&p.conn));
    expect_text(&p, "llo");
    tls_peer_stop(&p);
}

Test(stream, nothing_is_waited_for)
{
    struct tls_peer p = { .setup = tls_peer_only_tls12 };

    begin(&p);
    cr_expect_eq(stream_read(&p.conn, bytes, sizeof(bytes)).state,
                 STREAM_WANTS_READ);
    tls_peer_stop(&p);
}

Test(stream, a_broken_socket_is_told_with_its_errno)
{
    struct tls_peer p = { .setup = tls_peer_only_tls12 };
    struct stream_step step;

    begin(&p);
    shutdown(p.conn.fd, SHUT_WR);
    step = stream_write(&p.conn, "x", 1);
    cr_expect_eq(step.state, STREAM_BROKEN);
    cr_expect_eq(step.sys, EPIPE);
    tls_peer_stop(&p);
}

Test(stream, new_keys_are_for_tls_1_3)
{
    struct tls_peer p = { .greets = echo_once };
    struct tls_peer old = { .setup = tls_peer_only_tls12 };

    begin(&p);
    cr_assert(stream_key_update(&p.conn, true));
    cr_expect_eq(stream_advance(&p.conn).state, STREAM_MOVED);
    cr_expect_eq(stream_write(&p.conn, "ping", 4).state, STREAM_MOVED);
    expect_text(&p, "ping");
    tls_peer_stop(&p);
    begin(&old);
    cr_expect_not(stream_key_update(&old.conn, false));
    told_has(&old.log, "wrong ssl version");
    tls_peer_stop(&old);
}

Test(stream, renegotiation_is_for_older_versions)
{
    struct tls_peer p = { .setup = tls_peer_only_tls13 };

    begin(&p);
    cr_expect_not(stream_renegotiate(&p.conn));
    told_has(&p.log, "wrong ssl version");
    cr_expect_eq(stream_write(&p.conn, "still", 5).state, STREAM_MOVED);
    tls_peer_stop(&p);
}

static void allow_renegotiation(SSL_CTX *ctx)
{
    tls_peer_only_tls12(ctx);
    SSL_CTX_set_options(ctx, SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
}

Test(stream, a_new_handshake_goes_on_while_data_is_read)
{
    struct tls_peer p = { .setup = allow_renegotiation, .greets = echo_once };

    begin(&p);
    cr_assert(stream_renegotiate(&p.conn));
    /* A fast peer lets it end at once. */
    cr_expect(stream_advance(&p.conn).state <= STREAM_WANTS_READ);
    while (SSL_in_init(p.conn.ssl)) {
        const struct stream_step step =
            stream_read(&p.conn, bytes, sizeof(bytes));

        cr_assert(wait_of(step.state) != 0);
        if (SSL_in_init(p.conn.ssl))
            cr_assert(wait_fd(&p.waiter, p.conn.fd, wait_of(step.state),
                              deadline_in(60 * 1000), &p.e));
    }
    cr_expect_eq(stream_write(&p.conn, "ping", 4).state, STREAM_MOVED);
    expect_text(&p, "ping");
    tls_peer_stop(&p);
}

Test(stream, the_peer_may_ask_for_new_keys)
{
    struct tls_peer p = { .greets = ask_for_new_keys };
    unsigned before;

    begin(&p);
    before = p.conn.asides;
    expect_text(&p, "new");
    cr_expect_eq(p.conn.asides - before, p.conn.tickets + 1);
    tls_peer_stop(&p);
}

Test(stream, what_comes_after_the_end_is_dropped)
{
    struct tls_peer p = { .greets = say_and_close };

    begin(&p);
    cr_assert(
        wait_fd(&p.waiter, p.conn.fd, WAIT_READ, deadline_in(60 * 1000), &p.e));
    cr_expect(stream_drop(&p.conn, bytes, sizeof(bytes)));
    tls_peer_stop(&p);
}
