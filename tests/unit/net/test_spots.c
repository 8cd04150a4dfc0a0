#include "base/fault.h"
#include "net/spots.h"

#include <criterion/criterion.h>

#include <unistd.h>

static struct waiter waiter;
static struct err err;
static int a[2], b[2];

static void set_up(void)
{
    waiter_thread_init(&waiter);
    err = (struct err){ 0 };
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, a), 0);
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, b), 0);
}

static void tear_down(void)
{
    for (int i = 0; i < 2; i++) {
        net_close(a[i]);
        net_close(b[i]);
    }
}

TestSuite(spots, .init = set_up, .fini = tear_down);

Test(spots, each_tells_what_of_it_can_be_done)
{
    struct wait_spot spots[] = {
        { .fd = a[0], .want = WAIT_READ | WAIT_WRITE },
        { .fd = b[0], .want = WAIT_READ },
        { .fd = b[1], .want = WAIT_WRITE },
    };

    cr_assert_eq(write(b[1], "x", 1), 1);
    cr_assert(wait_any(&waiter, spots, 3, DEADLINE_NEVER, &err));
    cr_expect_eq(spots[0].ready, WAIT_WRITE);
    cr_expect_eq(spots[1].ready, WAIT_READ);
    cr_expect_eq(spots[2].ready, WAIT_WRITE);
}

Test(spots, one_that_nothing_is_wanted_of_does_not_count)
{
    struct wait_spot spots[] = { { .fd = a[0], .ready = WAIT_READ },
                                 { .fd = b[0], .want = WAIT_READ } };

    net_close(a[1]); /* hung up: poll(2) would never be silent again */
    a[1] = -1;
    cr_assert_not(wait_any(&waiter, spots, 2, deadline_in(2), &err));
    cr_expect_eq(err.code, ERR_TIMED_OUT);
    cr_expect_eq(spots[0].ready, 0);
}

Test(spots, one_that_is_broken_can_do_whatever_is_wanted)
{
    struct wait_spot spot = { .fd = a[0], .want = WAIT_READ };

    net_close(a[1]);
    a[1] = -1;
    cr_assert(wait_any(&waiter, &spot, 1, DEADLINE_NEVER, &err));
    cr_expect_eq(spot.ready, WAIT_READ);
    net_close(a[0]);
    spot.want = WAIT_WRITE;
    cr_assert(wait_any(&waiter, &spot, 1, DEADLINE_NEVER, &err));
    cr_expect_eq(spot.ready, WAIT_WRITE);
    a[0] = -1;
}

Test(spots, now_is_a_deadline)
{
    struct wait_spot spot = { .fd = a[0], .want = WAIT_READ };

    cr_assert_not(wait_any(&waiter, &spot, 1, 0, &err));
    cr_expect_eq(err.code, ERR_TIMED_OUT);
    err = (struct err){ 0 };
    cr_assert_eq(write(a[1], "x", 1), 1);
    cr_assert(wait_any(&waiter, &spot, 1, 0, &err));
}

Test(spots, failures_are_told)
{
    struct wait_spot spots[WAIT_SPOTS_MAX + 1] = { { .fd = a[0] } };

    cr_assert_not(wait_any(&waiter, spots, WAIT_SPOTS_MAX + 1, 0, &err));
    cr_expect_eq(err.code, ERR_SYSTEM);
    err = (struct err){ 0 };
    fault_arm(1);
    cr_assert_not(wait_any(&waiter, spots, 1, 0, &err));
    cr_expect_eq(err.code, ERR_NO_MEMORY);
    cr_expect_eq(spots[0].ready, 0);
}
