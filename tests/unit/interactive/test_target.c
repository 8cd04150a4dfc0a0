#include "../../../src/interactive/interactive_room.h"

#include "base/mem.h"

#include <criterion/criterion.h>

#include <string.h>

enum { WORDS_MAX = 7 };

static const struct row {
    const char *words[WORDS_MAX];
    const char *host, *port, *address, *path;
    const char *servername, *starttls; /* that are among the words then */
} rows[] = {
    { { "-brief" }, "localhost", "4433", NULL, NULL, "localhost", NULL },
    { { "-noservername" }, "localhost", "4433", NULL, NULL, NULL, NULL },
    { { "-servername", "x" }, "localhost", "4433", NULL, NULL, "x", NULL },
    { { "a.example" }, "a.example", "4433", NULL, NULL, NULL, NULL },
    { { "a.example:1" }, "a.example", "1", NULL, NULL, NULL, NULL },
    { { "a.example", "-port", "5" }, "a.example", "5", NULL, NULL, NULL, NULL },
    { { "x@192.0.2.1:5" }, "x", "5", "192.0.2.1", NULL, NULL, NULL },
    { { "smtp://x" }, "x", "25", NULL, NULL, NULL, "smtp" },
    { { "smtp://x", "-starttls", "lmtp" },
      "x",
      "25",
      NULL,
      NULL,
      NULL,
      "lmtp" },
    { { "-connect", "a.example:1" }, "a.example", "1", NULL, NULL, NULL, NULL },
    { { "-connect", "[::1]:1" }, "::1", "1", NULL, NULL, NULL, NULL },
    { { "-connect", "b", "-port", "7" }, "b", "7", NULL, NULL, NULL, NULL },
    { { "-connect", ":7" }, "localhost", "7", NULL, NULL, "localhost", NULL },
    { { "-connect", "localhost:7" }, "localhost", "7", NULL, NULL, NULL, NULL },
    { { "-host", "b", "-port", "7" }, "b", "7", NULL, NULL, NULL, NULL },
    { { "-host", "b", "-connect", "c:1" }, "c", "1", NULL, NULL, NULL, NULL },
    { { "-unix", "/a/b" }, NULL, NULL, NULL, "/a/b", NULL, NULL },
};

static struct command_line line;

static bool find(const struct row *row, struct target *t, struct err *e)
{
    char *argv[WORDS_MAX + 2] = { NULL };
    int argc = 1;

    for (; row->words[argc - 1]; argc++)
        argv[argc] = (char *)(uintptr_t)row->words[argc - 1];
    cr_assert(command_line_parse(&line, argc, argv, e), "%s", e->msg);
    return session_target(t, &line, e);
}

static void expect(size_t row, const char *got, const char *wanted)
{
    if (wanted && got)
        cr_expect_str_eq(got, wanted, "row %zu", row);
    else
        cr_expect_eq(got != NULL, wanted != NULL, "row %zu: %s", row,
                     got ? got : "missing");
}

Test(target, it_is_what_s_client_would_connect_to)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct target *t = mem_new(1, sizeof(*t));
        struct err e = { 0 };

        cr_assert(find(&rows[i], t, &e), "row %zu: %s", i, e.msg);
        expect(i, t->host, rows[i].host);
        expect(i, t->port, rows[i].port);
        expect(i, t->address, rows[i].address);
        expect(i, t->path, rows[i].path);
        expect(i, options_text(&t->words, OPT_servername, NULL),
               rows[i].servername);
        expect(i, options_text(&t->words, OPT_starttls, NULL),
               rows[i].starttls);
        target_free(t);
        command_line_release(&line);
    }
}

static const struct {
    struct row row;
    enum stage stage;
} bad[] = {
    { { .words = { "a:b:c" } }, STAGE_INPUT },
    { { .words = { "a b" } }, STAGE_INPUT },
    { { .words = { "-serverpref", "a" } }, STAGE_CONFIG },
    { { .words = { "-4", "-6", "a" } }, STAGE_CONFIG },
};

Test(target, what_is_wrong_is_told_apart)
{
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct target *t = mem_new(1, sizeof(*t));
        struct err e = { 0 };

        cr_expect_not(find(&bad[i].row, t, &e), "row %zu", i);
        cr_expect_eq(e.stage, bad[i].stage, "row %zu", i);
        target_free(t);
        command_line_release(&line);
    }
}
