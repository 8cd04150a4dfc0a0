#include "base/mem.h"
#include "report/plugin.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const unsigned usual =
    FINDING_FAILED | FINDING_VERIFY | FINDING_NAME | FINDING_EXPECT;

static struct plugin *plugin;
static struct buf line;

static void start(unsigned heed)
{
    const struct plugin_config config = { .warn_days = 20,
                                          .crit_days = 15,
                                          .heed = heed };

    plugin_free(plugin);
    plugin = plugin_new(&config);
    cr_assert_not_null(plugin);
}

static void begin(void)
{
    buf_init(&line, 10000);
    start(usual);
}

static void end(void)
{
    plugin_free(plugin);
    buf_release(&line);
}

TestSuite(plugin, .init = begin, .fini = end);

static void add(struct record *r)
{
    plugin_add(plugin, r);
    record_free(r);
}

static void add_days(const char *target, int64_t left)
{
    struct record *r = sample_ok(0, target);

    record_number(r, REC_days_left, left);
    add(r);
}

static void assert_line(enum plugin_state state, const char *expected)
{
    buf_clear(&line);
    cr_assert_eq(plugin_line(plugin, NULL, &line), state, "%s",
                 buf_string(&line));
    cr_assert_str_eq(buf_string(&line), expected);
}

Test(plugin, all_well_is_ok_with_the_soonest_day)
{
    add_days("a:1", 43);
    add_days("b:1", 87);
    assert_line(PLUGIN_OK, "TLS OK - 2 targets, the first certificate expires "
                           "in 43 d | ok=2;;;0;2 failed=0 days=43;20;15\n");
}

Test(plugin, problems_are_told_worst_first)
{
    struct record *r = sample_ok(0, "c:1");

    add_days("a:1", 19);
    add_days("b:1", -3);
    record_number(r, REC_verified, 0);
    record_text(r, REC_verify_error, "self-signed certificate");
    add(r);
    add_days("d:1", 50);
    assert_line(PLUGIN_CRITICAL,
                "TLS CRITICAL - 3 of 4 targets: b:1 expires in -3 d; c:1 not "
                "verified: self-signed certificate; a:1 expires in 19 d | "
                "ok=1;;;0;4 failed=0 days=-3;20;15\n");
}

Test(plugin, days_change_the_state_when_fewer_are_left)
{
    static const struct {
        int64_t left;
        enum plugin_state state;
    } days[] = {
        { 20, PLUGIN_OK },       { 19, PLUGIN_WARNING },
        { 15, PLUGIN_WARNING },  { 14, PLUGIN_CRITICAL },
        { -1, PLUGIN_CRITICAL },
    };

    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
        start(0);
        add_days("a:1", days[i].left);
        cr_assert_eq(plugin_line(plugin, NULL, &line), days[i].state);
    }
}

/* What a good record becomes, when its finding is heeded and when it is not. */
static const struct {
    enum field_id field;
    const char *text; /* NULL: the number 0 */
    unsigned finding;
    enum plugin_state heeded, otherwise;
    const char *told;
} matters[] = {
    { REC_status, "failed", FINDING_FAILED, PLUGIN_CRITICAL, PLUGIN_OK,
      "a:1 done: " },
    { REC_status, "timeout", FINDING_FAILED, PLUGIN_CRITICAL, PLUGIN_OK,
      "a:1 done: " },
    { REC_status, "internal", FINDING_FAILED, PLUGIN_UNKNOWN, PLUGIN_OK,
      "a:1 done: " },
    { REC_status, "config", FINDING_FAILED, PLUGIN_UNKNOWN, PLUGIN_OK,
      "a:1 done: " },
    { REC_status, "invalid", FINDING_FAILED, PLUGIN_UNKNOWN, PLUGIN_OK,
      "a:1 done: " },
    { REC_status, "not_attempted", 0, PLUGIN_UNKNOWN, PLUGIN_UNKNOWN,
      "a:1 done: " },
    { REC_verified, NULL, FINDING_VERIFY, PLUGIN_CRITICAL, PLUGIN_OK,
      "a:1 not verified" },
    { REC_name_match, NULL, FINDING_NAME, PLUGIN_CRITICAL, PLUGIN_OK,
      "a:1 certificate is not made out to www.example.com" },
    { REC_expect, "undetermined: a, is not known; failed: b, is c",
      FINDING_EXPECT, PLUGIN_CRITICAL, PLUGIN_OK,
      "a:1 expectation undetermined: a, is not known; failed: b, is c" },
    { REC_expect, "undetermined: a, is not known", FINDING_EXPECT,
      PLUGIN_UNKNOWN, PLUGIN_OK,
      "a:1 expectation undetermined: a, is not known" },
    { REC_change, "new", FINDING_CHANGE, PLUGIN_WARNING, PLUGIN_OK,
      "a:1 change: new" },
};

static enum plugin_state state_of(size_t i, unsigned heed)
{
    struct record *r = sample_ok(0, "a:1");

    start(heed);
    if (matters[i].text)
        record_text(r, matters[i].field, matters[i].text);
    else
        record_number(r, matters[i].field, 0);
    add(r);
    buf_clear(&line);
    return plugin_line(plugin, NULL, &line);
}

Test(plugin, each_finding_has_its_state_when_it_is_heeded)
{
    for (size_t i = 0; i < sizeof(matters) / sizeof(matters[0]); i++) {
        cr_expect_eq(state_of(i, matters[i].finding), matters[i].heeded,
                     "row %zu", i);
        cr_expect_not_null(strstr(buf_string(&line), matters[i].told), "%s",
                           buf_string(&line));
        cr_expect_eq(state_of(i, ~matters[i].finding), matters[i].otherwise,
                     "row %zu", i);
    }
}

Test(plugin, what_is_known_is_worse_than_what_is_not)
{
    struct record *r = sample_ok(0, "a:1");

    record_text(r, REC_status, "internal");
    add(r);
    add_days("b:1", 17);
    cr_assert_eq(plugin_line(plugin, NULL, &line), PLUGIN_WARNING);
    cr_assert_not_null(strstr(line.data, ": b:1 expires in 17 d; a:1 "));
}

Test(plugin, a_cut_scan_is_unknown_unless_worse_was_found)
{
    add_days("a:1", 50);
    cr_assert_eq(plugin_line(plugin, "it was interrupted", &line),
                 PLUGIN_UNKNOWN);
    cr_assert_eq(
        strncmp(line.data, "TLS UNKNOWN - it was interrupted; 1 target, ", 44),
        0);
    add_days("b:1", 3);
    cr_assert_eq(plugin_line(plugin, "it was interrupted", &line),
                 PLUGIN_CRITICAL);
}

Test(plugin, no_target_is_unknown)
{
    assert_line(PLUGIN_UNKNOWN, "TLS UNKNOWN - 0 targets | ok=0;;;0;0 "
                                "failed=0\n");
    buf_clear(&line);
    cr_assert_eq(plugin_unknown("no such | option\n", &line), PLUGIN_UNKNOWN);
    cr_assert_str_eq(line.data, "TLS UNKNOWN - no such \\x7C option\\x0A\n");
}

Test(plugin, a_target_that_is_gone_counts_only_when_changes_do)
{
    for (int heed = 0; heed < 2; heed++) {
        struct record *r = sample_ok(9, "gone:1");

        start(heed ? FINDING_CHANGE : 0);
        add_days("a:1", 50);
        record_text(r, REC_status, "not_attempted");
        record_text(r, REC_change, "gone");
        record_state(r, REC_days_left, VALUE_UNKNOWN);
        add(r);
        if (heed)
            assert_line(PLUGIN_WARNING,
                        "TLS WARNING - 1 of 2 targets: gone:1 change: gone | "
                        "ok=1;;;0;2 failed=0 days=50;20;15\n");
        else
            assert_line(PLUGIN_OK,
                        "TLS OK - 1 target, the first certificate expires in "
                        "50 d | ok=1;;;0;1 failed=0 days=50;20;15\n");
    }
}

Test(plugin, every_address_of_a_target_counts)
{
    struct record *r = sample_ok(0, "a:1");

    r->more = sample_failed(0, "a:1");
    add(r);
    assert_line(PLUGIN_CRITICAL,
                "TLS CRITICAL - 1 of 2 targets: a:1 connect: 127.0.0.1:443: "
                "connection refused | ok=1;;;0;2 failed=1 days=87;20;15\n");
}

Test(plugin, the_line_stays_under_a_kilobyte_and_counts_the_rest)
{
    static const char *const fillers[] = { "x", "\xe6\x97\xa5", "\033", "|" };

    for (size_t f = 0; f < 4; f++) {
        start(usual);
        for (uint64_t i = 0; i < 1000; i++) {
            struct record *r = sample_failed(i, "");
            struct buf text;

            buf_init(&text, 1000);
            for (int n = 0; n < 300; n++)
                buf_text(&text, fillers[f]);
            record_text(r, REC_target, buf_string(&text));
            record_text(r, REC_error, buf_string(&text));
            buf_release(&text);
            add(r);
        }
        buf_clear(&line);
        cr_assert_eq(plugin_line(plugin, "cut", &line), PLUGIN_CRITICAL);
        cr_assert_lt(line.len, 1024, "%zu", line.len);
        cr_assert_not_null(strstr(line.data, " more | ok=0;;;0;1000 "));
        cr_assert(sample_is_neutral(line.data, line.len));
        cr_assert_eq(strchr(line.data, '\n'), line.data + line.len - 1);
        cr_assert_eq(strchr(line.data, '|'), strrchr(line.data, '|'));
    }
}
