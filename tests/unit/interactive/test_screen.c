#include "../../../src/interactive/interactive_room.h"

#include <criterion/criterion.h>

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct screen screen;
static struct waiter waiter;
static struct err err;
static int out, errors; /* what is written to the standard streams */
static char folder[] = "/tmp/test_screen.XXXXXX";

static int stand_in(int stream)
{
    int pair[2];

    cr_assert_eq(pipe(pair), 0);
    cr_assert_eq(fcntl(pair[0], F_SETFL, O_NONBLOCK), 0);
    cr_assert_eq(dup2(pair[1], stream), stream);
    close(pair[1]);
    return pair[0];
}

static void set_up(void)
{
    waiter_thread_init(&waiter);
    err = (struct err){ 0 };
    out = stand_in(STDOUT_FILENO);
    errors = stand_in(STDERR_FILENO);
    cr_assert_not_null(mkdtemp(folder));
}

static void tear_down(void)
{
    screen_release(&screen);
    close(out);
    close(errors);
    rmdir(folder);
}

TestSuite(screen, .init = set_up, .fini = tear_down);

static void begin(struct screen_ask ask)
{
    ask.waiter = &waiter;
    cr_assert(screen_init(&screen, &ask, &err), "%s", err.msg);
}

/* What has been written to a stream since. */
static const char *written(int stream)
{
    static char text[64 * 1024];
    ssize_t n = read(stream, text, sizeof(text) - 1);

    text[n > 0 ? n : 0] = '\0';
    return text;
}

static void tell_all(void)
{
    const struct conn_lines lines = screen_lines(&screen);

    buf_text(lines.err, "verify\n");
    if (lines.out)
        buf_text(lines.out, "dump\n");
    buf_text(lines.msg ? lines.msg : lines.out, "message\n");
    lines.flush(lines.arg);
}

static void give(const char *bytes, size_t len)
{
    memcpy(screen_room(&screen), bytes, len);
    cr_assert(screen_data(&screen, len));
}

Test(screen, lines_go_to_their_streams_in_order)
{
    begin((struct screen_ask){ .messages = true });
    tell_all();
    cr_expect_str_eq(written(out), "dump\nmessage\n");
    cr_expect_str_eq(written(errors), "verify\n");
    tell_all();
    cr_expect_str_eq(written(out), "dump\nmessage\n");
}

Test(screen, silence_leaves_messages_alone)
{
    begin((struct screen_ask){ .silent = true, .messages = true });
    tell_all();
    cr_expect_str_eq(written(out), "message\n");
    cr_expect_str_eq(written(errors), "verify\n");
}

Test(screen, silence_without_messages_is_silence)
{
    begin((struct screen_ask){ .silent = true });
    tell_all();
    cr_expect_str_eq(written(out), "");
}

Test(screen, messages_have_a_file_of_their_own)
{
    char name[64];
    int fd;

    snprintf(name, sizeof(name), "%s/messages", folder);
    begin((struct screen_ask){ .msg_file = name, .messages = true });
    tell_all();
    cr_expect_str_eq(written(out), "dump\n");
    fd = open(name, O_RDONLY);
    cr_expect_str_eq(written(fd), "message\n");
    close(fd);
    unlink(name);
}

Test(screen, a_file_that_cannot_be_made_is_told)
{
    const struct screen_ask ask = { .waiter = &waiter,
                                    .msg_file = "/nowhere/messages" };

    cr_expect_not(screen_init(&screen, &ask, &err));
    cr_expect_eq(err.code, ERR_FILE);
    cr_expect(strstr(err.msg, "/nowhere/messages"));
}

Test(screen, data_goes_out_as_it_came)
{
    begin((struct screen_ask){ 0 });
    give("a\033[31m\0\xff\\", 9);
    cr_expect(screen_waits(&screen)); /* a pipe may be full */
    cr_assert(screen_push(&screen));
    cr_expect_not(screen_waits(&screen));
    cr_expect_arr_eq(written(out), "a\033[31m\0\xff\\", 9);
}

Test(screen, a_pipe_gets_as_much_as_it_surely_takes)
{
    begin((struct screen_ask){ 0 });
    memset(screen_room(&screen), 'x', PIECE);
    cr_assert(screen_data(&screen, PIECE));
    cr_assert(screen_push(&screen));
    cr_expect_eq(strlen(written(out)), PIPE_BUF);
    cr_assert(screen_push_all(&screen));
    cr_expect_eq(strlen(written(out)), PIECE - PIPE_BUF);
    cr_expect_not(screen_waits(&screen));
}

Test(screen, a_device_without_a_mind_takes_all)
{
    int null = open("/dev/null", O_WRONLY);

    cr_assert_eq(dup2(null, STDOUT_FILENO), STDOUT_FILENO);
    begin((struct screen_ask){ 0 });
    give("much", 4);
    cr_expect_not(screen_waits(&screen));
    close(null);
}

Test(screen, a_reader_that_has_gone_is_noticed)
{
    signal(SIGPIPE, SIG_IGN);
    begin((struct screen_ask){ 0 });
    close(out);
    give("x", 1);
    cr_expect_not(screen_push(&screen));
}

/* What comes in pieces, and what a terminal is shown. */
static const struct {
    const char *pieces[3];
    const char *shown;
} safe[] = {
    { { "plain\tand\n" }, "plain\tand\n" },
    { { "a\033[31mb\x07\x7f" }, "a\\x1B[31mb\\x07\\x7F" },
    { { "back\\slash" }, "back\\\\slash" },
    { { "line\r\nline\r", "\nend" }, "line\nline\nend" },
    { { "half\r", "way\r" }, "half\\x0Dway\\x0D" },
    { { "lone\rreturn" }, "lone\\x0Dreturn" },
    { { "caf\xc3\xa9" }, "caf\xc3\xa9" },
    { { "caf\xc3", "\xa9!" }, "caf\xc3\xa9!" },
    { { "\xe2", "\x82", "\xac" }, "\xe2\x82\xac" },
    { { "\xf0\x9f\x98", "\x80" }, "\xf0\x9f\x98\x80" },
    { { "\xc3(" }, "\\xC3(" },
    { { "\x80\x80\x80\x80" }, "\\x80\\x80\\x80\\x80" },
    { { "x\xc3", "y" }, "x\\xC3y" },
    { { "cut\xe2\x82" }, "cut\\xE2\\x82" },
};

Test(screen, a_terminal_is_shown_nothing_that_commands_it)
{
    begin((struct screen_ask){ 0 });
    screen.safe = true;
    for (size_t i = 0; i < sizeof(safe) / sizeof(safe[0]); i++) {
        for (size_t n = 0; n < 3 && safe[i].pieces[n]; n++)
            give(safe[i].pieces[n], strlen(safe[i].pieces[n]));
        screen_finish(&screen);
        cr_expect_str_eq(written(out), safe[i].shown, "row %zu", i);
    }
}
