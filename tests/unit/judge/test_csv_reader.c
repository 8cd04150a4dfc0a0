#include "../../../src/judge/earlier.h"

#include "base/fault.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static struct csv_header header;
static struct record *r;

static void begin(void)
{
    r = record_new();
    cr_assert_not_null(r);
}

static void end(void)
{
    record_free(r);
    csv_header_release(&header);
}

TestSuite(csv_reader, .init = begin, .fini = end);

static void fill(struct buf *row, const char *text)
{
    buf_init(row, ROW_MAX);
    buf_text(row, text);
}

static bool read_header(const char *text, struct err *e)
{
    struct buf row;
    bool done;

    csv_header_release(&header);
    fill(&row, text);
    done = csv_read_header(&header, &row, e);
    buf_release(&row);
    return done;
}

static bool read_row(const char *text, struct err *e)
{
    struct buf row;
    bool done;

    record_clear(r);
    fill(&row, text);
    done = csv_read_row(&header, &row, r, e);
    buf_release(&row);
    return done;
}

/* A row of host, port and one more column. */
static void read_cell(const char *field, const char *cell)
{
    struct err e = { 0 };
    char text[4096] = "host,port,";

    cr_assert(read_header(strncat(text, field, 60), &e), "%s", e.msg);
    text[0] = '\0';
    cr_assert(read_row(strncat(strcat(text, "h,1,"), cell, 4000), &e), "%s: %s",
              cell, e.msg);
}

static void expect_text(const char *cell, const char *text)
{
    read_cell("subject", cell);
    cr_assert(record_known(r, REC_subject), "%s", cell);
    cr_expect_str_eq(record_get(r, REC_subject), text, "%s", cell);
}

static void expect_state(const char *field, const char *cell,
                         enum value_state state)
{
    read_cell(field, cell);
    cr_expect_eq(r->values[field_find(field)].state, state, "%s: %s", field,
                 cell);
}

Test(csv_reader, a_text_is_read_as_it_was_written)
{
    expect_text("CN = a", "CN = a");
    expect_text("\"CN = a, O = b\"", "CN = a, O = b");
    expect_text("\"a \"\"b\"\" c\"", "a \"b\" c");
    expect_text("\"\"\"\"", "\"");
    expect_text("\" a \"", " a ");
    expect_text("\"a\r\nb\"", "a\r\nb");
    expect_text("\xc3\xa4", "\xc3\xa4");
}

Test(csv_reader, the_encoding_of_received_bytes_is_undone)
{
    expect_text("a\\\\b", "a\\b");
    expect_text("\\x1B[2J", "\x1b[2J");
    expect_text("\\xE2\\x80\\xAE", "\xe2\x80\xae");
    read_cell("subject", "a\\x00b");
    cr_assert_eq(r->values[REC_subject].text.len, 3);
}

Test(csv_reader, a_text_that_is_not_of_our_making_is_taken_as_it_is)
{
    expect_text("C:\\temp", "C:\\temp");
    expect_text("\\x1b", "\\x1b");
    expect_text("\\", "\\");
    expect_text("\xff\xfe", "\xff\xfe");
}

Test(csv_reader, the_formula_guard_is_taken_off)
{
    expect_text("'=1+2", "=1+2");
    expect_text("'@x", "@x");
    expect_text("'-x", "-x");
    expect_text("\"'+1,2\"", "+1,2");
    expect_text("'a", "'a");
    expect_text("'", "'");
    expect_text("=raw", "=raw");
}

Test(csv_reader, the_four_states_are_told_apart)
{
    expect_state("alpn", "", VALUE_UNKNOWN);
    expect_state("alpn", "none", VALUE_NONE);
    expect_state("alpn", "not_asked", VALUE_NOT_ASKED);
    expect_state("alpn", "\"\"", VALUE_KNOWN);
    cr_assert_eq(r->values[REC_alpn].text.len, 0);
    expect_state("key_bits", "", VALUE_UNKNOWN);
    expect_state("key_bits", "\"\"", VALUE_UNKNOWN);
    expect_state("key_bits", "none", VALUE_NONE);
    expect_state("key_bits", "not_asked", VALUE_NOT_ASKED);
    expect_state("san", "", VALUE_UNKNOWN);
    expect_state("san", "none", VALUE_NONE);
    expect_state("chain", "none", VALUE_NONE);
    expect_state("tags", "not_asked", VALUE_NOT_ASKED);
}

Test(csv_reader, numbers_of_each_kind)
{
    read_cell("key_bits", "2048");
    cr_expect_eq(record_int(r, REC_key_bits, -1), 2048);
    read_cell("key_bits", "\"-1\"");
    cr_expect_eq(record_int(r, REC_key_bits, 0), -1);
    read_cell("verified", "no");
    cr_expect_eq(record_int(r, REC_verified, -1), 0);
    read_cell("not_after", "1970-01-02T00:00:00Z");
    cr_expect_eq(record_int(r, REC_not_after, -1), 86400);
}

Test(csv_reader, lists_come_apart)
{
    read_cell("san", "\"DNS:a; DNS:\\x07; IP:\"\"1\"\"\"");
    cr_assert_eq(r->values[REC_san].nitems, 3);
    cr_expect_str_eq(r->values[REC_san].items[0].data, "DNS:a");
    cr_expect_str_eq(r->values[REC_san].items[1].data, "DNS:\a");
    cr_expect_str_eq(r->values[REC_san].items[2].data, "IP:\"1\"");
    read_cell("tags", "team=a=b; bare");
    cr_assert_eq(r->values[REC_tags].nitems, 4);
    cr_expect_str_eq(r->values[REC_tags].items[1].data, "a=b");
    cr_expect_str_eq(r->values[REC_tags].items[3].data, "");
    read_cell("chain", "\"CN = leaf, O = x; CN = ca\"");
    cr_assert_eq(r->nchain, 2);
    cr_expect_str_eq(r->chain[0].values[CERT_subject].text.data,
                     "CN = leaf, O = x");
    cr_expect_eq(r->chain[0].values[CERT_sha256].state, VALUE_UNKNOWN);
}

Test(csv_reader, columns_come_in_any_order_and_unknown_ones_are_skipped)
{
    struct err e = { 0 };

    cr_assert(read_header("colour,\"port\",cipher,host", &e));
    cr_assert(read_row("\"r,e\"\"d\",25,AES,mx", &e), "%s", e.msg);
    cr_expect_str_eq(record_get(r, REC_host), "mx");
    cr_expect_str_eq(record_get(r, REC_cipher), "AES");
    cr_expect_eq(record_int(r, REC_port, 0), 25);
    cr_expect_not(record_known(r, REC_target));
}

Test(csv_reader, what_no_comparison_needs_is_not_even_checked)
{
    read_cell("ms_total", "fast");
    cr_expect_not(record_known(r, REC_ms_total));
    read_cell("days_left", "3");
    cr_expect_not(record_known(r, REC_days_left));
    read_cell("address", "192.0.2.1:443");
    cr_expect(record_known(r, REC_address), "it may belong to the key");
}

Test(csv_reader, a_header_that_is_wrong_is_told)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        { "target,cipher", "columns host and port must be there" },
        { "host,cipher", "columns host and port must be there" },
        { "port", "columns host and port must be there" },
        { "host,port,host", "the column 'host' stands there twice" },
        { "host,\"port", "a quote is not closed" },
        { "host,po\"rt", "a quote stands inside a cell" },
        { "host,\"port\"x", "more after a closing quote" },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err e = { 0 };

        cr_expect_not(read_header(rows[i].text, &e), "%s", rows[i].text);
        cr_expect_eq(e.code, ERR_FILE);
        cr_expect_not_null(strstr(e.msg, rows[i].why), "%s: %s", rows[i].text,
                           e.msg);
    }
}

Test(csv_reader, unknown_columns_may_repeat_but_not_without_end)
{
    struct err e = { 0 };
    char text[4000] = "host,port,x,x";

    cr_assert(read_header(text, &e), "%s", e.msg);
    for (int i = 4; i <= 1000; i++)
        strcat(text, ",x");
    cr_assert_not(read_header(text, &e));
    cr_assert_not_null(strstr(e.msg, "more than 1000 columns"), "%s", e.msg);
}

Test(csv_reader, a_row_that_is_wrong_is_told)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        { "h", "fewer cells" },
        { "h,1", "fewer cells" },
        { "h,1,yes,", "more cells" },
        { "h,x,yes", "its 'port' cannot be read" },
        { "h,1.5,yes", "its 'port' cannot be read" },
        { "h,1,maybe", "its 'verified' cannot be read" },
        { "h,1,\"yes", "a quote is not closed" },
        { "h,1,\"yes\"\"", "a quote is not closed" },
        { "h,\"1\"2,yes", "more after a closing quote" },
        { "h,1\",yes", "a quote stands inside a cell" },
    };
    struct err e = { 0 };

    cr_assert(read_header("host,port,verified", &e));
    for (size_t i = 0; i < COUNT(rows); i++) {
        err_clear(&e);
        cr_expect_not(read_row(rows[i].text, &e), "%s", rows[i].text);
        cr_expect_eq(e.code, ERR_FILE);
        cr_expect_not_null(strstr(e.msg, rows[i].why), "%s: %s", rows[i].text,
                           e.msg);
    }
}

Test(csv_reader, refused_memory_is_told)
{
    struct err e = { 0 };
    struct buf row;
    long nth = 1;

    fill(&row, "host,port");
    fault_arm(1);
    cr_assert_not(csv_read_header(&header, &row, &e));
    cr_assert_eq(e.code, ERR_NO_MEMORY);
    fault_arm(0);
    buf_release(&row);
    err_clear(&e);
    cr_assert(read_header("host,port,san,chain,alpn", &e));
    for (bool done = false; !done; nth++) {
        err_clear(&e);
        record_clear(r);
        fill(&row, "h,1,a; \\x07,CN; CM,\\x08");
        fault_arm(nth);
        done = csv_read_row(&header, &row, r, &e);
        cr_assert(done || e.code == ERR_NO_MEMORY, "fault %ld", nth);
        cr_assert(!done || fault_seen() < nth, "fault %ld went unseen", nth);
        fault_arm(0);
        buf_release(&row);
    }
    cr_assert_gt(nth, 8);
}
