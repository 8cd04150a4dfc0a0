#include "base/fault.h"
#include "net.h"
#include "net/reason.h"
#include "support.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

static struct waiter waiter;
static struct chan_fd c;
static struct err err;
static int pair[2];
static char buf[64];

static void set_up(void)
{
    waiter_thread_init(&waiter);
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
    chan_fd_init(&c, pair[0], &waiter, DEADLINE_NEVER);
}

static void tear_down(void)
{
    net_close(pair[0]);
    net_close(pair[1]);
}

TestSuite(chan_fd, .init = set_up, .fini = tear_down);

static ssize_t hear(void)
{
    return c.chan.ops->read(&c.chan, buf, sizeof(buf), &err);
}

static bool say(size_t len)
{
    static const char zeros[1024 * 1024];

    return c.chan.ops->write(&c.chan, zeros, len, &err);
}

Test(chan_fd, reads_what_is_there_and_counts_it)
{
    cr_assert_eq(write(pair[1], "hello", 5), 5);
    cr_assert_eq(hear(), 5);
    cr_assert_eq(memcmp(buf, "hello", 5), 0);
    cr_assert_eq(c.chan.bytes_read, 5);
}

Test(chan_fd, end_of_stream_is_nothing_read)
{
    net_close(pair[1]);
    pair[1] = -1;
    cr_assert_eq(hear(), 0);
    cr_assert_eq(err.code, ERR_NONE);
}

Test(chan_fd, silence_is_a_time_out)
{
    c.chan.when = clock_now_ms() - 1;
    cr_assert_eq(hear(), -1);
    cr_assert_eq(err.code, ERR_TIMED_OUT);
}

Test(chan_fd, writes_all_and_counts_it)
{
    cr_assert(say(5));
    cr_assert_eq(read(pair[1], buf, sizeof(buf)), 5);
    cr_assert_eq(c.chan.bytes_written, 5);
}

Test(chan_fd, a_peer_that_does_not_read_is_a_time_out)
{
    c.chan.when = clock_now_ms() - 1;
    cr_assert_not(say(1024 * 1024));
    cr_assert_eq(err.code, ERR_TIMED_OUT);
    cr_assert_gt(c.chan.bytes_written, 0);
}

Test(chan_fd, writing_to_a_peer_that_is_gone_says_closed_and_raises_no_signal)
{
    net_close(pair[1]);
    pair[1] = -1;
    cr_assert_not(say(5));
    cr_assert_eq(err.code, ERR_CLOSED);
}

Test(chan_fd, a_reset_has_its_own_code)
{
    struct linger hard = { .l_onoff = 1 };
    struct address at;
    struct addresses to = { .list = &at, .count = 1 };
    struct connect_ask ask = { .to = &to,
                               .socktype = SOCK_STREAM,
                               .when = DEADLINE_NEVER };
    int server = listener("127.0.0.1", 5, &at), fd;
    size_t which;

    cr_assert(net_connect(&waiter, &ask, &fd, &which, &err));
    int peer = accept(server, NULL, NULL);

    setsockopt(peer, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
    net_close(peer);
    chan_fd_init(&c, fd, &waiter, DEADLINE_NEVER);
    cr_assert_eq(hear(), -1);
    cr_assert_eq(err.code, ERR_RESET);
    net_close(fd);
    net_close(server);
}

Test(chan_fd, more_tells_whether_bytes_wait_and_takes_none)
{
    cr_assert_not(c.chan.ops->more(&c.chan));
    cr_assert_eq(write(pair[1], "hello", 5), 5);
    cr_assert(c.chan.ops->more(&c.chan));
    cr_assert_eq(hear(), 5);
    net_close(pair[1]);
    pair[1] = -1;
    cr_assert_not(c.chan.ops->more(&c.chan));
}

Test(chan_fd, failing_calls_are_faults_of_ours)
{
    fault_arm(1);
    cr_assert_eq(hear(), -1);
    cr_assert_eq(err_row(err.code)->status, STATUS_INTERNAL);
    err_clear(&err);
    fault_arm(1);
    cr_assert_not(say(1));
    cr_assert_eq(err_row(err.code)->status, STATUS_INTERNAL);
}

Test(chan_fd, what_the_network_says_is_no_fault_of_ours)
{
    static const int said[] = { ECONNRESET,  EPIPE,        ETIMEDOUT,
                                ENETUNREACH, EHOSTUNREACH, ECONNREFUSED };

    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        const enum err_code code = net_reason(said[i], ERR_SYSTEM);

        cr_expect_neq(err_row(code)->status, STATUS_INTERNAL, "%d", said[i]);
    }
    cr_expect_eq(net_reason(EIO, ERR_SYSTEM), ERR_SYSTEM);
}

Test(chan_script, gives_its_bytes_in_chunks_and_then_the_end)
{
    struct chan_script s;
    struct err e = { 0 };

    chan_script_init(&s, "abcde", 5, 2);
    cr_assert(s.chan.ops->more(&s.chan));
    cr_assert_eq(s.chan.ops->read(&s.chan, buf, 64, &e), 2);
    cr_assert_eq(s.chan.ops->read(&s.chan, buf, 1, &e), 1);
    cr_assert_eq(s.chan.ops->read(&s.chan, buf, 64, &e), 2);
    cr_assert_eq(s.chan.ops->read(&s.chan, buf, 64, &e), 0);
    cr_assert_not(s.chan.ops->more(&s.chan));
    cr_assert_eq(s.chan.bytes_read, 5);
    chan_script_release(&s);
}

Test(chan_script, may_fall_silent_instead)
{
    struct chan_script s;
    struct err e = { 0 };

    chan_script_init(&s, NULL, 0, 1);
    s.silent_at_end = true;
    cr_assert_eq(s.chan.ops->read(&s.chan, buf, 64, &e), -1);
    cr_assert_eq(e.code, ERR_TIMED_OUT);
    chan_script_release(&s);
}

Test(chan_script, keeps_what_was_said_to_it)
{
    struct chan_script s;
    struct err e = { 0 };

    chan_script_init(&s, NULL, 0, 1);
    cr_assert(s.chan.ops->write(&s.chan, "one", 3, &e));
    cr_assert(s.chan.ops->write(&s.chan, "two", 3, &e));
    cr_assert_str_eq(buf_string(&s.out), "onetwo");
    fault_arm(1);
    cr_assert_not(s.chan.ops->write(&s.chan, buf, sizeof(buf), &e));
    cr_assert_eq(e.code, ERR_NO_MEMORY);
    chan_script_release(&s);
}
