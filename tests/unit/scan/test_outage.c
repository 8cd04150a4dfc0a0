/* Our own network is out, or only some targets are: told apart by outcomes. */
#include "../../../src/scan/scan_room.h"

#include <criterion/criterion.h>

static struct outage o;
static int64_t now;

static void begin(void)
{
    outage_init(&o, 1000);
    now = 1000;
}

static void end(void)
{
    outage_release(&o);
}

TestSuite(outage, .init = begin, .fini = end);

static void outcomes(unsigned n, bool sign)
{
    while (n-- > 0)
        outage_note(&o, sign, true, now);
}

Test(outage, nothing_but_signs_pauses_the_scan)
{
    outcomes(OUTAGE_WINDOW - 1, true);
    cr_expect_eq(outage_news(&o), OUTAGE_NO_NEWS);
    outcomes(1, true);
    cr_expect_eq(outage_news(&o), OUTAGE_BEGAN);
    cr_expect_not(outage_admits(&o, now));
}

Test(outage, a_tenth_that_works_is_no_outage)
{
    for (int i = 0; i < 50; i++) {
        outcomes(9, true);
        outcomes(1, false);
    }
    cr_expect_eq(outage_news(&o), OUTAGE_NO_NEWS);
    cr_expect(outage_admits(&o, now));
}

Test(outage, a_scout_is_let_through_now_and_then)
{
    outcomes(OUTAGE_WINDOW, true);
    now += 1000;
    cr_expect(outage_admits(&o, now), "the first scout");
    cr_expect_not(outage_admits(&o, now), "one at a time");
    outage_note(&o, true, true, now);
    now += 1999;
    cr_expect_not(outage_admits(&o, now));
    now += 1;
    cr_expect(outage_admits(&o, now), "the second comes after two seconds");
}

Test(outage, one_success_ends_the_pause)
{
    outcomes(OUTAGE_WINDOW, true);
    cr_assert_eq(outage_news(&o), OUTAGE_BEGAN);
    now += 1000;
    cr_expect(outage_admits(&o, now));
    cr_expect_not(outage_note(&o, false, true, now));
    cr_expect_eq(outage_news(&o), OUTAGE_ENDED);
    cr_expect(outage_admits(&o, now));
}

Test(outage, targets_are_not_blamed_during_a_pause_however_often)
{
    outcomes(OUTAGE_WINDOW, true);
    cr_expect(outage_note(&o, true, true, now));
    cr_expect(outage_note(&o, true, false, now));
}

Test(outage, patience_ends_and_then_failures_count)
{
    outcomes(OUTAGE_WINDOW, true);
    cr_assert_eq(outage_news(&o), OUTAGE_BEGAN);
    now += 5 * 60 * 1000;
    cr_expect(outage_admits(&o, now));
    cr_expect_not(outage_note(&o, true, true, now));
    cr_expect_eq(outage_news(&o), OUTAGE_GIVEN_UP);
    outcomes(3 * OUTAGE_WINDOW, true);
    cr_expect_eq(outage_news(&o), OUTAGE_NO_NEWS, "only once a run");
    cr_expect(outage_admits(&o, now));
}

Test(outage, a_failure_among_many_is_asked_once_more)
{
    outcomes(30, true);
    cr_expect(outage_note(&o, true, true, now));
    cr_expect_not(outage_note(&o, true, false, now), "not a second time");
}

Test(outage, a_failure_among_successes_counts_at_once)
{
    outcomes(60, false);
    cr_expect_not(outage_note(&o, true, true, now));
}

Test(outage, a_short_list_is_never_paused)
{
    outage_init(&o, OUTAGE_WINDOW - 1);
    for (int i = 0; i < OUTAGE_WINDOW; i++)
        cr_expect_not(outage_note(&o, true, true, now));
    cr_expect_eq(outage_news(&o), OUTAGE_NO_NEWS);
    cr_expect(outage_admits(&o, now));
}

Test(outage, only_lookups_and_networks_are_signs)
{
    static const struct {
        enum err_code code;
        bool sign;
    } rows[] = { { ERR_NAME_TEMPORARY, true },  { ERR_NAME_TIMEOUT, true },
                 { ERR_NET_UNREACHABLE, true }, { ERR_NAME_UNKNOWN, false },
                 { ERR_UNREACHABLE, false },    { ERR_REFUSED, false },
                 { ERR_TIMED_OUT, false },      { ERR_NONE, false } };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct record *r = record_new();
        struct err e = { 0 };

        if (rows[i].code != ERR_NONE)
            err_set(&e, rows[i].code, "x");
        record_outcome(r, &e);
        cr_expect_eq(outage_is_sign(r), rows[i].sign, "%s",
                     err_row(rows[i].code)->name);
        record_free(r);
    }
}

Test(outage, a_deadline_that_passed_in_a_lookup_is_a_sign)
{
    static const enum stage stages[] = { STAGE_RESOLVE, STAGE_CONNECT,
                                         STAGE_HANDSHAKE };

    for (size_t i = 0; i < 3; i++) {
        struct record *r = record_new();
        struct err e = { .stage = stages[i] };

        err_set(&e, ERR_DEADLINE, "x");
        record_outcome(r, &e);
        cr_expect_eq(outage_is_sign(r), stages[i] == STAGE_RESOLVE, "%s",
                     stage_name(stages[i]));
        record_free(r);
    }
}
