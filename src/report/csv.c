/* csv -- RFC 4180 with LF: a header, then one row a record.
 *
 * A cell: nothing for unknown, not_asked, none, "" for an empty text. */
#include "format.h"

#include <string.h>

/* Spreadsheets take such a cell for a formula (CWE-1236). */
static bool is_formula(const struct buf *text)
{
    return text->len > 0 && memchr("=+-@\t\r", text->data[0], 6);
}

static bool needs_quotes(const struct buf *text)
{
    if (text->len == 0)
        return true;
    return text->data[0] == ' ' || text->data[text->len - 1] == ' '
           || memchr(text->data, ',', text->len)
           || memchr(text->data, '"', text->len);
}

/* Doubles every quote. */
static void add_quoted(struct buf *out, const struct buf *text)
{
    const char *at = buf_string(text), *end = at + text->len, *quote;

    while ((quote = memchr(at, '"', (size_t)(end - at))) != NULL) {
        buf_add(out, at, (size_t)(quote + 1 - at));
        buf_byte(out, '"');
        at = quote + 1;
    }
    buf_add(out, at, (size_t)(end - at));
}

/* The scratch becomes a cell. */
static void add_cell(struct sheet *s)
{
    bool quotes = needs_quotes(&s->scratch);

    if (quotes)
        buf_byte(&s->out, '"');
    if (is_formula(&s->scratch) && !s->csv_raw)
        buf_byte(&s->out, '\'');
    add_quoted(&s->out, &s->scratch);
    if (quotes)
        buf_byte(&s->out, '"');
}

static void join(struct buf *cell, const struct bytes *text)
{
    if (cell->len > 0)
        buf_text(cell, "; ");
    sheet_encode(cell, text, TEXT_LINE);
}

static void list_cell(struct sheet *s, const struct value *v)
{
    struct buf *cell = sheet_scratch(s);

    for (size_t i = 0; i < v->nitems; i++)
        join(cell, &v->items[i]);
    add_cell(s);
}

static void tags_cell(struct sheet *s, const struct value *v)
{
    struct buf *cell = sheet_scratch(s);

    for (size_t i = 0; i + 1 < v->nitems; i += 2) {
        join(cell, &v->items[i]);
        buf_byte(cell, '=');
        sheet_encode(cell, &v->items[i + 1], TEXT_LINE);
    }
    add_cell(s);
}

static void chain_cell(struct sheet *s, const struct record *r)
{
    struct buf *cell = sheet_scratch(s);

    for (size_t i = 0; i < r->nchain; i++)
        join(cell, &r->chain[i].values[CERT_subject].text);
    add_cell(s);
}

static void text_cell(struct sheet *s, const struct value *v)
{
    sheet_encode(sheet_scratch(s), &v->text, TEXT_LINE);
    add_cell(s);
}

static void known_cell(struct sheet *s, const struct record *r,
                       enum field_id id, const struct value *v)
{
    enum field_kind kind = field_rows[id].kind;

    switch (kind) {
    case FIELD_TEXT:
        text_cell(s, v);
        break;
    case FIELD_INT:
    case FIELD_MS:
    case FIELD_TIME:
        sheet_number(&s->out, kind, v->number);
        break;
    case FIELD_BOOL:
        buf_text(&s->out, v->number ? "yes" : "no");
        break;
    case FIELD_LIST:
        list_cell(s, v);
        break;
    case FIELD_TAGS:
        tags_cell(s, v);
        break;
    case FIELD_CHAIN:
        chain_cell(s, r);
        break;
    }
}

static void field_cell(struct sheet *s, const struct record *r,
                       enum field_id id)
{
    const struct value *v = &r->values[id];

    switch (v->state) {
    case VALUE_UNKNOWN:
        break;
    case VALUE_NOT_ASKED:
        buf_text(&s->out, "not_asked");
        break;
    case VALUE_NONE:
        buf_text(&s->out, "none");
        break;
    case VALUE_KNOWN:
        known_cell(s, r, id, v);
        break;
    }
}

static void csv_begin(struct sheet *s)
{
    for (size_t i = 0; i < s->fields->count; i++) {
        if (i > 0)
            buf_byte(&s->out, ',');
        buf_text(&s->out, field_rows[s->fields->ids[i]].name);
    }
    buf_byte(&s->out, '\n');
}

static void csv_record(struct sheet *s, const struct record *r)
{
    for (size_t i = 0; i < s->fields->count; i++) {
        if (i > 0)
            buf_byte(&s->out, ',');
        field_cell(s, r, s->fields->ids[i]);
    }
    buf_byte(&s->out, '\n');
}

const struct report_format format_csv = {
    .name = "csv",
    .begin = csv_begin,
    .record = csv_record,
};
