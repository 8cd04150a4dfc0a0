#include "told.h"

#include <criterion/criterion.h>

#include <fcntl.h>
#include <openssl/async.h>
#include <string.h>
#include <unistd.h>

TestSuite(wait, .init = told_init, .fini = told_fini);

/* One time in eight: in twenty handshakes it must have happened. */
Test(wait, a_socket_that_pretends_not_to_be_ready_is_waited_for)
{
    size_t pretended = 0;

    for (int i = 0; i < 20; i++) {
        struct tls_peer p = {
            .trace = { .nbio_test = true, .waits = true, .debug = true }
        };

        told_shake(&p);
        pretended += told_count(&p.out, "=> -1)\n");
        tls_peer_stop(&p);
    }
    cr_expect_gt(pretended, 0);
}

/* ---- lines are handed on before each wait ---- */

static void count(void *arg)
{
    ++*(int *)arg;
}

Test(wait, lines_can_be_seen_before_the_wait)
{
    int flushes = 0;
    struct tls_peer p = { .flush = count, .flush_arg = &flushes };

    told_wait(&p);
    cr_expect_gt(flushes, 0);
    tls_peer_stop(&p);
}

/* ---- asynchronous jobs ---- */

/* Stops the job that the handshake runs in, as an engine would: once, until
 * the descriptor can be read; or, without one, for nothing in particular. */
static int stop_at_certificate(SSL *ssl, void *arg)
{
    ASYNC_JOB *job = ASYNC_get_current_job();
    int *stops = arg;

    (void)ssl;
    cr_assert(job, "the handshake runs in a job");
    if (*stops >= 0)
        ASYNC_WAIT_CTX_set_wait_fd(ASYNC_get_wait_ctx(job), arg, *stops, NULL,
                                   NULL);
    ASYNC_pause_job();
    *stops = -2;
    return 1;
}

static int stops;

static void run_in_jobs(SSL_CTX *ctx)
{
    SSL_CTX_set_mode(ctx, SSL_MODE_ASYNC);
    SSL_CTX_set_cert_cb(ctx, stop_at_certificate, &stops);
}

static void expect_job_goes_on(void)
{
    struct tls_peer p = { .setup = tls_peer_verify_request,
                          .setup_client = run_in_jobs };

    told_shake(&p);
    cr_expect_eq(stops, -2, "the job was stopped and went on");
    tls_peer_stop(&p);
}

Test(wait, a_job_that_waits_for_a_descriptor_goes_on)
{
    int fds[2];

    cr_assert(pipe2(fds, O_CLOEXEC) == 0);
    cr_assert_eq(write(fds[1], "x", 1), 1);
    stops = fds[0];
    expect_job_goes_on();
    close(fds[0]);
    close(fds[1]);
}

Test(wait, a_job_that_waits_for_nothing_is_called_again)
{
    stops = -1;
    expect_job_goes_on();
}

static bool held;

static int hold(SSL *ssl, void *arg)
{
    (void)ssl;
    (void)arg;
    while (held && ASYNC_pause_job())
        ;
    return 1;
}

static void hold_jobs(SSL_CTX *ctx)
{
    SSL_CTX_set_mode(ctx, SSL_MODE_ASYNC);
    SSL_CTX_set_cert_cb(ctx, hold, NULL);
}

Test(wait, a_job_that_never_ends_does_at_the_deadline)
{
    struct tls_peer p = { .identity = &told_leaf,
                          .setup = tls_peer_verify_request,
                          .setup_client = hold_jobs };

    held = true;
    tls_peer_start(&p);
    p.conn.when = deadline_in(50);
    cr_expect(!tls_peer_handshake(&p));
    cr_expect_eq(p.e.code, ERR_TIMED_OUT, "%s", p.e.msg);
    /* OpenSSL does not free a job that is stopped. */
    held = false;
    SSL_do_handshake(p.conn.ssl);
    tls_peer_stop(&p);
}
