#include "base/fault.h"
#include "report/holding.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Pipes in the place of standard output and standard error. */
static int out[2], err[2];
static struct holding held;
static struct err e;

static void replace(int fd, int ends[2])
{
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(dup2(ends[1], fd), fd);
    close(ends[1]);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

static void begin(void)
{
    replace(STDOUT_FILENO, out);
    replace(STDERR_FILENO, err);
    e = (struct err){ 0 };
}

TestSuite(holding, .init = begin);

/* What came out so far; "" for nothing. */
static const char *read_from(int fd)
{
    static char text[200];
    ssize_t n = read(fd, text, sizeof(text) - 1);

    text[n > 0 ? n : 0] = '\0';
    return text;
}

static void speak(void)
{
    printf("report\n");
    fprintf(stderr, "sentence\n");
}

Test(holding, what_was_kept_is_shown)
{
    cr_assert(holding_begin(&held, &e), "%s", e.msg);
    speak();
    fflush(stdout);
    cr_assert_str_eq(read_from(out[0]), "");
    cr_assert_str_eq(read_from(err[0]), "");
    cr_assert(holding_end(&held, true, &e), "%s", e.msg);
    cr_assert_str_eq(read_from(out[0]), "report\n");
    cr_assert_str_eq(read_from(err[0]), "sentence\n");
}

Test(holding, what_was_kept_is_dropped)
{
    cr_assert(holding_begin(&held, &e));
    speak();
    cr_assert(holding_end(&held, false, &e));
    cr_assert_str_eq(read_from(out[0]), "");
    cr_assert_str_eq(read_from(err[0]), "");
    speak();
    fflush(stdout);
    cr_assert_str_eq(read_from(out[0]), "report\n");
    cr_assert_str_eq(read_from(err[0]), "sentence\n");
}

Test(holding, nothing_kept_back_needs_no_end)
{
    struct holding nothing = HOLDING_NOTHING;

    speak();
    fflush(stdout);
    cr_assert(holding_end(&nothing, true, &e));
    cr_assert_str_eq(read_from(out[0]), "report\n");
}

Test(holding, more_than_a_chunk_comes_out_as_it_went_in)
{
    char line[100];

    cr_assert(holding_begin(&held, &e));
    for (int i = 0; i < 500; i++)
        printf("%098d\n", i);
    cr_assert(holding_end(&held, true, &e));
    for (int i = 0; i < 500; i++) {
        char expected[100];

        snprintf(expected, sizeof(expected), "%098d\n", i);
        cr_assert_eq(read(out[0], line, 99), 99);
        cr_assert_eq(memcmp(line, expected, 99), 0);
    }
}

Test(holding, a_reader_that_is_gone_is_an_error)
{
    cr_assert(holding_begin(&held, &e));
    speak();
    close(out[0]);
    signal(SIGPIPE, SIG_IGN);
    cr_assert_not(holding_end(&held, true, &e));
    cr_assert_eq(e.code, ERR_OUTPUT);
    cr_assert_not_null(strstr(e.msg, "standard output"));
    cr_assert_str_eq(read_from(err[0]), "sentence\n");
}

Test(holding, without_a_place_nothing_is_kept_back)
{
    long calls;

    fault_arm(0);
    cr_assert(holding_begin(&held, &e));
    calls = fault_seen();
    fault_arm(-1);
    cr_assert(holding_end(&held, false, &e));
    for (long n = 1; n <= calls; n++) {
        bool begun;

        e = (struct err){ 0 };
        fault_arm(n);
        begun = holding_begin(&held, &e);
        fault_arm(-1);
        if (begun) /* a file without a name can be had in two ways */
            cr_assert(holding_end(&held, false, &e));
        else
            cr_assert_neq(e.code, ERR_NONE);
        speak();
        fflush(stdout);
        cr_assert_str_eq(read_from(out[0]), "report\n");
        cr_assert_str_eq(read_from(err[0]), "sentence\n");
    }
}
