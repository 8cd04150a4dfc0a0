#include "say.h"

#include "base/mem.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

enum {
    WHOLE_MAX = 16 << 20,
    SHOWN_MAX = 240, /* bytes of one value in a sentence */
};

const char *say_state(enum value_state state)
{
    switch (state) {
    case VALUE_NOT_ASKED:
        return "not_asked";
    case VALUE_NONE:
        return "none";
    case VALUE_UNKNOWN:
    case VALUE_KNOWN:
        break;
    }
    return NULL;
}

static bool says(const struct bytes *text, const char *word)
{
    return text->len == strlen(word)
           && memcmp(text->data, word, text->len) == 0;
}

enum value_state said_state(const struct record *r, enum field_id id)
{
    const struct value *v = &r->values[id];

    if (v->state != VALUE_KNOWN || field_rows[id].kind != FIELD_TEXT)
        return v->state;
    if (says(&v->text, say_state(VALUE_NONE)))
        return VALUE_NONE;
    return says(&v->text, say_state(VALUE_NOT_ASKED)) ? VALUE_NOT_ASKED
                                                      : VALUE_KNOWN;
}

size_t say_guard(const char *text, size_t len)
{
    return len > 1 && text[0] == '\'' && memchr("=+-@\t\r", text[1], 6);
}

size_t say_count(const struct record *r, enum field_id id)
{
    const struct value *v = &r->values[id];

    if (field_rows[id].kind == FIELD_CHAIN)
        return r->nchain;
    return field_rows[id].kind == FIELD_TAGS ? v->nitems / 2 : v->nitems;
}

static void add(struct buf *out, const struct bytes *text)
{
    buf_add(out, text->data, text->len);
}

void say_item(struct buf *out, const struct record *r, enum field_id id,
              size_t nth)
{
    const struct bytes *items = r->values[id].items;

    if (field_rows[id].kind == FIELD_CHAIN) {
        add(out, &r->chain[nth].values[CERT_subject].text);
    } else if (field_rows[id].kind == FIELD_TAGS) {
        add(out, &items[2 * nth]);
        buf_byte(out, '=');
        add(out, &items[2 * nth + 1]);
    } else {
        add(out, &items[nth]);
    }
}

static void say_items(struct buf *out, const struct record *r, enum field_id id)
{
    for (size_t i = 0; i < say_count(r, id); i++) {
        if (i > 0)
            buf_text(out, "; ");
        say_item(out, r, id, i);
    }
}

static void say_time(struct buf *out, int64_t seconds)
{
    time_t t = seconds;
    struct tm tm;
    char text[40];

    if (gmtime_r(&t, &tm)
        && strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
        buf_text(out, text);
    else
        buf_printf(out, "%" PRId64, seconds);
}

void say_whole(struct buf *out, const struct record *r, enum field_id id)
{
    const struct value *v = &r->values[id];

    switch (field_rows[id].kind) {
    case FIELD_TEXT:
        add(out, &v->text);
        break;
    case FIELD_INT:
        buf_printf(out, "%" PRId64, v->number);
        break;
    case FIELD_MS:
        buf_printf(out, "%" PRId64 ".%03d", v->number / 1000,
                   (int)(v->number % 1000));
        break;
    case FIELD_BOOL:
        buf_text(out, v->number ? "yes" : "no");
        break;
    case FIELD_TIME:
        say_time(out, v->number);
        break;
    case FIELD_LIST:
    case FIELD_TAGS:
    case FIELD_CHAIN:
        say_items(out, r, id);
        break;
    }
}

/* The longest beginning that fits and ends with a whole UTF-8 character. */
static size_t cut(const char *data, size_t len)
{
    if (len <= SHOWN_MAX)
        return len;
    len = SHOWN_MAX;
    while (len > 0 && ((unsigned char)data[len] & 0xc0) == 0x80)
        len--;
    return len;
}

void say_bytes(struct buf *out, const char *data, size_t len)
{
    size_t shown = cut(data, len);

    if (len == 0)
        buf_text(out, "\"\"");
    buf_add(out, data, shown);
    if (shown < len)
        buf_text(out, "...");
}

void say_value(struct buf *out, const struct record *r, enum field_id id)
{
    const char *word = say_state(r->values[id].state);
    struct buf whole;

    if (word) {
        buf_text(out, word);
        return;
    }
    buf_init(&whole, WHOLE_MAX);
    say_whole(&whole, r, id);
    say_bytes(out, buf_string(&whole), whole.len);
    out->refused |= whole.refused;
    buf_release(&whole);
}
