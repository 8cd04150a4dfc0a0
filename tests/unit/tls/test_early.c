/* The function that replaces SSL_SESSION_set_time() is not in every OpenSSL. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "again.h"
#include "told.h"

#include <criterion/criterion.h>

#include <string.h>

TestSuite(early, .init = told_init, .fini = told_fini);

enum { LIMIT = 64 };

static char bytes[LIMIT + 1] = "knock, knock";
static const struct payload knock = { .data = bytes, .len = 12 };
static const struct payload most = { .data = bytes, .len = LIMIT };
static const struct payload more = { .data = bytes, .len = LIMIT + 1 };
static const struct payload nothing = { .data = bytes, .len = 0 };

/* What the server heard so far; its thread has ended when a test looks. */
static char heard[4 * LIMIT];
static size_t nheard;

static void allow(SSL_CTX *ctx)
{
    cr_assert(SSL_CTX_set_max_early_data(ctx, LIMIT));
}

static bool accept_early(SSL *ssl)
{
    size_t n = 0;
    int rc;

    while ((rc = SSL_read_early_data(ssl, heard + nheard,
                                     sizeof(heard) - nheard, &n))
           == SSL_READ_EARLY_DATA_SUCCESS)
        nheard += n;
    nheard += n;
    return rc == SSL_READ_EARLY_DATA_FINISH && SSL_accept(ssl) == 1;
}

/* One connection to get a session, and one that says something early. */
static int say(const struct payload *early, struct tls_peer *second)
{
    struct tls_peer first = { .identity = &told_leaf, .setup = allow };
    SSL_SESSION *session = again_first(&first);
    int status;

    second->session = (struct session_ask){ .offer = session, .early = early };
    nheard = 0;
    again_start(second, &first);
    cr_assert(tls_peer_handshake(second), "%s", second->e.msg);
    status = SSL_get_early_data_status(second->conn.ssl);
    tls_peer_stop(second);
    tls_peer_stop(&first);
    SSL_SESSION_free(session);
    return status;
}

Test(early, data_arrives_before_the_handshake_ends)
{
    struct tls_peer p = { .accepts = accept_early };

    cr_expect_eq(say(&knock, &p), SSL_EARLY_DATA_ACCEPTED);
    cr_assert_eq(nheard, knock.len);
    cr_expect_eq(memcmp(heard, knock.data, knock.len), 0);
}

Test(early, data_may_be_as_long_as_the_session_allows)
{
    struct tls_peer p = { .accepts = accept_early };

    cr_expect_eq(say(&most, &p), SSL_EARLY_DATA_ACCEPTED);
    cr_expect_eq(nheard, most.len);
}

Test(early, data_that_is_too_long_is_not_sent)
{
    struct tls_peer p = { .accepts = accept_early };

    cr_expect_eq(say(&more, &p), SSL_EARLY_DATA_NOT_SENT);
    cr_expect_eq(nheard, 0);
}

Test(early, data_of_no_bytes_is_not_sent)
{
    struct tls_peer p = { .accepts = accept_early };

    cr_expect_eq(say(&nothing, &p), SSL_EARLY_DATA_NOT_SENT);
}

/* A server that does not read it on purpose has OpenSSL refuse it. */
Test(early, data_can_be_rejected)
{
    struct tls_peer p = { .accepts = NULL };

    cr_expect_eq(say(&knock, &p), SSL_EARLY_DATA_REJECTED);
}

/* OpenSSL would begin as in TLS 1.3 and go on as in TLS 1.2. */
Test(early, data_is_not_sent_where_the_session_is_of_no_use)
{
    struct tls_peer p = { .accepts = accept_early,
                          .setup_client = tls_peer_only_tls12 };

    cr_expect_eq(say(&knock, &p), SSL_EARLY_DATA_NOT_SENT);
    cr_expect_eq(nheard, 0);
}

static void make_old(SSL *ssl)
{
    cr_assert(SSL_SESSION_set_time(SSL_get0_session(ssl), 1));
}

Test(early, data_is_not_sent_with_a_ticket_that_is_too_old)
{
    struct tls_peer first = { .identity = &told_leaf, .setup = allow };
    SSL_SESSION *session = again_first(&first);
    struct tls_peer p = { .accepts = accept_early,
                          .session = { .offer = session, .early = &knock } };

    nheard = 0;
    again_start(&p, &first);
    make_old(p.conn.ssl);
    cr_expect(tls_peer_handshake(&p), "%s", p.e.msg);
    cr_expect(!tls_resumed(&p.conn));
    tls_peer_stop(&p);
    cr_expect_eq(nheard, 0);
    tls_peer_stop(&first);
    SSL_SESSION_free(session);
}

Test(early, data_is_not_sent_without_a_session)
{
    struct tls_peer p = { .identity = &told_leaf,
                          .setup = allow,
                          .session = { .early = &knock } };

    tls_peer_start(&p);
    cr_expect(tls_peer_handshake(&p), "%s", p.e.msg);
    cr_expect_eq(SSL_get_early_data_status(p.conn.ssl),
                 SSL_EARLY_DATA_NOT_SENT);
    tls_peer_stop(&p);
}

static void hang_up(int fd)
{
    char byte;

    cr_assert_eq(recv(fd, &byte, 1, 0), 1);
}

Test(early, data_that_nobody_takes_is_a_handshake_that_failed)
{
    struct tls_peer first = { .identity = &told_leaf, .setup = allow };
    SSL_SESSION *session = again_first(&first);
    struct tls_peer p = { .raw = hang_up,
                          .session = { .offer = session, .early = &knock } };

    tls_peer_start(&p);
    cr_expect(!tls_peer_handshake(&p));
    cr_expect(p.e.code == ERR_CLOSED || p.e.code == ERR_RESET, "%s", p.e.msg);
    tls_peer_stop(&p);
    tls_peer_stop(&first);
    SSL_SESSION_free(session);
}
