#include "base/mem.h"
#include "options.h"

#include <criterion/criterion.h>
#include <string.h>

enum { COLUMNS = 11 };

/* Cuts the next column off; NULL for "-". */
static const char *column(char **at)
{
    char *text = strsep(at, "\t");

    cr_assert_not_null(text);
    return strcmp(text, "-") == 0 ? NULL : text;
}

static void assert_same(const char *a, const char *b, const char *name)
{
    if (a && b)
        cr_assert_str_eq(a, b, "-%s", name);
    else
        cr_assert_eq(a, b, "-%s", name);
}

/* The bits that the names of traits stand for. */
static unsigned traits_of(const char *names)
{
    static const struct {
        const char *name;
        unsigned bit;
    } rows[] = {
        { "many", OPT_MANY },     { "own", OPT_OWN },
        { "host", OPT_HOST },     { "append", OPT_APPEND },
        { "secret", OPT_SECRET }, { "alone", OPT_ALONE },
        { "tempo", OPT_TEMPO },
    };
    unsigned traits = 0;

    for (size_t i = 0; names && i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strstr(names, rows[i].name))
            traits |= rows[i].bit;
    return traits;
}

static void assert_row(char *line, const struct option_row *row)
{
    static const char *const kinds[] = {
        "flag", "count",  "int",     "seconds",  "epoch", "string",
        "list", "choice", "format",  "hostport", "hex",   "secret",
        "file", "dir",    "outfile", "code",
    };
    static const char *const scopes[] = { "NET", "LIB", "STORE", "CTX",
                                          "SSL", "OUT", "TTY",   "RUN" };
    char *at = line;

    cr_assert_str_eq(column(&at), row->name);
    cr_assert_str_eq(column(&at), kinds[row->kind]);
    assert_same(column(&at), row->argname, row->name);
    cr_assert_str_eq(column(&at), scopes[row->scope]);
    cr_assert_str_eq(column(&at), option_topic_name(row->topic));
    column(&at);
    cr_assert_eq(traits_of(column(&at)), row->traits, "-%s", row->name);
    cr_assert_str_eq(column(&at), row->handler);
    cr_assert_str_eq(column(&at),
                     option_is_host(option_find(row->name)) ? "yes" : "no");
    assert_same(column(&at), row->choices, row->name);
    cr_assert_str_eq(at, row->help);
}

Test(dump, every_row_reads_back_as_it_is)
{
    struct buf out;
    size_t len, rows = 0;

    buf_init(&out, 1 << 20);
    options_dump(&out);

    char *text = buf_take(&out, &len), *at = text, *line;

    cr_assert_not_null(text);
    line = strsep(&at, "\n");
    cr_assert_eq(strncmp(line, "name\tkind\t", 10), 0);
    while ((line = strsep(&at, "\n")) && *line)
        assert_row(line, &option_rows[rows++]);
    cr_assert_eq(rows, OPTIONS_COUNT);
    mem_free(text);
}
