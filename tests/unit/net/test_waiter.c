#include "base/fault.h"
#include "net.h"

#include <criterion/criterion.h>

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static struct waiter waiter;
static struct err err;
static int pair[2];

static void set_up(void)
{
    waiter_thread_init(&waiter);
    err = (struct err){ 0 };
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
}

static void tear_down(void)
{
    net_close(pair[0]);
    net_close(pair[1]);
}

TestSuite(waiter, .init = set_up, .fini = tear_down);

static deadline_ms passed(void)
{
    return clock_now_ms() - 1;
}

Test(waiter, a_readable_descriptor_is_ready)
{
    cr_assert_eq(write(pair[1], "x", 1), 1);
    cr_assert(wait_fd(&waiter, pair[0], WAIT_READ, DEADLINE_NEVER, &err));
}

Test(waiter, a_writable_descriptor_is_ready)
{
    cr_assert(wait_fd(&waiter, pair[0], WAIT_WRITE, DEADLINE_NEVER, &err));
}

Test(waiter, what_is_ready_counts_even_when_the_deadline_has_passed)
{
    cr_assert_eq(write(pair[1], "x", 1), 1);
    cr_assert(wait_fd(&waiter, pair[0], WAIT_READ, passed(), &err));
}

Test(waiter, a_descriptor_that_is_not_ready_times_out_at_the_deadline)
{
    cr_assert_not(wait_fd(&waiter, pair[0], WAIT_READ, passed(), &err));
    cr_assert_eq(err.code, ERR_TIMED_OUT);
}

Test(waiter, a_peer_that_is_gone_counts_as_ready)
{
    net_close(pair[1]);
    pair[1] = -1;
    cr_assert(wait_fd(&waiter, pair[0], WAIT_READ, DEADLINE_NEVER, &err));
}

Test(waiter, a_descriptor_that_is_none_counts_as_ready)
{
    int fd = dup(pair[0]);

    net_close(fd);
    cr_assert(wait_fd(&waiter, fd, WAIT_READ, DEADLINE_NEVER, &err));
}

Test(waiter, a_failing_poll_is_a_fault_of_ours)
{
    fault_arm(1);
    cr_assert_not(wait_fd(&waiter, pair[0], WAIT_READ, passed(), &err));
    cr_assert_eq(err_row(err.code)->status, STATUS_INTERNAL);
}

static void on_signal(int number)
{
    (void)number;
}

static void *disturb_then_write(void *arg)
{
    pthread_t *whom = arg;

    for (int i = 0; i < 1000; i++)
        pthread_kill(*whom, SIGUSR1);
    return write(pair[1], "x", 1) == 1 ? arg : NULL;
}

Test(waiter, signals_do_not_end_a_wait)
{
    struct sigaction act = { .sa_handler = on_signal };
    pthread_t self = pthread_self(), other;
    void *wrote;

    sigaction(SIGUSR1, &act, NULL);
    cr_assert_eq(pthread_create(&other, NULL, disturb_then_write, &self), 0);
    cr_assert(wait_fd(&waiter, pair[0], WAIT_READ, DEADLINE_NEVER, &err));
    pthread_join(other, &wrote);
    cr_assert_not_null(wrote);
}

static void *raise_it(void *flag)
{
    signal_flag_raise(flag);
    return NULL;
}

Test(waiter, a_flag_raised_by_another_thread_ends_the_wait)
{
    struct signal_flag *flag = signal_flag_new();
    pthread_t other;

    cr_assert_not(signal_flag_raised(flag));
    cr_assert_eq(pthread_create(&other, NULL, raise_it, flag), 0);
    cr_assert(wait_flag(&waiter, flag, DEADLINE_NEVER, &err));
    cr_assert(signal_flag_raised(flag));
    pthread_join(other, NULL);
    signal_flag_free(flag);
}

Test(waiter, a_raised_flag_counts_even_when_the_deadline_has_passed)
{
    struct signal_flag *flag = signal_flag_new();

    signal_flag_raise(flag);
    cr_assert(wait_flag(&waiter, flag, passed(), &err));
    signal_flag_free(flag);
}

Test(waiter, a_flag_that_nobody_raises_times_out_at_the_deadline)
{
    struct signal_flag *flag = signal_flag_new();

    cr_assert_not(wait_flag(&waiter, flag, deadline_in(2), &err));
    cr_assert_eq(err.code, ERR_TIMED_OUT);
    signal_flag_free(flag);
}

Test(waiter, a_flag_needs_memory)
{
    fault_arm(1);
    cr_assert_null(signal_flag_new());
    signal_flag_free(NULL);
}

Test(waiter, a_pause_ends_at_its_point_in_time_and_not_before)
{
    deadline_ms when = deadline_in(2);

    cr_assert(wait_until(&waiter, when, &err));
    cr_assert_geq(clock_now_ms(), when);
    cr_assert(wait_until(&waiter, when, &err));
}
