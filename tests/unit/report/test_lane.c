#include "../../../src/report/lane.h"
#include "base/fault.h"
#include "base/mem.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[400], path[500];
static struct report_config config;
static struct lane lane;
static struct err e;
static const struct summary summary = { .targets_in = 6, .whole = true };

static void begin(void)
{
    sample_folder(folder, sizeof(folder));
    snprintf(path, sizeof(path), "%s/report", folder);
    config = sample_config("index,target,error");
}

static void end(void)
{
    lane_release(&lane);
    sample_remove(folder);
}

TestSuite(lane, .init = begin, .fini = end);

static bool open_lane(const char *format)
{
    struct report_spec spec = { .format = report_format_find(format),
                                .file = path };

    return lane_open(&lane, &spec, &config, &e);
}

static bool give(uint64_t seq)
{
    struct record *r = sample_ok(seq, "a:1");
    bool done = lane_record(&lane, r);

    record_free(r);
    return done;
}

/* Opens, gives the records in that order, finishes. */
static bool run(const char *format, const char *seqs)
{
    bool done = open_lane(format);

    for (const char *at = seqs; done && *at; at++)
        done = give((uint64_t)(*at - '0'));
    return done && lane_idle(&lane) && lane_finish(&lane, &summary);
}

static void assert_report(const char *expected)
{
    size_t len;
    char *text = sample_read(folder, "report", &len);

    cr_assert_not_null(text);
    cr_assert_str_eq(text, expected);
    mem_free(text);
}

static const char in_order[] = "index,target,error\n1,a:1,none\n2,a:1,none\n"
                               "3,a:1,none\n4,a:1,none\n";

Test(lane, records_come_in_list_order)
{
    cr_assert(run("csv", "3102"));
    assert_report(in_order);
}

Test(lane, records_come_in_list_order_over_the_spill_file)
{
    cr_assert(open_lane("csv"));
    lane.order.memory_max = 1;
    cr_assert(give(3) && give(1) && give(0) && give(2));
    cr_assert_geq(lane.order.spill.fd, 0);
    cr_assert(lane_finish(&lane, &summary));
    assert_report(in_order);
}

Test(lane, unordered_records_come_as_they_are_done)
{
    config.unordered = true;
    cr_assert(run("csv", "3102"));
    assert_report("index,target,error\n4,a:1,none\n2,a:1,none\n1,a:1,none\n"
                  "3,a:1,none\n");
}

Test(lane, records_behind_a_missing_one_are_written_at_the_end)
{
    cr_assert(run("csv", "320"));
    assert_report("index,target,error\n1,a:1,none\n3,a:1,none\n4,a:1,none\n");
}

Test(lane, only_what_is_asked_for_is_shown_and_the_order_is_kept)
{
    struct record *records[] = { sample_failed(2, "c:1"), sample_ok(1, "b:1"),
                                 sample_failed(0, "a:1") };

    config = sample_config("target");
    config.only = ONLY_PROBLEMS;
    cr_assert(open_lane("csv"));
    records[2]->more = sample_ok(0, "a:1 again");
    for (size_t i = 0; i < 3; i++) {
        cr_assert(lane_record(&lane, records[i]));
        record_free(records[i]);
    }
    cr_assert(lane_finish(&lane, &summary));
    assert_report("target\na:1\nc:1\n");
}

Test(lane, the_text_report_ends_in_the_summary)
{
    size_t len;
    char *text;

    cr_assert(run("text", "0"));
    text = sample_read(folder, "report", &len);
    cr_assert_not_null(strstr(text, "87 d\n\ntargets in 6 != records out 0\n"));
    mem_free(text);
}

Test(lane, a_failed_lane_swallows_the_rest)
{
    snprintf(path, sizeof(path), "/dev/full");
    cr_assert(open_lane("csv"));
    cr_assert(give(0));
    cr_assert_not(lane_idle(&lane));
    cr_assert_eq(lane.error.code, ERR_OUTPUT);
    cr_assert_not(give(1));
    cr_assert_not(lane_idle(&lane));
    cr_assert_not(lane_finish(&lane, &summary));
}

Test(lane, a_lane_that_fails_leaves_nothing_behind_at_once)
{
    struct record *r = sample_ok(0, "a:1");

    cr_assert(open_lane("csv"));
    cr_assert_eq(sample_files(folder), 1);
    fault_arm(1);
    cr_assert_not(lane_record(&lane, r));
    fault_arm(-1);
    cr_assert_eq(sample_files(folder), 0);
    cr_assert_eq(lane.error.code, ERR_NO_MEMORY);
    record_free(r);
}

Test(lane, colour_is_for_terminals_or_when_asked_for)
{
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    config.color = COLOR_AUTO;
    cr_assert(open_lane("text"));
    cr_assert_not(lane.sheet.color);
    lane_release(&lane);
    config.color = COLOR_ALWAYS;
    cr_assert(open_lane("text"));
    cr_assert(lane.sheet.color);
}

/* A lane whose report is a new terminal. */
static bool colors_on_terminal(void)
{
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    bool color;

    cr_assert(terminal >= 0 && grantpt(terminal) == 0
              && unlockpt(terminal) == 0);
    cr_assert_eq(ptsname_r(terminal, path, sizeof(path)), 0);
    cr_assert(open_lane("text"), "%s", e.msg);
    color = lane.sheet.color;
    lane_release(&lane);
    close(terminal);
    return color;
}

Test(lane, a_terminal_has_colour_unless_the_environment_says_no)
{
    config.color = COLOR_AUTO;
    unsetenv("NO_COLOR");
    setenv("TERM", "xterm", 1);
    cr_assert(colors_on_terminal());
    setenv("TERM", "dumb", 1);
    cr_assert_not(colors_on_terminal());
    unsetenv("TERM");
    cr_assert_not(colors_on_terminal());
    setenv("TERM", "xterm", 1);
    setenv("NO_COLOR", "", 1);
    cr_assert(colors_on_terminal());
    setenv("NO_COLOR", "1", 1);
    cr_assert_not(colors_on_terminal());
    config.color = COLOR_ALWAYS;
    cr_assert(colors_on_terminal());
}

/* Three of the four records wait, most of them in the spill file. */
static bool run_spilling(struct record *const *records)
{
    bool done = open_lane("csv");

    lane.order.memory_max = 15;
    for (size_t i = 0; done && i < 4; i++)
        done = lane_record(&lane, records[i]);
    return done && lane_finish(&lane, &summary);
}

/* Whatever failed: a report under its name is whole. */
static void assert_whole_or_none(bool done, long nth)
{
    size_t len;
    char *text = sample_read(folder, "report", &len);

    cr_assert(text || !done, "call %ld", nth);
    cr_assert(!text || strcmp(text, in_order) == 0, "call %ld", nth);
    cr_assert_eq(sample_files(folder), text != NULL);
    mem_free(text);
}

Test(lane, a_failure_at_any_call_leaves_no_cut_report)
{
    struct record *records[] = { sample_ok(3, "a:1"), sample_ok(1, "a:1"),
                                 sample_ok(0, "a:1"), sample_ok(2, "a:1") };
    long calls, failures = 0;

    fault_arm(0);
    cr_assert(run_spilling(records));
    calls = fault_seen();
    cr_assert_geq(lane.order.spill.fd, 0);
    for (long n = 1; n <= calls; n++) {
        lane_release(&lane);
        remove(path);
        e = (struct err){ 0 };
        fault_arm(n);
        bool done = run_spilling(records);

        fault_arm(-1);
        failures += !done;
        cr_assert(done || e.code != ERR_NONE || lane.error.code != ERR_NONE);
        lane_release(&lane);
        assert_whole_or_none(done, n);
    }
    /* A file without a name can be had in two ways. */
    cr_assert_eq(failures, calls - 1);
    for (size_t i = 0; i < 4; i++)
        record_free(records[i]);
}
