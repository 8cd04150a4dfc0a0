/* text -- one line a target for people, then the summary.
 *
 * Columns have fixed places; what is too long pushes the rest to the right
 * rather than being cut. */
#include "format.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Where the columns of a line begin. */
enum {
    AT_TARGET = 9,
    AT_PROTOCOL = AT_TARGET + 41,
    AT_CIPHER = AT_PROTOCOL + 9,
    AT_DAYS = AT_CIPHER + 31,
    DAYS_WIDTH = 7,
    AT_WRONG = AT_DAYS + DAYS_WIDTH + 2,
};

/* A line that is being made. */
struct line {
    struct sheet *sheet;
    size_t column; /* where the next character will be */
    bool wrong; /* something wrong was told */
};

/* Fills with blanks up to the column, at least one. */
static void go_to(struct line *l, size_t column)
{
    do {
        buf_byte(&l->sheet->out, ' ');
        l->column++;
    } while (l->column < column);
}

static void put(struct line *l, const char *text, size_t len)
{
    buf_add(&l->sheet->out, text, len);
    l->column += text_columns(text, len);
}

static void put_scratch(struct line *l)
{
    put(l, buf_string(&l->sheet->scratch), l->sheet->scratch.len);
}

static void put_word(struct line *l, const char *text)
{
    put(l, text, strlen(text));
}

/* What was received; '-' when nothing is known. */
static void put_field(struct line *l, const struct record *r, enum field_id id)
{
    const struct value *v = &r->values[id];

    if (v->state != VALUE_KNOWN) {
        put_word(l, "-");
        return;
    }
    sheet_encode(sheet_scratch(l->sheet), &v->text, TEXT_LINE);
    put_scratch(l);
}

static bool is_troubled(const struct record *r)
{
    return report_findings(r) != 0 || record_known(r, REC_warnings);
}

/* Colour only repeats what the words say. */
static const char *color_of(const struct record *r, enum status status)
{
    static const char green[] = "\033[32m", yellow[] = "\033[33m",
                      red[] = "\033[31m";

    if (status == STATUS_OK)
        return is_troubled(r) ? yellow : green;
    return status == STATUS_NOT_ATTEMPTED ? yellow : red;
}

static void put_status(struct line *l, const struct record *r)
{
    enum status status = record_status(r);

    if (l->sheet->color)
        buf_text(&l->sheet->out, color_of(r, status));
    put_word(l, status_name(status));
    if (l->sheet->color)
        buf_text(&l->sheet->out, "\033[0m");
}

static void put_days(struct line *l, const struct record *r)
{
    char text[32] = "-";

    if (record_known(r, REC_days_left))
        snprintf(text, sizeof(text), "%" PRId64 " d",
                 record_int(r, REC_days_left, 0));
    for (size_t len = strlen(text); len < DAYS_WIDTH; len++)
        put_word(l, " ");
    put_word(l, text);
}

static void begin_wrong(struct line *l)
{
    if (l->wrong)
        put_word(l, "; ");
    else
        go_to(l, AT_WRONG);
    l->wrong = true;
}

static void tell_failure(struct line *l, const struct record *r)
{
    begin_wrong(l);
    put_field(l, r, REC_stage);
    put_word(l, ": ");
    put_field(l, r, REC_error);
}

static void tell_chain(struct line *l, const struct record *r)
{
    begin_wrong(l);
    put_word(l, "not verified");
    if (!record_known(r, REC_verify_error))
        return;
    put_word(l, ": ");
    put_field(l, r, REC_verify_error);
}

static void tell_name(struct line *l, const struct record *r)
{
    begin_wrong(l);
    put_word(l, "certificate is not made out to ");
    put_field(l, r, record_known(r, REC_sni) ? REC_sni : REC_host);
}

static void tell_warnings(struct line *l, const struct value *warnings)
{
    for (size_t i = 0; i < warnings->nitems; i++) {
        begin_wrong(l);
        sheet_encode(sheet_scratch(l->sheet), &warnings->items[i], TEXT_LINE);
        put_scratch(l);
    }
}

static void tell_verdict(struct line *l, const struct record *r,
                         enum field_id id, const char *what)
{
    begin_wrong(l);
    put_word(l, what);
    put_field(l, r, id);
}

/* The sentence of a failure says all that there is to say of the chain. */
static void tell_wrong(struct line *l, const struct record *r)
{
    const bool ok = record_status(r) == STATUS_OK;
    const unsigned found = report_findings(r);

    if (!ok)
        tell_failure(l, r);
    if (ok && (found & FINDING_VERIFY))
        tell_chain(l, r);
    if (ok && (found & FINDING_NAME))
        tell_name(l, r);
    if (found & FINDING_EXPECT)
        tell_verdict(l, r, REC_expect, "expectation ");
    if (found & FINDING_CHANGE)
        tell_verdict(l, r, REC_change, "change: ");
    tell_warnings(l, &r->values[REC_warnings]);
}

static void text_record(struct sheet *s, const struct record *r)
{
    struct line l = { .sheet = s };

    put_status(&l, r);
    go_to(&l, AT_TARGET);
    sheet_target(sheet_scratch(s), r);
    put_scratch(&l);
    go_to(&l, AT_PROTOCOL);
    put_field(&l, r, REC_protocol);
    go_to(&l, AT_CIPHER);
    put_field(&l, r, REC_cipher);
    go_to(&l, AT_DAYS);
    put_days(&l, r);
    tell_wrong(&l, r);
    buf_byte(&s->out, '\n');
}

static void text_end(struct sheet *s, const struct summary *summary)
{
    buf_byte(&s->out, '\n');
    summary_print(summary, &s->out);
}

const struct report_format format_text = {
    .name = "text",
    .record = text_record,
    .end = text_end,
};
