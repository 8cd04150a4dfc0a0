#include "../../../src/interactive/interactive_room.h"

#include "base/fault.h"

#include <criterion/criterion.h>

#include <string.h>
#include <unistd.h>

static struct option_set words;
static struct input in;
static struct err err;
static int writer; /* to standard input */

static void say(const char *name)
{
    const struct option_word word = { .name = name, .level = LEVEL_COMMAND };

    cr_assert(options_say(&words, &word, &err), "%s", err.msg);
}

static void begin(void)
{
    cr_assert(input_init(&in, &words, &err), "%s", err.msg);
}

static void set_up(void)
{
    int pair[2];

    words = (struct option_set){ 0 };
    err = (struct err){ 0 };
    cr_assert_eq(pipe(pair), 0);
    cr_assert_eq(dup2(pair[0], STDIN_FILENO), STDIN_FILENO);
    close(pair[0]);
    writer = pair[1];
}

static void tear_down(void)
{
    input_release(&in);
    options_release(&words);
}

TestSuite(input, .init = set_up, .fini = tear_down);

static enum input_event read_text(const char *text)
{
    const size_t len = strlen(text);

    cr_assert_eq(write(writer, text, len), (ssize_t)len);
    in.len = 0;
    return input_read(&in);
}

static void expect_data(const char *text)
{
    cr_expect_eq(in.len, strlen(text));
    cr_expect_arr_eq(in.data + in.start, text, in.len);
}

Test(input, data_is_kept_to_be_sent)
{
    begin();
    cr_expect_eq(read_text("hello\nQ\n"), INPUT_NOTHING);
    expect_data("hello\nQ\n");
    cr_expect(in.some);
}

Test(input, letters_that_begin_a_line_are_commands_and_take_the_rest_along)
{
    begin();
    cr_expect_eq(read_text("Quit\nmore\n"), INPUT_QUIT);
    cr_expect_eq(in.len, 0);
    cr_expect_eq(read_text("R"), INPUT_RENEGOTIATE);
    cr_expect_eq(read_text("k\n"), INPUT_KEYS);
    cr_expect_eq(read_text("K\n"), INPUT_KEYS_BOTH);
    cr_expect_not(in.some);
}

Test(input, a_letter_within_a_line_is_data)
{
    begin();
    cr_expect_eq(read_text("begin of a line "), INPUT_NOTHING);
    cr_expect_eq(read_text("Q and its end\n"), INPUT_NOTHING);
    expect_data("Q and its end\n");
    cr_expect_eq(read_text("Q\n"), INPUT_QUIT);
}

Test(input, a_letter_within_more_than_is_read_at_a_time_is_data)
{
    static char much[PIECE + 2];

    begin();
    memset(much, 'x', PIECE);
    much[PIECE - 1] = '\n';
    much[PIECE] = 'Q';
    cr_expect_eq(read_text(much), INPUT_NOTHING);
    cr_expect_eq(in.len, PIECE);
    in.len = 0;
    cr_expect_eq(input_read(&in), INPUT_NOTHING);
    expect_data("Q");
}

Test(input, letters_are_data_without_commands)
{
    static const char *const without[] = { "nocommands", "ign_eof", "quiet" };

    for (size_t i = 0; i < 3; i++) {
        say(without[i]);
        begin();
        cr_expect_eq(read_text("Q\n"), INPUT_NOTHING, "%s", without[i]);
        expect_data("Q\n");
        input_release(&in);
        options_release(&words);
    }
    begin();
}

Test(input, the_last_word_about_the_end_counts)
{
    say("quiet");
    say("no_ign_eof");
    begin();
    cr_expect_eq(read_text("Q\n"), INPUT_QUIT);
    close(writer);
    cr_expect_eq(input_read(&in), INPUT_END);
    cr_expect(in.ended);
}

Test(input, an_end_that_is_ignored_ends_the_reading)
{
    say("ign_eof");
    begin();
    close(writer);
    cr_expect_eq(input_read(&in), INPUT_NOTHING);
    cr_expect(in.ended);
    cr_expect_eq(in.len, 0);
}

Test(input, an_input_that_cannot_be_read_has_ended)
{
    begin();
    close(STDIN_FILENO);
    cr_expect_eq(input_read(&in), INPUT_END);
}

Test(input, line_ends_become_those_of_the_network)
{
    static char much[PIECE];
    size_t returns = 0;

    say("crlf");
    begin();
    cr_expect_eq(read_text("\na\n\nb"), INPUT_NOTHING);
    expect_data("\r\na\r\n\r\nb");
    memset(much, '\n', PIECE - 1);
    cr_expect_eq(read_text(much), INPUT_NOTHING);
    cr_expect_eq(in.len, PIECE); /* of half as many that were read */
    for (size_t i = 0; i < in.len; i++)
        returns += in.data[i] == '\r';
    cr_expect_eq(returns, PIECE / 2);
}

Test(input, refused_memory_is_told)
{
    fault_arm(1);
    cr_expect_not(input_init(&in, &words, &err));
    fault_arm(0);
    cr_expect_eq(err.code, ERR_NO_MEMORY);
}

Test(input, c_is_a_command_of_newer_versions)
{
    begin();
    in.newer = false;
    cr_expect_eq(read_text("C\n"), INPUT_NOTHING);
    in.newer = true;
    cr_expect_eq(read_text("C\n"), INPUT_RECONNECT);
}

/* ---- commands in braces ---- */

/* What is typed, and what comes of it step by step. */
static const struct {
    const char *typed;
    struct {
        enum input_event event;
        const char *data; /* of INPUT_NOTHING; else the word; NULL: the end */
    } steps[5];
} braces[] = {
    { "plain\n", { { INPUT_NOTHING, "plain\n" } } },
    { "Q\nR\n", { { INPUT_NOTHING, "Q\nR\n" } } },
    { "{quit}", { { INPUT_QUIT, "quit" } } },
    { "{QUIT}\nx", { { INPUT_QUIT, "QUIT" }, { INPUT_NOTHING, "x" } } },
    { "a{keyup}b",
      { { INPUT_NOTHING, "a" },
        { INPUT_KEYS_BOTH, "keyup" },
        { INPUT_NOTHING, "b" } } },
    { "a\n{keyup:noreq}\nb\n",
      { { INPUT_NOTHING, "a\n" },
        { INPUT_KEYS, "keyup:noreq" },
        { INPUT_NOTHING, "b\n" } } },
    { "{keyup:req}{reneg}{reconnect}{help}",
      { { INPUT_KEYS_BOTH, "keyup:req" },
        { INPUT_RENEGOTIATE, "reneg" },
        { INPUT_RECONNECT, "reconnect" },
        { INPUT_HELP, "help" } } },
    { "x{quit}\n",
      { { INPUT_NOTHING, "x" },
        { INPUT_QUIT, "quit" },
        { INPUT_NOTHING, "\n" } } },
    { "{{quit}", { { INPUT_NOTHING, "{quit}" } } },
    { "{quit", { { INPUT_NOTHING, "{quit" } } },
    { "{", { { INPUT_NOTHING, "{" } } },
    { "{}", { { INPUT_UNKNOWN, "" } } },
    { "{keyupp}", { { INPUT_UNKNOWN, "keyupp" } } },
    { "{keyup:x}", { { INPUT_BAD_ARGUMENT, "keyup:x" } } },
    { "{quit:}", { { INPUT_BAD_ARGUMENT, "quit:" } } },
    { "{a command with a name that has no end in sight}",
      { { INPUT_UNKNOWN, "a command with a name that has " } } },
};

Test(input, commands_stand_in_braces)
{
    say("adv");
    begin();
    for (size_t i = 0; i < sizeof(braces) / sizeof(braces[0]); i++) {
        enum input_event event = read_text(braces[i].typed);
        size_t n = 0;

        for (; n < 5 && braces[i].steps[n].data; n++) {
            cr_expect_eq(event, braces[i].steps[n].event, "row %zu.%zu", i, n);
            if (event == INPUT_NOTHING)
                expect_data(braces[i].steps[n].data);
            else
                cr_expect_str_eq(in.word, braces[i].steps[n].data);
            event = input_has_more(&in) ? input_read(&in) : INPUT_NOTHING;
        }
        cr_expect_not(input_has_more(&in), "row %zu", i);
    }
}

Test(input, line_ends_are_those_of_the_network_beside_braces_too)
{
    say("adv");
    say("crlf");
    begin();
    cr_expect_eq(read_text("\na\n{help}\n\nb"), INPUT_NOTHING);
    expect_data("\r\na\r\n");
    cr_expect_eq(input_read(&in), INPUT_HELP);
    cr_expect_eq(input_read(&in), INPUT_NOTHING);
    expect_data("\r\nb");
}
