#include "../../../src/probe/probe_room.h"

#include <criterion/criterion.h>

#include <string.h>

static struct record *r;
static struct option_set words;

static void set_up(void)
{
    r = record_new();
}

static void tear_down(void)
{
    record_free(r);
    options_release(&words);
}

TestSuite(outname, .init = set_up, .fini = tear_down);

static void expect_name(const char *pattern, const char *name)
{
    struct buf out;

    buf_init(&out, OUTNAME_MAX);
    outname_expand(&out, pattern, r);
    cr_expect_str_eq(buf_string(&out), name);
    buf_release(&out);
}

Test(outname, fields_of_the_record_stand_in_for_their_names)
{
    record_number(r, REC_index, 7);
    record_text(r, REC_host, "www.example.com");
    record_number(r, REC_port, 443);
    record_text(r, REC_address, "2001:db8::1");
    record_text(r, REC_profile, "modern");
    expect_name("d/{index}-{host}-{port}", "d/7-www.example.com-443");
    expect_name("{address}{profile}{index}", "2001:db8::1modern7");
    expect_name("{{index}}", "{7}");
}

Test(outname, what_is_not_known_is_none)
{
    expect_name("{index}.{host}.{port}.{address}.{profile}",
                "none.none.none.none.none");
    record_state(r, REC_profile, VALUE_NONE);
    expect_name("{profile}", "none");
}

Test(outname, other_braces_stay)
{
    expect_name("{}{Index}{indexx}{", "{}{Index}{indexx}{");
}

Test(outname, a_value_is_one_part_of_a_path)
{
    record_text(r, REC_profile, "../../etc/passwd");
    expect_name("d/{profile}", "d/_._.._etc_passwd");
    record_text(r, REC_profile, "..");
    expect_name("d/{profile}/x", "d/_./x");
    record_text(r, REC_profile, ".ssh");
    expect_name("{profile}", "_ssh");
    record_text(r, REC_profile, "a b\n\x1b[1m\xc3\xa9");
    expect_name("{profile}", "a_b___1m__");
}

/* ---- before anything is connected ---- */

static void say(const char *file, enum option_level level)
{
    struct err e = { 0 };
    const struct option_word word = { .name = "msgfile",
                                      .value = file,
                                      .level = level };

    options_release(&words);
    cr_assert(options_say(&words, &word, &e), "%s", e.msg);
}

static void expect_refusal(bool many, enum err_code code, const char *sentence)
{
    struct err e = { 0 };

    cr_expect(!probe_check_files(&words, many, &e));
    cr_expect_eq(e.code, code);
    cr_expect(strstr(e.msg, sentence), "\"%s\" lacks \"%s\"", e.msg, sentence);
}

static void expect_fine(bool many)
{
    struct err e = { 0 };

    cr_expect(probe_check_files(&words, many, &e), "%s", e.msg);
}

Test(outname, many_targets_need_an_index_in_the_name)
{
    for (enum option_level at = LEVEL_DEFAULTS; at < LEVEL_TARGET; at++) {
        say("messages-{host}", at);
        expect_refusal(true, ERR_USAGE,
                       "option '-msgfile': many targets would write to "
                       "'messages-{host}'; give each its own file, with "
                       "{index} in the name");
        expect_fine(false);
        say("messages-{index}", at);
        expect_fine(true);
    }
}

Test(outname, a_target_may_have_a_name_of_its_own)
{
    say("/none/messages", LEVEL_TARGET);
    expect_fine(true);
}

Test(outname, a_name_that_does_not_stand_for_anything_is_told)
{
    say("{index}-{hots}", LEVEL_COMMAND);
    expect_refusal(true, ERR_USAGE, "there is no '{hots}'");
    say("{index}-{}-{A}-{", LEVEL_COMMAND);
    expect_fine(true);
}

Test(outname, the_folder_must_be_there)
{
    say("/none/{index}", LEVEL_DEFAULTS);
    expect_refusal(true, ERR_FILE,
                   "option '-msgfile': cannot write into '/none/': No such "
                   "file or directory");
    say("/none/x", LEVEL_COMMAND);
    expect_refusal(false, ERR_FILE, "cannot write into '/none/'");
    say("/tmp/{index}/x", LEVEL_COMMAND);
    expect_fine(true);
}

Test(outname, files_that_all_may_share_are_not_looked_at)
{
    struct err e = { 0 };
    const struct option_word word = { .name = "keylogfile",
                                      .value = "/none/keys",
                                      .level = LEVEL_COMMAND };

    cr_assert(options_say(&words, &word, &e), "%s", e.msg);
    expect_fine(true);
}
