/* jsonl -- JSON Lines: one object a record.
 *
 * Unknown is absent, not asked is null, none is "none", [] or {}. */
#include "format.h"

#include <string.h>

static void add_escaped(struct buf *out, char c)
{
    if (c == '\n')
        buf_text(out, "\\n");
    else if (c == '"' || c == '\\')
        buf_add(out, (char[]){ '\\', c }, 2);
    else
        buf_printf(out, "\\u%04x", (unsigned char)c);
}

static bool is_plain(char c)
{
    return (unsigned char)c >= ' ' && c != '"' && c != '\\';
}

/* The scratch becomes a string (RFC 8259 section 7). */
static void add_string(struct sheet *s)
{
    const char *text = buf_string(&s->scratch);
    size_t start = 0;

    buf_byte(&s->out, '"');
    for (size_t i = 0; i < s->scratch.len; i++) {
        if (is_plain(text[i]))
            continue;
        buf_add(&s->out, text + start, i - start);
        add_escaped(&s->out, text[i]);
        start = i + 1;
    }
    buf_add(&s->out, text + start, s->scratch.len - start);
    buf_byte(&s->out, '"');
}

static void add_text(struct sheet *s, const struct bytes *text,
                     enum text_shape shape)
{
    sheet_encode(sheet_scratch(s), text, shape);
    add_string(s);
}

static void add_key(struct sheet *s, const char *name, bool *first)
{
    if (!*first)
        buf_byte(&s->out, ',');
    *first = false;
    buf_byte(&s->out, '"');
    buf_text(&s->out, name);
    buf_text(&s->out, "\":");
}

static void add_list(struct sheet *s, const struct value *v)
{
    buf_byte(&s->out, '[');
    for (size_t i = 0; i < v->nitems; i++) {
        if (i > 0)
            buf_byte(&s->out, ',');
        add_text(s, &v->items[i], TEXT_LINE);
    }
    buf_byte(&s->out, ']');
}

static void add_tags(struct sheet *s, const struct value *v)
{
    buf_byte(&s->out, '{');
    for (size_t i = 0; i + 1 < v->nitems; i += 2) {
        if (i > 0)
            buf_byte(&s->out, ',');
        add_text(s, &v->items[i], TEXT_LINE);
        buf_byte(&s->out, ':');
        add_text(s, &v->items[i + 1], TEXT_LINE);
    }
    buf_byte(&s->out, '}');
}

static void add_known(struct sheet *s, enum field_kind kind,
                      const struct value *v, enum text_shape shape)
{
    switch (kind) {
    case FIELD_TEXT:
        add_text(s, &v->text, shape);
        break;
    case FIELD_INT:
    case FIELD_MS:
        sheet_number(&s->out, kind, v->number);
        break;
    case FIELD_TIME:
        sheet_number(sheet_scratch(s), kind, v->number);
        add_string(s);
        break;
    case FIELD_BOOL:
        buf_text(&s->out, v->number ? "true" : "false");
        break;
    case FIELD_LIST:
        add_list(s, v);
        break;
    case FIELD_TAGS:
        add_tags(s, v);
        break;
    case FIELD_CHAIN:
        break;
    }
}

static void add_none(struct sheet *s, enum field_kind kind)
{
    if (kind == FIELD_TAGS)
        buf_text(&s->out, "{}");
    else if (kind == FIELD_LIST || kind == FIELD_CHAIN)
        buf_text(&s->out, "[]");
    else
        buf_text(&s->out, "\"none\"");
}

/* A value that is not unknown; any kind but CHAIN. */
static void add_value(struct sheet *s, enum field_kind kind,
                      const struct value *v, enum text_shape shape)
{
    if (v->state == VALUE_KNOWN)
        add_known(s, kind, v, shape);
    else if (v->state == VALUE_NONE)
        add_none(s, kind);
    else
        buf_text(&s->out, "null");
}

static void add_cert(struct sheet *s, const struct cert *c)
{
    bool first = true;

    buf_byte(&s->out, '{');
    for (size_t i = 0; i < CERT_FIELDS_COUNT; i++) {
        const struct field_row *row = &cert_field_rows[i];

        if (c->values[i].state == VALUE_UNKNOWN)
            continue;
        add_key(s, row->name, &first);
        /* PEM is for other programs, which need its line ends. */
        add_value(s, row->kind, &c->values[i],
                  i == CERT_pem ? TEXT_BLOCK : TEXT_LINE);
    }
    buf_byte(&s->out, '}');
}

static void add_chain(struct sheet *s, const struct record *r)
{
    buf_byte(&s->out, '[');
    for (size_t i = 0; i < r->nchain; i++) {
        if (i > 0)
            buf_byte(&s->out, ',');
        add_cert(s, &r->chain[i]);
    }
    buf_byte(&s->out, ']');
}

static void jsonl_record(struct sheet *s, const struct record *r)
{
    bool first = true;

    buf_byte(&s->out, '{');
    for (size_t i = 0; i < s->fields->count; i++) {
        enum field_id id = s->fields->ids[i];
        const struct value *v = &r->values[id];
        enum field_kind kind = field_rows[id].kind;

        if (v->state == VALUE_UNKNOWN)
            continue;
        add_key(s, field_rows[id].name, &first);
        if (kind == FIELD_CHAIN && v->state == VALUE_KNOWN)
            add_chain(s, r);
        else
            add_value(s, kind, v, TEXT_LINE);
    }
    buf_text(&s->out, "}\n");
}

const struct report_format format_jsonl = {
    .name = "jsonl",
    .record = jsonl_record,
};
