#include "base/fault.h"
#include "words.h"

#include <criterion/criterion.h>
#include <string.h>

enum { ARGS_MAX = 16 };

struct argv {
    int argc;
    char *argv[ARGS_MAX + 1];
};

/* Splits a line at single blanks; "_" stands for an empty word. */
static struct argv argv_of(const char *line, char *copy)
{
    struct argv a = { .argc = 0 };
    char *at = memcpy(copy, line, strlen(line) + 1), *word;

    while ((word = strsep(&at, " ")) && a.argc < ARGS_MAX)
        a.argv[a.argc++] = strcmp(word, "_") == 0 ? word + 1 : word;
    return a;
}

static void assert_parses(const char *line, const char *words,
                          const char *hosts)
{
    char copy[512], found[512] = "";
    struct command_line parsed;
    struct err e = { 0 };
    struct argv a = argv_of(line, copy);

    cr_assert(command_line_parse(&parsed, a.argc, a.argv, &e), "%s", e.msg);
    cr_assert_str_eq(printed(&parsed.words), words);
    for (size_t i = 0; i < parsed.nhosts; i++) {
        strncat(found, i ? " " : "", sizeof(found) - strlen(found) - 1);
        strncat(found, parsed.hosts[i], sizeof(found) - strlen(found) - 1);
    }
    cr_assert_str_eq(found, hosts);
    for (size_t i = 0; i < parsed.words.count; i++)
        cr_assert_eq(parsed.words.said[i].level, LEVEL_COMMAND);
    command_line_release(&parsed);
}

static void assert_refused(const char *line, const char *why)
{
    char copy[512];
    struct command_line parsed;
    struct err e = { 0 };
    struct argv a = argv_of(line, copy);

    cr_assert_not(command_line_parse(&parsed, a.argc, a.argv, &e));
    cr_assert_str_eq(e.msg, why);
    cr_assert_eq(e.code, ERR_USAGE);
}

Test(argv, one_dash_two_dashes_and_equals_are_the_same)
{
    assert_parses("tlsfleet -alpn h2", "-alpn h2", "");
    assert_parses("tlsfleet --alpn h2", "-alpn h2", "");
    assert_parses("tlsfleet -alpn=h2", "-alpn h2", "");
    assert_parses("tlsfleet --alpn=h2", "-alpn h2", "");
    assert_parses("tlsfleet -alpn=a=b", "-alpn a=b", "");
    assert_parses("tlsfleet -cipher=", "-cipher ''", "");
}

Test(argv, hosts_may_stand_anywhere)
{
    assert_parses("tlsfleet a:1 -alpn h2 b:2 -brief c", "-alpn h2 -brief",
                  "a:1 b:2 c");
}

Test(argv, two_dashes_end_the_options)
{
    assert_parses("tlsfleet -brief -- -alpn a", "-brief", "-alpn a");
}

Test(argv, a_value_may_look_like_an_option)
{
    assert_parses("tlsfleet -verify_depth -1 a", "-verify_depth -1", "a");
    assert_parses("tlsfleet -cipher -ALL", "-cipher -ALL", "");
    assert_parses("tlsfleet -targets - -brief", "-targets - -brief", "");
}

Test(argv, no_words_are_an_empty_set)
{
    assert_parses("tlsfleet", "", "");

    struct command_line parsed;
    struct err e = { 0 };
    char *none[] = { NULL };

    cr_assert(command_line_parse(&parsed, 0, none, &e));
    cr_assert_eq(parsed.nhosts, 0);
    command_line_release(&parsed);
}

Test(argv, order_is_kept_and_repeated_options_stay)
{
    assert_parses("tlsfleet -xcert a -xkey b -xcert c -xkey d",
                  "-xcert a -xkey b -xcert c -xkey d", "");
}

Test(argv, a_word_after_help_is_its_topic)
{
    assert_parses("tlsfleet -help network", "-help network", "");
    assert_parses("tlsfleet -h all", "-help all", "");
    assert_parses("tlsfleet -help", "-help", "");
    assert_parses("tlsfleet -help -batch", "-help -batch", "");
    assert_refused("tlsfleet -help www.example.com",
                   "-help: 'www.example.com' is not a topic; -help lists them");
    assert_parses("tlsfleet -help=dane", "-help dane", "");
}

Test(argv, a_single_dash_and_an_empty_word_are_no_options)
{
    assert_parses("tlsfleet - _", "", "- ");
}

Test(argv, what_is_wrong_gets_a_sentence)
{
    assert_refused("tlsfleet -chiper X",
                   "unknown option '-chiper' (did you mean '-cipher'?)");
    assert_refused("tlsfleet -mtu", "-mtu: a value is missing: bytes");
    assert_refused("tlsfleet -4=x", "-4: takes no value, but got 'x'");
    assert_refused("tlsfleet -mtu x",
                   "-mtu: 'x' is not a whole number in 1..65535");
    assert_refused("tlsfleet -port 0x1ffff",
                   "-port: '0x1ffff' is not a whole number in 1..65535");
    assert_refused("tlsfleet -help=nothing",
                   "-help: 'nothing' is not a topic; -help lists them");
    assert_refused("tlsfleet ---brief",
                   "unknown option '--brief' (did you mean '-brief'?)");
}

Test(argv, a_very_long_name_is_unknown)
{
    char program[] = "tlsfleet", word[5000];
    char *argv[] = { program, word };
    struct command_line parsed;
    struct err e = { 0 };

    memset(word, 'a', sizeof(word) - 1);
    word[0] = '-';
    word[sizeof(word) - 1] = '\0';
    cr_assert_not(command_line_parse(&parsed, 2, argv, &e));
    cr_assert_eq(e.code, ERR_USAGE);
}

Test(argv, parsing_without_memory_fails_cleanly)
{
    char copy[64];
    struct argv a = argv_of("tlsfleet -alpn h2 -CRL a b", copy);
    struct command_line parsed;

    for (long nth = 1; nth <= 4; nth++) {
        struct err e = { 0 };

        fault_arm(nth);
        cr_assert_not(command_line_parse(&parsed, a.argc, a.argv, &e));
        fault_arm(0);
        cr_assert_eq(e.code, ERR_NO_MEMORY);
    }
}
