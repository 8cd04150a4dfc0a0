#include "base/fault.h"
#include "base/mem.h"
#include "words.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void assert_line(const char *line, const char *host, const char *words)
{
    struct option_set set = { 0 };
    struct err e = { 0 };
    char *target;

    cr_assert(options_parse_line(line, &target, &set, NULL, &e), "%s", e.msg);
    if (host)
        cr_assert_str_eq(target, host);
    else
        cr_assert_null(target);
    cr_assert_str_eq(printed(&set), words);
    mem_free(target);
    options_release(&set);
}

static void assert_refused(const char *line, const char *why)
{
    struct option_set set = { 0 };
    struct err e = { 0 };
    char *target;

    cr_assert_not(options_parse_line(line, &target, &set, NULL, &e));
    cr_assert_str_eq(e.msg, why);
    cr_assert_null(target);
    options_release(&set);
}

Test(line, the_target_comes_with_its_options)
{
    assert_line("mail.example.com:25 -starttls smtp", "mail.example.com:25",
                "-starttls smtp");
    assert_line("  a\t-brief \r\n", "a", "-brief");
    assert_line("-alpn h2 a", "a", "-alpn h2");
}

Test(line, a_line_without_words_has_no_target)
{
    assert_line("", NULL, "");
    assert_line(" \t\r\n", NULL, "");
    assert_line("# comment 'with a quote", NULL, "");
}

Test(line, a_comment_begins_only_at_a_word)
{
    assert_line("a -alpn h2 # and more", "a", "-alpn h2");
    assert_line("a#b -alpn h2#c", "a#b", "-alpn 'h2#c'");
    assert_line("a -cipher '#x'", "a", "-cipher '#x'");
}

Test(line, quotes_are_those_of_a_shell)
{
    assert_line("a -cipher 'x y'", "a", "-cipher 'x y'");
    assert_line("a -cipher \"x y\"", "a", "-cipher 'x y'");
    assert_line("a -cipher x\\ y", "a", "-cipher 'x y'");
    assert_line("a -cipher x' 'y\" \"z", "a", "-cipher 'x y z'");
    assert_line("a -cipher ''", "a", "-cipher ''");
    assert_line("a -cipher \"\"", "a", "-cipher ''");
    assert_line("a -cipher \"a\\\"b\\\\c\\$d\\`e\"", "a",
                "-cipher 'a\"b\\c$d`e'");
    assert_line("a -cipher \"a\\nb\"", "a", "-cipher 'a\\nb'");
    assert_line("a -cipher 'a\\'", "a", "-cipher 'a\\'");
    assert_line("a -cipher it\\'s", "a", "-cipher 'it'\"'\"'s'");
    assert_line("a -cipher 'it'\"'\"'s'", "a", "-cipher 'it'\"'\"'s'");
}

Test(line, nothing_is_expanded)
{
    assert_line("a -cipher $HOME", "a", "-cipher '$HOME'");
    assert_line("a -cipher `id`", "a", "-cipher '`id`'");
    assert_line("a -cipher ~/*.pem", "a", "-cipher '~/*.pem'");
    assert_line("a -cipher \"$(id)\"", "a", "-cipher '$(id)'");
}

Test(line, what_has_no_end_is_refused_with_its_column)
{
    assert_refused("a 'b", "the quote in column 3 is not closed");
    assert_refused("a \"b", "the quote in column 3 is not closed");
    assert_refused("a b\\", "the backslash in column 4 has nothing after it");
    assert_refused("a \"b\\", "the quote in column 3 is not closed");
    assert_refused("a \"b\\\"", "the quote in column 3 is not closed");
}

Test(line, a_line_has_one_target)
{
    assert_refused("a b", "'b' is a second target; write one a line");
    assert_refused("- a",
                   "'- a' is YAML: write 'targets:' in the first line of "
                   "the list, or the target alone");
    assert_refused("-brief", "a line of options without a target");
}

Test(line, a_wrong_option_is_refused_as_on_the_command_line)
{
    assert_refused("a -chiper x",
                   "unknown option '-chiper' (did you mean '-cipher'?)");
    assert_refused("a -alpn", "-alpn: a value is missing: list");
    assert_refused("a -workers 5",
                   "-workers: belongs on the command line: it is for the whole "
                   "run, not for a target");
}

Test(line, words_are_of_the_target_and_paths_of_the_list)
{
    struct option_set set = { 0 };
    struct err e = { 0 };
    char *target;

    cr_assert(
        options_parse_line("a -CAfile ca.pem", &target, &set, "lists", &e));
    cr_assert_eq(set.said[0].level, LEVEL_TARGET);
    cr_assert_str_eq(set.said[0].text, "lists/ca.pem");
    mem_free(target);
    options_release(&set);
}

Test(line, what_is_printed_reads_back_as_the_same)
{
    static const char alphabet[] = "ab'\"\\ \t#$-=~*;&|<>()\x01\x7f\xc3\xa9";
    unsigned seed = 7;

    for (int round = 0; round < 2000; round++) {
        struct option_set set = { 0 };
        char value[20], line[256] = "host ";
        size_t len = (size_t)rand_r(&seed) % (sizeof(value) - 1);

        for (size_t i = 0; i < len; i++)
            value[i] = alphabet[(size_t)rand_r(&seed) % (sizeof(alphabet) - 1)];
        value[len] = '\0';
        say(&set, LEVEL_TARGET, "cipher", value);
        strncat(line, printed(&set), sizeof(line) - strlen(line) - 1);
        options_release(&set);

        char *target;
        struct err e = { 0 };

        cr_assert(options_parse_line(line, &target, &set, NULL, &e), "%s: %s",
                  line, e.msg);
        cr_assert_str_eq(options_text(&set, OPT_cipher, NULL), value);
        mem_free(target);
        options_release(&set);
    }
}

/* Any line either parses or is refused with a reason; the sanitizers watch the
 * bounds. */
Test(line, lines_of_odd_quotes_do_no_harm)
{
    static const char alphabet[] = "'\"\\ #a-=\t\n\r\xff";
    unsigned seed = 42;

    for (int round = 0; round < 20000; round++) {
        struct option_set set = { 0 };
        struct err e = { 0 };
        char *target;
        size_t len = (size_t)rand_r(&seed) % 24;
        /* Exactly as long as it is, so that reading further is seen. */
        char *line = mem_new(len + 1, 1);

        cr_assert_not_null(line);
        for (size_t i = 0; i < len; i++)
            line[i] = alphabet[(size_t)rand_r(&seed) % (sizeof(alphabet) - 1)];
        if (options_parse_line(line, &target, &set, NULL, &e))
            cr_assert_eq(e.code, ERR_NONE);
        else
            cr_assert(e.code == ERR_USAGE && e.msg[0]);
        mem_free(target);
        mem_free(line);
        options_release(&set);
    }
}

Test(line, reading_without_memory_fails_cleanly)
{
    for (long nth = 1; nth <= 5; nth++) {
        struct option_set set = { 0 };
        struct err e = { 0 };
        char *target;

        fault_arm(nth);
        cr_assert_not(
            options_parse_line("a -alpn h2", &target, &set, NULL, &e));
        fault_arm(0);
        cr_assert_eq(e.code, ERR_NO_MEMORY);
        cr_assert_null(target);
        options_release(&set);
    }
}
