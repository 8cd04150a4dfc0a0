#include "base/clock.h"

#include <criterion/criterion.h>
#include <limits.h>

Test(clock, the_monotonic_clock_never_goes_back)
{
    int64_t ms = clock_now_ms(), us = clock_now_us();

    for (int i = 0; i < 1000; i++) {
        int64_t ms_now = clock_now_ms(), us_now = clock_now_us();

        cr_assert_geq(ms_now, ms);
        cr_assert_geq(us_now, us);
        ms = ms_now;
        us = us_now;
    }
}

Test(clock, milliseconds_and_microseconds_are_of_one_clock)
{
    int64_t before = clock_now_ms(), us = clock_now_us(),
            after = clock_now_ms();

    cr_assert_geq(us / 1000, before);
    cr_assert_leq(us / 1000, after);
}

Test(clock, the_wall_clock_is_in_this_century)
{
    cr_assert_gt(clock_wall(), 1700000000);
    cr_assert_lt(clock_wall(), 4102444800);
}

Test(clock, no_deadline_is_never)
{
    cr_assert_eq(deadline_in(-1), DEADLINE_NEVER);
    cr_assert_eq(deadline_left(DEADLINE_NEVER), -1);
}

Test(clock, a_span_beyond_the_end_of_time_is_never)
{
    cr_assert_eq(deadline_in(INT64_MAX), DEADLINE_NEVER);
    cr_assert_eq(deadline_in(INT64_MAX - 1), DEADLINE_NEVER);
}

Test(clock, a_deadline_is_its_span_from_now)
{
    int64_t before = clock_now_ms();
    deadline_ms when = deadline_in(60000);
    int64_t after = clock_now_ms();

    cr_assert_geq(when, before + 60000);
    cr_assert_leq(when, after + 60000);
    cr_assert_leq(deadline_left(when), 60000);
    cr_assert_gt(deadline_left(when), 0);
}

Test(clock, a_passed_deadline_has_nothing_left)
{
    cr_assert_eq(deadline_left(clock_now_ms() - 5), 0);
    cr_assert_eq(deadline_left(0), 0);
    cr_assert_eq(deadline_left(INT64_MIN / 2), 0);
}

Test(clock, more_than_poll_can_wait_is_as_much_as_it_can)
{
    cr_assert_eq(deadline_left(deadline_in((int64_t)INT_MAX * 10)), INT_MAX);
}

Test(clock, the_sooner_of_two_counts)
{
    cr_assert_eq(deadline_sooner(5, DEADLINE_NEVER), 5);
    cr_assert_eq(deadline_sooner(7, 5), 5);
    cr_assert_eq(deadline_sooner(DEADLINE_NEVER, DEADLINE_NEVER),
                 DEADLINE_NEVER);
}
