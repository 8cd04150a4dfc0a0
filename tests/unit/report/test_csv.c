#include "base/mem.h"
#include "base/text.h"
#include "csv_reader.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

/* Header and one row, as a file would hold them. */
static char *csv_of(const struct report_config *config, const struct record *r,
                    size_t *len)
{
    struct sheet s;
    char *text;

    sheet_init(&s, config);
    format_csv.begin(&s);
    format_csv.record(&s, r);
    cr_assert(sheet_ok(&s));
    text = buf_take(&s.out, len);
    sheet_release(&s);
    return text;
}

/* The only cell of a record with that subject. */
static struct csv_table subject_cell(const char *text, size_t len, bool raw)
{
    struct report_config config = sample_config("subject");
    struct record *r = record_new();
    struct csv_table t;
    size_t size;
    char *csv;

    config.csv_raw = raw;
    record_bytes(r, REC_subject, text, len);
    csv = csv_of(&config, r, &size);
    cr_assert(sample_is_neutral(csv, size));
    cr_assert(csv_read(&t, csv, size), "%.300s", csv);
    cr_assert_eq(t.count, 2);
    mem_free(csv);
    record_free(r);
    return t;
}

static void assert_cell(const char *text, const char *expected)
{
    struct csv_table t = subject_cell(text, strlen(text), false);

    cr_assert_str_eq(t.cells[1].text, expected);
    csv_release(&t);
}

/* The row of a record, for one field. */
static void assert_row(const struct record *r, const char *field,
                       const char *expected)
{
    struct report_config config = sample_config(field);
    size_t len;
    char *row = sample_format("csv", &config, r, &len);

    cr_assert_str_eq(row, expected, "%s: %s", field, row);
    mem_free(row);
}

Test(csv, the_header_names_the_default_fields_in_order)
{
    struct report_config config = sample_config(NULL);
    struct record *r = record_new();
    size_t len;
    char *csv = csv_of(&config, r, &len);

    cr_assert_eq(strncmp(csv, "index,target,host,port,address,sni,", 35), 0);
    mem_free(csv);
    record_free(r);
}

Test(csv, every_field_has_its_cell)
{
    struct report_config config = sample_config("all");
    struct record *r = sample_all();
    struct csv_table t;
    size_t len;
    char *csv = csv_of(&config, r, &len);

    cr_assert(csv_read(&t, csv, len));
    cr_assert_eq(t.columns, FIELDS_COUNT);
    for (size_t i = 0; i < FIELDS_COUNT; i++) {
        const struct csv_cell *cell = csv_at(&t, 1, field_rows[i].name);

        cr_assert_gt(cell->len, 0, "%s is empty", field_rows[i].name);
        if (field_rows[i].kind == FIELD_TEXT)
            cr_assert_eq(strncmp(cell->text, field_rows[i].name, cell->len - 1),
                         0);
    }
    csv_release(&t);
    mem_free(csv);
    record_free(r);
}

Test(csv, the_four_states_differ)
{
    struct record *r = record_new();

    assert_row(r, "alpn", "\n");
    record_state(r, REC_alpn, VALUE_NOT_ASKED);
    assert_row(r, "alpn", "not_asked\n");
    record_state(r, REC_alpn, VALUE_NONE);
    assert_row(r, "alpn", "none\n");
    record_text(r, REC_alpn, "");
    assert_row(r, "alpn", "\"\"\n");
    record_text(r, REC_alpn, "h2");
    assert_row(r, "alpn", "h2\n");
    record_free(r);
}

Test(csv, each_kind_has_its_way_of_writing)
{
    struct record *r = record_new();
    struct cert *c;

    record_number(r, REC_port, 443);
    assert_row(r, "port", "443\n");
    record_number(r, REC_verified, 1);
    record_number(r, REC_resumed, 0);
    assert_row(r, "verified,resumed", "yes,no\n");
    record_number(r, REC_ms_total, 12345);
    record_number(r, REC_ms_connect, 7);
    assert_row(r, "ms_total,ms_connect", "12.345,0.007\n");
    record_number(r, REC_not_after, 1893456000);
    assert_row(r, "not_after", "2030-01-01T00:00:00Z\n");
    record_add(r, REC_san, "DNS:a", 5);
    record_add(r, REC_san, "DNS:b", 5);
    assert_row(r, "san", "DNS:a; DNS:b\n");
    record_add(r, REC_tags, "team", 4);
    record_add(r, REC_tags, "pay", 3);
    record_add(r, REC_tags, "env", 3);
    record_add(r, REC_tags, "prod", 4);
    assert_row(r, "tags", "team=pay; env=prod\n");
    for (int i = 0; i < 2; i++) {
        c = record_add_cert(r);
        cert_bytes(r, c, CERT_subject, i ? "CN=ca" : "CN=a", i ? 5 : 4);
    }
    assert_row(r, "chain", "CN=a; CN=ca\n");
    record_free(r);
}

Test(csv, a_negative_number_is_no_formula)
{
    struct record *r = record_new();

    record_number(r, REC_days_left, -12);
    assert_row(r, "days_left", "-12\n");
    record_free(r);
}

Test(csv, a_time_that_no_calendar_has_is_held_to_four_digits)
{
    struct record *r = record_new();

    record_number(r, REC_not_after, INT64_MAX);
    record_number(r, REC_not_before, INT64_MIN);
    assert_row(r, "not_before,not_after",
               "0000-01-01T00:00:00Z,9999-12-31T23:59:59Z\n");
    record_free(r);
}

Test(csv, a_cell_that_starts_like_a_formula_is_guarded)
{
    assert_cell("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0");
    assert_cell("+1", "'+1");
    assert_cell("-1", "'-1");
    assert_cell("@SUM(A1)", "'@SUM(A1)");
    assert_cell("=1,2", "'=1,2");
    assert_cell("a=1", "a=1");
}

Test(csv, raw_cells_have_no_guard)
{
    struct csv_table t = subject_cell("=1", 2, true);

    cr_assert_str_eq(t.cells[1].text, "=1");
    csv_release(&t);
}

Test(csv, only_cells_that_need_them_have_quotes)
{
    static const struct {
        const char *text;
        bool quoted;
    } rows[] = {
        { "plain", false }, { "two words", false }, { "a;b", false },
        { "a,b", true },    { "a\"b", true },       { " a", true },
        { "a ", true },     { "", true },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct csv_table t =
            subject_cell(rows[i].text, strlen(rows[i].text), false);

        cr_assert_eq(t.cells[1].quoted, rows[i].quoted, "'%s'", rows[i].text);
        cr_assert_str_eq(t.cells[1].text, rows[i].text);
        csv_release(&t);
    }
}

Test(csv, hostile_texts_stay_in_their_cell_and_can_be_read_back)
{
    for (size_t i = 0; i < hostile_count; i++) {
        const struct hostile *h = &hostile_texts[i];
        struct csv_table t = subject_cell(h->text, h->len, true);
        struct buf back;

        buf_init(&back, 1000);
        cr_assert(text_decode(&back, t.cells[1].text, t.cells[1].len));
        cr_assert_eq(back.len, h->len, "text %zu", i);
        cr_assert_arr_eq(buf_string(&back), h->text, h->len);
        buf_release(&back);
        csv_release(&t);
    }
}

Test(csv, no_hostile_cell_starts_like_a_formula)
{
    for (size_t i = 0; i < hostile_count; i++) {
        const struct hostile *h = &hostile_texts[i];
        struct csv_table t = subject_cell(h->text, h->len, false);

        cr_assert(t.cells[1].len == 0
                  || !strchr("=+-@\t\r", t.cells[1].text[0]));
        csv_release(&t);
    }
}

Test(csv, a_megabyte_of_quotes_is_one_cell)
{
    enum { SIZE = 1 << 20 };
    char *text = mem_new(1, SIZE);

    memset(text, '"', SIZE);
    struct csv_table t = subject_cell(text, SIZE, false);

    cr_assert_eq(t.cells[1].len, SIZE);
    csv_release(&t);
    mem_free(text);
}
