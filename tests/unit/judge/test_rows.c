#include "../../../src/judge/rows.h"

#include "sample.h"

#include "base/fault.h"
#include "base/mem.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static struct rows in;
static struct buf row;
static int fd = -1;

static void begin(void)
{
    buf_init(&row, ROW_MAX);
}

static void end(void)
{
    rows_release(&in);
    buf_release(&row);
    close(fd);
}

TestSuite(rows, .init = begin, .fini = end);

static void start(const void *content, size_t len, bool quotes)
{
    struct err e = { 0 };

    fd = open(sample_file(content, len), O_RDONLY | O_CLOEXEC);
    cr_assert_geq(fd, 0);
    cr_assert(rows_init(&in, fd, quotes, 0, &e));
}

static void expect_row(const char *text, uint64_t line_after)
{
    struct err e = { 0 };
    bool over;

    cr_assert(rows_next(&in, &row, &over, &e), "%s", e.msg);
    cr_assert_not(over);
    cr_assert_str_eq(buf_string(&row), text);
    cr_assert_eq(row.len, strlen(text));
    cr_assert_eq(in.line, line_after);
}

static void expect_end(void)
{
    struct err e = { 0 };
    bool over;

    cr_assert(rows_next(&in, &row, &over, &e), "%s", e.msg);
    cr_assert(over);
}

static void expect_error(const char *why)
{
    struct err e = { 0 };
    bool over;

    cr_assert_not(rows_next(&in, &row, &over, &e));
    cr_assert_eq(e.code, ERR_FILE);
    cr_assert_not_null(strstr(e.msg, why), "%s", e.msg);
}

Test(rows, lines_end_with_lf_or_crlf_and_the_last_with_the_file)
{
    static const char text[] = "one\ntwo\r\n\nfour";

    start(text, strlen(text), false);
    expect_row("one", 2);
    expect_row("two", 3);
    expect_row("", 4);
    expect_row("four", 4);
    expect_end();
    expect_end();
}

Test(rows, an_empty_file_has_no_row)
{
    start("", 0, true);
    expect_end();
}

Test(rows, a_line_end_between_quotes_belongs_to_the_row)
{
    static const char text[] = "a,\"b\nc\r\nd\"\ne,\"\"\"\n\"\n";

    start(text, strlen(text), true);
    expect_row("a,\"b\nc\r\nd\"", 4);
    expect_row("e,\"\"\"\n\"", 6);
    expect_end();
}

Test(rows, without_quotes_every_line_end_counts)
{
    static const char text[] = "a\"b\nc";

    start(text, strlen(text), false);
    expect_row("a\"b", 2);
    expect_row("c", 2);
}

Test(rows, a_row_can_be_read_again_from_where_it_began)
{
    static const char text[] = "one\n\"t\nwo\"\nthree\n";
    struct err e = { 0 };
    struct rows again;
    uint64_t at;
    bool over;

    start(text, strlen(text), true);
    expect_row("one", 2);
    at = in.at;
    expect_row("\"t\nwo\"", 4);
    cr_assert(rows_init(&again, fd, true, at, &e));
    cr_assert(rows_next(&again, &row, &over, &e));
    cr_assert_str_eq(row.data, "\"t\nwo\"");
    rows_release(&again);
    expect_row("three", 5);
}

/* Rows and quotes lie across the ends of blocks in every way. */
Test(rows, blocks_do_not_show)
{
    static char text[200 * 1000];
    size_t len = 0, rows = 0;

    while (len + 600 < sizeof(text)) {
        memset(text + len, 'x', rows % 500);
        len += rows++ % 500;
        memcpy(text + len, "\"\n\"\n", 4);
        len += 4;
    }
    start(text, len, true);
    for (size_t i = 0; i < rows; i++) {
        struct err e = { 0 };
        bool over;

        cr_assert(rows_next(&in, &row, &over, &e));
        cr_assert_eq(row.len, i % 500 + 3, "row %zu", i);
        cr_assert_eq(memcmp(row.data + i % 500, "\"\n\"", 3), 0);
    }
    expect_end();
    cr_assert_eq(in.line, 2 * rows + 1);
}

Test(rows, a_row_of_four_mebibytes_is_the_longest)
{
    static char text[ROW_MAX + 1];

    memset(text, 'x', sizeof(text));
    text[ROW_MAX - 1] = '\n';
    start(text, ROW_MAX, false);
    cr_assert(rows_next(&in, &row, &(bool){ false }, &(struct err){ 0 }));
    cr_assert_eq(row.len, ROW_MAX - 1);
    rows_release(&in);
    close(fd);
    text[ROW_MAX - 1] = 'x';
    start(text, ROW_MAX + 1, false);
    expect_error("longer than 4 MiB");
}

Test(rows, a_quote_that_is_never_closed_has_the_same_end)
{
    static char text[ROW_MAX + 1];

    memset(text, '\n', sizeof(text));
    text[0] = '"';
    start(text, sizeof(text), true);
    expect_error("longer than 4 MiB");
}

Test(rows, a_nul_byte_is_an_error)
{
    start("one\nt\0wo\n", 9, false);
    expect_row("one", 2);
    expect_error("NUL byte");
}

Test(rows, what_cannot_be_read_is_an_error)
{
    fd = open("/", O_RDONLY | O_CLOEXEC);
    cr_assert(rows_init(&in, fd, false, 0, &(struct err){ 0 }));
    expect_error("cannot be read");
}

Test(rows, refused_memory_and_reads_are_told)
{
    start("one\n", 4, false);
    for (long nth = 1; nth < 3; nth++) {
        struct err e = { 0 };
        bool over;

        buf_release(&row);
        fault_arm(nth);
        cr_assert_not(rows_next(&in, &row, &over, &e), "fault %ld", nth);
        cr_assert_neq(e.code, ERR_NONE);
    }
    fault_arm(0);
    expect_row("one", 2);
}
