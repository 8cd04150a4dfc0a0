/* The words of a command line as settings of a run. */
#include "../../../src/batch/batch_room.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { WORDS_MAX = 16 };

static struct command_line line;
static struct batch_settings settings;
static struct err err;

/* Reads words between blanks as main does. */
static bool read_words(const char *text)
{
    static char copy[512];
    char *argv[WORDS_MAX], *rest = copy;
    int argc = 0;

    snprintf(copy, sizeof(copy), "tlsfleet %s", text);
    for (char *word; (word = strsep(&rest, " ")) != NULL;)
        argv[argc++] = word;
    err = (struct err){ 0 };
    line = (struct command_line){ 0 };
    settings = (struct batch_settings){ 0 };
    return command_line_parse(&line, argc, argv, &err)
           && batch_settings_read(&settings, &line, &err);
}

static void end(void)
{
    batch_settings_release(&settings);
    command_line_release(&line);
    settings = (struct batch_settings){ 0 };
    line = (struct command_line){ 0 };
}

TestSuite(settings, .fini = end);

Test(settings, text_to_standard_output_is_the_default)
{
    cr_assert(read_words("a b"), "%s", err.msg);
    cr_expect_eq(settings.report.nspecs, 1);
    cr_expect_str_eq(report_format_name(settings.specs[0].format), "text");
    cr_expect_null(settings.specs[0].file);
    cr_expect_eq(settings.source.nhosts, 2);
}

Test(settings, brief_alone_shows_what_s_client_shows)
{
    cr_assert(read_words("-brief a b"), "%s", err.msg);
    cr_expect_str_eq(report_format_name(settings.specs[0].format), "brief");
}

Test(settings, several_reports_keep_their_order_and_files)
{
    cr_assert(read_words("-report csv -report jsonl=x.jsonl -out y.csv a"),
              "%s", err.msg);
    cr_expect_eq(settings.report.nspecs, 2);
    cr_expect_str_eq(settings.specs[0].file, "y.csv");
    cr_expect_str_eq(settings.specs[1].file, "x.jsonl");
}

Test(settings, out_beside_a_file_of_the_first_report_is_refused)
{
    cr_expect_not(read_words("-report csv=x.csv -out y.csv a"));
    cr_expect_eq(err.code, ERR_USAGE);
}

Test(settings, an_unknown_format_is_named)
{
    cr_expect_not(read_words("-report xml a"));
    cr_expect(strstr(err.msg, "xml"), "%s", err.msg);
}

Test(settings, connect_names_the_one_target)
{
    cr_assert(read_words("-connect [::1]:8443"), "%s", err.msg);
    cr_expect_eq(settings.source.nhosts, 1);
    cr_expect_str_eq(settings.source.hosts[0], "[::1]:8443");
}

Test(settings, port_is_kept_when_connect_has_none)
{
    cr_assert(read_words("-port 993 -connect mail.example.com"), "%s", err.msg);
    cr_expect_str_eq(settings.source.hosts[0], "mail.example.com:993");
}

Test(settings, connect_beside_other_targets_is_refused)
{
    cr_expect_not(read_words("-connect a:1 b"));
    cr_expect_eq(err.code, ERR_USAGE);
}

Test(settings, a_shard_is_one_of_its_number)
{
    cr_assert(read_words("-shard 2/5 a"), "%s", err.msg);
    cr_expect_eq(settings.source.shard, 2);
    cr_expect_eq(settings.source.shards, 5);
}

Test(settings, a_shard_outside_its_number_is_refused)
{
    static const char *const bad[] = { "0/5", "6/5", "5", "a/b", "1/", "/3" };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char words[64];

        snprintf(words, sizeof(words), "-shard %s a", bad[i]);
        cr_expect_not(read_words(words), "%s", bad[i]);
        if (i + 1 < sizeof(bad) / sizeof(bad[0]))
            end();
    }
}

Test(settings, fail_on_takes_names_and_nothing_else)
{
    cr_assert(read_words("-fail_on verify,change a"), "%s", err.msg);
    cr_expect_eq(settings.report.heed, FINDING_VERIFY | FINDING_CHANGE);
    end();
    cr_assert(read_words("-fail_on none a"), "%s", err.msg);
    cr_expect_eq(settings.report.heed, 0);
    end();
    cr_expect_not(read_words("-fail_on verify,weather a"));
    cr_expect(strstr(err.msg, "'weather' is not one of failed verify"), "%s",
              err.msg);
}

Test(settings, fail_on_says_something_and_none_stands_alone)
{
    static const char *const lines[] = { "-fail_on=, a", "-fail_on= a",
                                         "-fail_on failed,none a" };

    for (size_t i = 0; i < 3; i++) {
        cr_expect_not(read_words(lines[i]), "%s", lines[i]);
        cr_expect_eq(err.code, ERR_USAGE);
        end();
    }
}

Test(settings, a_dash_is_standard_output)
{
    cr_assert(read_words("-report csv=- -report jsonl=x a"), "%s", err.msg);
    cr_expect_null(settings.specs[0].file);
    end();
    cr_assert(read_words("-out - a"), "%s", err.msg);
    cr_expect_null(settings.specs[0].file);
}

/* Words that may be wrong, and whether they ask for a session. */
static const struct {
    const char *words[6];
    bool one;
} sessions[] = {
    { { "-alpn", "h2", "-deadline", "3", "a:443" }, true },
    { { "-alpn", "h2", "-workers", "3", "a:443" }, false },
    { { "-alpn", "h2", "-workers=3" }, false },
    { { "-batch", "a:443" }, false },
    { { "-batch", "-interactive", "a:443" }, true },
    { { "a:443", "b:443" }, false },
    { { "-servername", "b", "a:443" }, true },
    { { "-servername=b", "c:443", "a:443" }, false },
    { { "-chiper", "x", "a:443" }, true },
    { { "-chiper", "-brief", "a:443" }, true },
    { { "-chiper=x", "b:443", "a:443" }, false },
    { { "-connect" }, true },
};

Test(settings, one_target_without_a_batch_option_is_told_apart)
{
    for (size_t i = 0; i < sizeof(sessions) / sizeof(sessions[0]); i++) {
        char *words[6];
        size_t count = 0;

        for (; count < 6 && sessions[i].words[count]; count++)
            words[count] = (char *)(uintptr_t)sessions[i].words[count];
        cr_expect_eq(batch_is_one_target(words, count), sessions[i].one,
                     "row %zu", i);
    }
}

Test(settings, an_expectation_over_no_field_is_refused)
{
    cr_assert(read_words("-expect days_lef>=3 a"), "%s", err.msg);
    cr_expect_not(batch_check_words(&line.words, &err));
    cr_expect(strstr(err.msg, "days_left"), "%s", err.msg);
}

/* ---- the morning ---- */

Test(settings, every_format_is_named_when_none_fits)
{
    const struct report_format *f;

    cr_expect_not(read_words("-report xml a"));
    for (size_t i = 0; (f = report_format_nth(i)) != NULL; i++)
        cr_expect(strstr(err.msg, report_format_name(f)), "%s", err.msg);
}

Test(settings, only_is_for_problems_or_changes)
{
    cr_assert(read_words("a"));
    cr_expect_eq(settings.report.only, ONLY_ALL);
    end();
    cr_assert(read_words("-only problems a"), "%s", err.msg);
    cr_expect_eq(settings.report.only, ONLY_PROBLEMS);
    end();
    cr_assert(read_words("-only changed -baseline b.csv a"), "%s", err.msg);
    cr_expect_eq(settings.report.only, ONLY_CHANGED);
    end();
    cr_expect_not(read_words("-only changed a"));
    cr_expect(strstr(err.msg, "-baseline"), "%s", err.msg);
}

Test(settings, a_plug_in_has_no_report_on_standard_output)
{
    cr_assert(read_words("-nagios a"), "%s", err.msg);
    cr_expect_eq(settings.report.nspecs, 0);
    end();
    cr_assert(read_words("-nagios -out x.txt a"), "%s", err.msg);
    cr_expect_eq(settings.report.nspecs, 1);
    cr_expect_str_eq(settings.specs[0].file, "x.txt");
    end();
    cr_assert(read_words("-nagios -report csv -out x.csv a"), "%s", err.msg);
    end();
    cr_expect_not(read_words("-nagios -report jsonl=x -report csv a"));
    cr_expect(strstr(err.msg, "-report csv"), "%s", err.msg);
}

/* Words, and the days they make: -1 for a refusal. */
static const struct {
    const char *words;
    int64_t warn, crit;
} plugin_days[] = {
    { "-nagios a", 20, 15 },
    { "-nagios -warn_days 30 a", 30, 15 },
    { "-nagios -warn_days 10 a", 10, 10 },
    { "-nagios -crit_days 40 a", 40, 40 },
    { "-nagios -warn_days 9 -crit_days 3 a", 9, 3 },
    { "-nagios -warn_days 3 -crit_days 9 a", -1, -1 },
    { "-warn_days 3 a", -1, -1 },
    { "-crit_days 3 a", -1, -1 },
    { "-nagios -quiet_ok a", -1, -1 },
    { "-nagios -dry_run a", -1, -1 },
};

Test(settings, a_plug_in_warns_before_it_is_critical)
{
    for (size_t i = 0; i < sizeof(plugin_days) / sizeof(plugin_days[0]); i++) {
        const bool fine = read_words(plugin_days[i].words);

        cr_expect_eq(fine, plugin_days[i].warn >= 0, "%s",
                     plugin_days[i].words);
        cr_expect(fine || err.code == ERR_USAGE, "%s", err.msg);
        if (fine) {
            cr_expect_eq(settings.plugin.warn_days, plugin_days[i].warn);
            cr_expect_eq(settings.plugin.crit_days, plugin_days[i].crit);
            cr_expect_eq(settings.plugin.heed, settings.report.heed);
        }
        end();
        line = (struct command_line){ 0 };
        settings = (struct batch_settings){ 0 };
    }
}
