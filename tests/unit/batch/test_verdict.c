#include "../../../src/batch/batch_room.h"

#include <criterion/criterion.h>

/* Ten targets, all well. */
static struct report_totals totals;
static struct batch_settings settings;

static void begin(void)
{
    totals = (struct report_totals){ .records = 10 };
    totals.by_status[STATUS_OK] = 10;
    settings = (struct batch_settings){ .report.heed =
                                            FINDING_FAILED | FINDING_VERIFY
                                            | FINDING_NAME | FINDING_EXPECT };
}

TestSuite(verdict, .init = begin);

static void turn(enum status to)
{
    totals.by_status[STATUS_OK]--;
    totals.by_status[to]++;
}

Test(verdict, all_well_is_clean)
{
    cr_expect_eq(batch_verdict(&settings, &totals), EXIT_CLEAN);
}

Test(verdict, every_status_but_ok_and_not_attempted_is_a_failure)
{
    for (size_t i = 0; i < STATUS_COUNT; i++) {
        enum exit_status wanted = i == STATUS_OK              ? EXIT_CLEAN
                                  : i == STATUS_NOT_ATTEMPTED ? EXIT_INCOMPLETE
                                                              : EXIT_FOUND;

        begin();
        turn((enum status)i);
        cr_expect_eq(batch_verdict(&settings, &totals), wanted, "%s",
                     status_name((enum status)i));
    }
}

Test(verdict, what_fail_on_does_not_name_is_clean)
{
    settings.report.heed = FINDING_VERIFY;
    turn(STATUS_FAILED);
    totals.name_mismatch = totals.unexpected = totals.changed = 1;
    cr_expect_eq(batch_verdict(&settings, &totals), EXIT_CLEAN);
    totals.unverified = 1;
    cr_expect_eq(batch_verdict(&settings, &totals), EXIT_FOUND);
}

Test(verdict, each_thing_that_fail_on_names_is_found)
{
    uint64_t *const counts[] = { &totals.unverified, &totals.name_mismatch,
                                 &totals.unexpected, &totals.changed };
    const unsigned bits[] = { FINDING_VERIFY, FINDING_NAME, FINDING_EXPECT,
                              FINDING_CHANGE };

    for (size_t i = 0; i < 4; i++) {
        begin();
        settings.report.heed = bits[i];
        cr_expect_eq(batch_verdict(&settings, &totals), EXIT_CLEAN);
        *counts[i] = 1;
        cr_expect_eq(batch_verdict(&settings, &totals), EXIT_FOUND, "%zu", i);
    }
}

Test(verdict, targets_that_are_gone_do_not_make_a_scan_incomplete)
{
    totals.records = 11;
    totals.by_status[STATUS_NOT_ATTEMPTED] = totals.gone = totals.changed = 1;
    cr_expect_eq(batch_verdict(&settings, &totals), EXIT_CLEAN);
    settings.report.heed |= FINDING_CHANGE;
    cr_expect_eq(batch_verdict(&settings, &totals), EXIT_FOUND);
}
