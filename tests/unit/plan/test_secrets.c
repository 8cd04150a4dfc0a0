#include "../../../src/plan/plan_room.h"
#include "pki.h"
#include "say.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct plan_cache *cache;

static void begin(void)
{
    cache = new_cache();
}

static void end(void)
{
    plan_cache_free(cache);
}

TestSuite(secrets, .init = begin, .fini = end);

/* Reads a source as -pass would; the caller gives it back. */
static struct cached *secret(const char *source, struct err *e)
{
    struct option_set set = { 0 };
    struct option_said said = { .id = OPT_pass,
                                .text = (char *)(uintptr_t)source };
    struct cached *out = NULL;
    bool got;

    set.said = &said;
    set.count = 1;
    got = secret_said(cache, &set, OPT_pass, &out, e);
    cr_assert(got == (out != NULL));
    return out;
}

static void expect(const char *source, const char *text)
{
    struct err e = { 0 };
    struct cached *s = secret(source, &e);

    cr_assert_not_null(s, "%s", e.msg);
    cr_assert_str_eq(secret_text(s), text);
    cached_put(s);
}

static void refuse(const char *source, const char *part)
{
    struct err e = { 0 };

    cr_assert_null(secret(source, &e));
    cr_assert_eq(e.code, ERR_SECRET);
    cr_assert(strstr(e.msg, "-pass") && strstr(e.msg, part), "%s", e.msg);
}

Test(secrets, a_secret_may_be_in_the_words_the_environment_or_a_file)
{
    struct pki pki;
    char source[160];

    pki_new(&pki);
    setenv("UNIT_SECRET", "from env", 1);
    snprintf(source, sizeof(source), "file:%s", pki_file(&pki, "pass.txt"));
    expect("pass:a:b", "a:b");
    expect("pass:", "");
    expect("env:UNIT_SECRET", "from env");
    expect(source, PKI_PASS);
    pki_free(&pki);
}

Test(secrets, a_pipe_is_read_up_to_the_end_of_its_first_line_once)
{
    static const char text[] = "one\ntwo\n";
    char source[16], rest[8] = "";
    int fds[2];

    cr_assert(pipe(fds) == 0);
    cr_assert(write(fds[1], text, sizeof(text) - 1)
              == (ssize_t)sizeof(text) - 1);
    snprintf(source, sizeof(source), "fd:%d", fds[0]);
    expect(source, "one");
    expect(source, "one");
    cr_assert(read(fds[0], rest, sizeof(rest)) == 4);
    cr_assert_str_eq(rest, "two\n");
}

Test(secrets, standard_input_outlives_many_other_secrets)
{
    int fds[2];
    char source[32];

    cr_assert(pipe(fds) == 0 && write(fds[1], "in\n", 3) == 3);
    cr_assert(dup2(fds[0], STDIN_FILENO) == STDIN_FILENO);
    close(fds[1]);
    expect("stdin", "in");
    for (int i = 0; i < 1000; i++) {
        snprintf(source, sizeof(source), "pass:%d", i);
        expect(source, source + 5);
    }
    expect("stdin", "in");
    cr_assert_lt(cache_count(cache->secrets), 300);
}

Test(secrets, what_cannot_be_read_is_named)
{
    unsetenv("UNIT_SECRET");
    refuse("env:UNIT_SECRET", "UNIT_SECRET");
    refuse("file:/nonexistent", "/nonexistent");
    refuse("fd:77777", "77777");
    refuse("fd:x", "'x'");
    refuse("secret", "env:");
    refuse("stdin2", "stdin");
}

Test(secrets, a_secret_that_is_too_long_is_refused_not_cut)
{
    char source[1100] = "pass:";

    memset(source + 5, 'x', 1024);
    source[5 + 1024] = '\0';
    refuse(source, "longer than");
    source[5 + 1023] = '\0';
    expect(source, source + 5);
}
