#include "run.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

/* What a plain list of these lines gives. */
static void expect_lines(const char *text, const char *wanted)
{
    struct run r;

    cr_expect_str_eq(
        run_one(&r, "list", text), wanted, "%s",
        r.fed.len > 0 ? buf_string(&r.fed) : buf_string(&r.complaints));
    run_release(&r);
}

Test(plain, a_line_is_a_target_and_its_options)
{
    expect_lines("a.example.com\n"
                 "b.example.com:8443 -servername c.example.com -alpn 'h2'\n",
                 "1 a.example.com:443\n"
                 "2 b.example.com:8443 -servername c.example.com -alpn h2\n");
}

Test(plain, options_may_stand_before_the_target)
{
    expect_lines("-alpn h2 a.example.com\n", "1 a.example.com:443 -alpn h2\n");
}

Test(plain, blank_lines_and_comments_are_no_targets)
{
    expect_lines("# a list\n\n  \t\n  # indented\na # -alpn h2\nb#c -alpn h2\n",
                 "1 a:443\n2 invalid(b#c) -alpn h2\n");
}

Test(plain, line_ends_of_any_system_and_a_missing_last_one_are_fine)
{
    expect_lines("a\r\nb -alpn h2\r\n\r\nc", "1 a:443\n2 b:443 -alpn h2\n"
                                             "3 c:443\n");
}

Test(plain, a_line_of_stray_carriage_returns_is_blank)
{
    expect_lines("a\n\r\r\r\nb\n\r", "1 a:443\n2 b:443\n");
}

Test(plain, a_byte_order_mark_is_not_part_of_the_first_target)
{
    expect_lines("\xef\xbb\xbf"
                 "a\n",
                 "1 a:443\n");
}

Test(plain, utf16_is_told_as_such)
{
    struct run r;

    run_init(&r);
    run_bytes(&r, "list",
              "\xff\xfe"
              "a\0\n\0",
              6);
    cr_expect_str_eq(run_all(&r),
                     "list: the list is UTF-16: save it as UTF-8\n");
    run_release(&r);
}

Test(plain, a_host_called_targets_does_not_make_it_yaml)
{
    expect_lines("targets:443\n", "1 targets:443\n");
}

Test(plain, a_bad_address_is_a_target_that_says_so)
{
    struct run r;
    struct target *t;

    run_init(&r);
    run_list(&r, "list", "a:99999 -alpn h2\nb\n");
    cr_assert(run_open(&r));
    cr_expect_eq(targets_count(r.stream), 2);
    t = targets_next(r.stream, &r.e);
    cr_assert(t);
    cr_expect_eq(t->invalid.code, ERR_ADDRESS);
    cr_expect_eq(t->invalid.stage, STAGE_INPUT);
    cr_expect_str_eq(t->text, "a:99999");
    cr_expect_str_eq(t->place, "list:1");
    cr_expect(!t->host && !t->port && !t->address);
    cr_expect(options_has(&t->words, OPT_alpn));
    target_free(t);
    run_release(&r);
}

Test(plain, a_bad_address_is_an_error_when_bad_lines_are_fatal)
{
    struct run r;

    run_init(&r);
    run_list(&r, "list", "a\n  a:99999\nb\n");
    r.source.bad_lines_fatal = true;
    cr_expect_str_eq(run_all(&r),
                     "list:2:3: 'a:99999': a port is a number from 1 to 65535 "
                     "or the name of a service\n");
    run_release(&r);
}

struct wrong {
    const char *line, *complaint;
};

static const struct wrong wrongs[] = {
    { "a -chiper x",
      "list:1:3: unknown option '-chiper' (did you mean '-cipher'?)\n" },
    { "a -alpn h2  -verify_depth zero -alpn x", "list:1:27: " },
    { "\xc3\xbc -verify_depth zero", "list:1:17: " },
    { "a -alpn", "list:1:3: " },
    { "  a b", "list:1:5: 'b' is a second target" },
    { "-alpn h2", "list:1:7: a line of options without a target" },
    { "a -alpn 'h2 x", "list:1:9: " },
    { "a -workers 3", "list:1:3: -workers: belongs on the command line" },
    { "a -crlf", "list:1:3: '-crlf' is for an interactive session" },
    { "a -connect b:1", "list:1:12: '-connect' names an address" },
    { "a -unix /run/x", "list:1:9: '-unix' names an address" },
    { "a -ssl3", "list:1:3: " },
    { "a -4 -6", "list:1:1: -4 and -6 exclude each other" },
    { "unix:/run/a -bind b", "list:1:1: -unix and -bind exclude each other" },
};

Test(plain, every_mistake_is_told_with_its_column)
{
    for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
        struct run r;
        const char *got = run_one(&r, "list", wrongs[i].line);
        size_t len = strlen(wrongs[i].complaint);

        cr_expect(strncmp(got, wrongs[i].complaint, len) == 0, "%s: %s",
                  wrongs[i].line, got);
        run_release(&r);
    }
}

Test(plain, a_line_that_is_too_long_is_told_and_read_over)
{
    const size_t len = 200 * 1000;
    char *text = calloc(len + 1, 1);
    struct run r;

    cr_assert(text);
    memset(text, 'a', len);
    memcpy(text + len - 10, "\nb -zzz c\n", 10);
    cr_expect_str_eq(run_one(&r, "list", text),
                     "list:1:1: the line is longer than 16384 bytes\n"
                     "list:2:3: unknown option '-zzz'\n");
    run_release(&r);
    free(text);
}

Test(plain, a_nul_byte_hides_nothing)
{
    struct run r;

    run_init(&r);
    run_bytes(&r, "list", "a\0-zzz\n", 7);
    cr_expect_str_eq(run_all(&r), "list:1:1: the line holds a NUL byte\n");
    run_release(&r);
}

Test(plain, a_port_option_is_the_default_of_its_target)
{
    expect_lines("a -port 8443\nb:1 -port 8443\n",
                 "1 a:8443 -port 8443\n2 b:1 -port 8443\n");
}
