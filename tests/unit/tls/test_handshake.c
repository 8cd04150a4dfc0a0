#include "../../support/tls_peer.h"
#include "base/fault.h"
#include "base/mem.h"

#include <criterion/criterion.h>

#include <openssl/err.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct identity root, leaf, client;

static void make_identities(void)
{
    root = identity_make(&(struct cert_spec){ .cn = "Root", .ca = 1 }, NULL);
    leaf = identity_make(&(struct cert_spec){ .cn = "leaf" }, &root);
    client = identity_make(&(struct cert_spec){ .cn = "client" }, NULL);
}

static void drop_identities(void)
{
    identity_release(&root);
    identity_release(&leaf);
    identity_release(&client);
}

TestSuite(handshake, .init = make_identities, .fini = drop_identities);

/* Runs a handshake that must fail, and looks at the reason. */
static void expect_failure(struct tls_peer *p, enum err_code code,
                           const char *sentence)
{
    tls_peer_start(p);
    bool done = tls_peer_handshake(p);
    struct err e = p->e;

    tls_peer_stop(p);
    cr_assert(!done, "the handshake must fail");
    cr_expect_str_eq(err_row(e.code)->name, err_row(code)->name, "%s", e.msg);
    cr_expect(strstr(e.msg, sentence), "\"%s\" lacks \"%s\"", e.msg, sentence);
    cr_expect_str_eq(
        stage_name(e.stage),
        stage_name(code == ERR_VERIFY ? STAGE_VERIFY : STAGE_HANDSHAKE));
    cr_expect_eq(ERR_peek_error(), 0, "the queue is left empty");
}

Test(handshake, keeps_the_certificates_as_they_were_sent)
{
    struct tls_peer p = { .identity = &leaf, .sends = &root, .trusts = &root };

    tls_peer_start(&p);
    cr_assert(tls_peer_handshake(&p), "%s", p.e.msg);
    cr_expect(p.conn.finished);
    cr_expect_eq(X509_cmp(p.conn.leaf, leaf.cert), 0);
    cr_assert_eq(sk_X509_num(p.conn.chain), 2);
    cr_expect_eq(X509_cmp(sk_X509_value(p.conn.chain, 0), leaf.cert), 0);
    cr_expect_eq(X509_cmp(sk_X509_value(p.conn.chain, 1), root.cert), 0);
    cr_expect_eq(p.conn.nverify_errors, 0);
    tls_peer_stop(&p);
}

Test(handshake, an_alert_of_the_peer_is_named)
{
    struct tls_peer p = { .identity = &leaf,
                          .setup = tls_peer_only_tls13,
                          .setup_client = tls_peer_only_tls12 };

    expect_failure(&p, ERR_ALERT,
                   "the peer ended the handshake with alert 70 "
                   "(protocol version)");
}

Test(handshake, the_alert_stays_in_the_conn)
{
    struct tls_peer p = { .identity = &leaf,
                          .setup = tls_peer_only_tls13,
                          .setup_client = tls_peer_only_tls12 };

    tls_peer_start(&p);
    cr_expect(!tls_peer_handshake(&p));
    cr_expect_str_eq(p.conn.alert, "protocol version");
    cr_expect(p.conn.got_alert_fatal);
    cr_expect(!p.conn.finished);
    tls_peer_stop(&p);
}

static void hear_hello(int fd)
{
    char hello[4096];

    cr_assert(read(fd, hello, sizeof(hello)) > 0);
}

static void say(int fd, const void *bytes, size_t len)
{
    hear_hello(fd);
    cr_assert(write(fd, bytes, len) == (ssize_t)len);
}

static void say_alert_116(int fd)
{
    say(fd, "\x15\x03\x03\x00\x02\x02\x74", 7);
}

Test(handshake, an_alert_that_openssl_calls_unknown_has_its_name)
{
    struct tls_peer p = { .raw = say_alert_116 };

    expect_failure(&p, ERR_ALERT, "alert 116 (certificate required)");
}

static void say_http(int fd)
{
    static const char text[] = "HTTP/1.1 400 Bad Request\r\n\r\n";

    say(fd, text, sizeof(text) - 1);
}

Test(handshake, http_is_not_tls)
{
    struct tls_peer p = { .raw = say_http };

    expect_failure(&p, ERR_NOT_TLS, "begins with \"HTTP/\": HTTP without TLS");
}

static void say_smtp(int fd)
{
    static const char text[] = "220 mail.example ESMTP\r\n";

    say(fd, text, sizeof(text) - 1);
}

Test(handshake, a_greeting_in_clear_points_at_starttls)
{
    struct tls_peer p = { .raw = say_smtp };

    expect_failure(&p, ERR_NOT_TLS, "SMTP or FTP, which may need -starttls");
}

static void say_escape(int fd)
{
    say(fd, "\033]0;x\007", 6);
}

Test(handshake, bytes_of_the_peer_cannot_steer_a_terminal)
{
    struct tls_peer p = { .raw = say_escape };

    expect_failure(&p, ERR_NOT_TLS, "begins with \".]0;x\"");
}

static void say_broken_record(int fd)
{
    say(fd, "\x16\x03\x03\xff\xff\x02", 6);
}

Test(handshake, a_broken_record_is_tls_that_breaks_a_rule)
{
    struct tls_peer p = { .raw = say_broken_record };

    expect_failure(&p, ERR_TLS, "length too long");
}

Test(handshake, a_peer_that_closes_is_told)
{
    struct tls_peer p = { .raw = hear_hello };

    expect_failure(&p, ERR_CLOSED,
                   "the peer closed the connection during the handshake");
}

static void ignore_eof(SSL_CTX *ctx)
{
    SSL_CTX_set_options(ctx, SSL_OP_IGNORE_UNEXPECTED_EOF);
}

Test(handshake, an_end_that_may_be_ignored_is_no_session_either)
{
    struct tls_peer p = { .raw = hear_hello, .setup_client = ignore_eof };

    expect_failure(&p, ERR_CLOSED, "closed the connection");
}

static void say_close_notify(int fd)
{
    say(fd, "\x15\x03\x03\x00\x02\x01\x00", 7);
}

Test(handshake, a_polite_end_is_no_alert)
{
    struct tls_peer p = { .raw = say_close_notify };

    expect_failure(&p, ERR_CLOSED, "closed the connection");
}

/* Closing with bytes unread resets a socket pair. */
static void reset(int fd)
{
    char byte;

    cr_assert(read(fd, &byte, 1) == 1);
}

Test(handshake, a_reset_is_told_from_a_close)
{
    struct tls_peer p = { .raw = reset };

    expect_failure(&p, ERR_RESET, "reset the connection");
}

static void stay_silent(int fd)
{
    char bytes[4096];

    while (read(fd, bytes, sizeof(bytes)) > 0)
        ;
}

Test(handshake, a_silent_peer_ends_with_the_deadline)
{
    struct tls_peer p = { .raw = stay_silent };

    tls_peer_start(&p);
    p.conn.when = deadline_in(0);
    cr_expect(!tls_peer_handshake(&p));
    cr_expect_eq(p.e.code, ERR_TIMED_OUT, "%s", p.e.msg);
    cr_expect_eq(p.e.stage, STAGE_HANDSHAKE);
    tls_peer_stop(&p);
}

/* OpenSSL skips HelloRequests without ever giving the word back. */
static void flood(int fd)
{
    static const unsigned char request[] = { 22, 3, 3, 0, 4, 0, 0, 0, 0 };

    hear_hello(fd);
    while (write(fd, request, sizeof(request)) > 0)
        ;
}

Test(handshake, a_peer_that_never_stops_is_stopped)
{
    struct tls_peer p = { .raw = flood };

    expect_failure(&p, ERR_TLS, "the peer sends without end");
}

static void no_version(SSL_CTX *ctx)
{
    SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION);
    SSL_CTX_set_options(ctx, SSL_OP_NO_TLSv1_3);
}

Test(handshake, options_that_leave_nothing_are_no_fault_of_the_peer)
{
    struct tls_peer p = { .identity = &leaf, .setup_client = no_version };

    expect_failure(&p, ERR_NO_CIPHERS, "the options leave nothing to offer");
}

static void return_errors(struct tls_peer *p)
{
    tls_peer_start(p);
    p->conn.verify.return_error = true;
}

Test(handshake, an_error_that_may_not_be_tolerated_ends_it)
{
    struct tls_peer p = { .identity = &leaf };

    return_errors(&p);
    cr_expect(!tls_peer_handshake(&p));
    cr_expect_eq(p.e.code, ERR_VERIFY);
    cr_expect_eq(p.e.stage, STAGE_VERIFY);
    cr_expect_str_eq(p.e.msg,
                     "the server's certificate was not accepted: "
                     "unable to get local issuer certificate (error 20)");
    cr_expect(p.conn.verify_ended);
    cr_expect_eq(X509_cmp(p.conn.leaf, leaf.cert), 0,
                 "the certificate is kept all the same");
    tls_peer_stop(&p);
}

static void refuse_without_certificate_tls12(SSL_CTX *ctx)
{
    tls_peer_only_tls12(ctx);
    tls_peer_verify_require(ctx);
}

Test(handshake, a_server_that_misses_our_certificate_says_so_in_tls12)
{
    struct tls_peer p = { .identity = &leaf,
                          .setup = refuse_without_certificate_tls12 };

    expect_failure(&p, ERR_CLIENT_CERT,
                   "the server wants a client certificate and got none");
}

static int dislike(int ok, X509_STORE_CTX *ctx)
{
    (void)ok;
    X509_STORE_CTX_set_error(ctx, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
}

/* With the alert that also stands for a missing certificate. */
static void refuse_every_certificate(SSL_CTX *ctx)
{
    tls_peer_only_tls12(ctx);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, dislike);
}

static void show_certificate(SSL_CTX *ctx)
{
    cr_assert(SSL_CTX_use_certificate(ctx, client.cert));
    cr_assert(SSL_CTX_use_PrivateKey(ctx, client.key));
}

Test(handshake, a_certificate_that_was_refused_is_not_a_missing_one)
{
    struct tls_peer p = { .identity = &leaf,
                          .setup = refuse_every_certificate,
                          .setup_client = show_certificate };

    expect_failure(&p, ERR_ALERT, "with alert 40 (handshake failure)");
}

Test(handshake, an_old_error_in_the_queue_is_not_the_reason)
{
    struct tls_peer p = { .identity = &leaf };

    tls_peer_start(&p);
    ERR_raise(ERR_LIB_SSL, SSL_R_HTTP_REQUEST);
    cr_expect(tls_peer_handshake(&p), "%s", p.e.msg);
    tls_peer_stop(&p);
}

#ifndef TLSFLEET_RELEASE
Test(handshake, no_verdict_stands_once_memory_was_refused)
{
    struct tls_peer p = { .raw = say_http };

    tls_peer_start(&p);
    fault_arm(1);
    cr_assert_null(mem_new(1, 1));
    fault_arm(-1);
    cr_expect(!tls_peer_handshake(&p));
    cr_expect_eq(p.e.code, ERR_NO_MEMORY, "%s", p.e.msg);
    mem_forget();
    tls_peer_stop(&p);
}
#endif

Test(handshake, the_answers_to_extensions_are_noted)
{
    struct tls_peer p = { .identity = &leaf, .setup = tls_peer_only_tls12 };

    tls_peer_start(&p);
    cr_assert(tls_peer_handshake(&p), "%s", p.e.msg);
    cr_expect(p.conn.extended_master_secret);
    tls_peer_stop(&p);
}
