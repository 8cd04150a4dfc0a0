#include "sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void add(struct summary *s, enum stage stage, enum err_code code)
{
    struct record *r = record_new();
    struct err e = { .stage = stage };

    if (code != ERR_NONE)
        err_set(&e, code, "sentence");
    record_outcome(r, &e);
    summary_add(s, r);
    record_free(r);
}

static void assert_printed(const struct summary *s, const char *expected)
{
    struct buf out;

    buf_init(&out, 100000);
    summary_print(s, &out);
    cr_assert_str_eq(buf_string(&out), expected);
    buf_release(&out);
}

Test(summary, nothing_scanned_adds_up_too)
{
    struct summary s = { .whole = true };

    assert_printed(&s, "targets in 0 = records out 0\n");
}

Test(summary, the_line_of_statuses_adds_up)
{
    struct summary s = { .targets_in = 4, .whole = true };

    add(&s, STAGE_DONE, ERR_NONE);
    add(&s, STAGE_CONNECT, ERR_REFUSED);
    add(&s, STAGE_CONNECT, ERR_REFUSED);
    add(&s, STAGE_HANDSHAKE, ERR_TIMED_OUT);
    assert_printed(&s, "targets in 4 = records out 4: 1 ok, 2 failed, "
                       "1 timeout\n"
                       "failures by stage and code:\n"
                       "       2  connect    connect_refused\n"
                       "       1  handshake  timeout\n");
}

Test(summary, a_lost_record_shows)
{
    struct summary s = { .targets_in = 3, .whole = false };

    add(&s, STAGE_DONE, ERR_NONE);
    assert_printed(&s, "targets in 3 != records out 1: 1 ok\n"
                       "incomplete: the scan ended before its time\n");
}

Test(summary, verdicts_of_good_handshakes_are_counted)
{
    struct summary s = { .targets_in = 2, .whole = true };
    struct record *r = sample_ok(0, "a");

    summary_add(&s, r);
    record_number(r, REC_verified, 0);
    record_number(r, REC_name_match, 0);
    summary_add(&s, r);
    record_free(r);
    cr_assert_eq(s.totals.unverified, 1);
    cr_assert_eq(s.totals.name_mismatch, 1);
    assert_printed(&s, "targets in 2 = records out 2: 2 ok\n"
                       "not verified 1\n"
                       "wrong name 1\n");
}

Test(summary, every_reason_is_counted_under_its_status)
{
    struct summary s = { .whole = true };
    uint64_t sum = 0;

    for (size_t i = 0; i < ERR_COUNT; i++)
        add(&s, STAGE_HANDSHAKE, (enum err_code)i);
    for (size_t i = 0; i < STATUS_COUNT; i++) {
        cr_assert_gt(s.totals.by_status[i], 0);
        sum += s.totals.by_status[i];
    }
    cr_assert_eq(sum, s.totals.records);
    cr_assert_eq(s.totals.records, ERR_COUNT);
}

Test(summary, it_stays_one_screen_and_counts_the_rest)
{
    struct summary s = { .whole = true };
    struct buf out;
    unsigned long shown = 0;
    size_t lines = 0;

    for (size_t stage = 0; stage < STAGE_COUNT; stage++) {
        for (size_t code = 1; code < ERR_COUNT; code++)
            add(&s, (enum stage)stage, (enum err_code)code);
    }
    add(&s, STAGE_DONE, ERR_ALERT);
    buf_init(&out, 100000);
    summary_print(&s, &out);
    for (const char *at = strchr(out.data, ':'); at; at = strchr(at, '\n')) {
        unsigned long n;

        if (sscanf(++at, "%8lu  ", &n) == 1 && lines++ > 0)
            shown += n;
    }
    cr_assert_leq(lines, 15);
    cr_assert_eq(shown, s.totals.records);
    cr_assert_not_null(
        strstr(out.data, "code:\n       2  done       tls_alert"));
    buf_release(&out);
}
