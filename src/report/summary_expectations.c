/* expectations -- which were not met, and how often.
 *
 * The sentence of judge.h holds values as the peer sent them, which may look
 * like more of it.  So the value is stepped over by looking at the record. */
#include "screen.h"
#include "summary.h"

#include <inttypes.h>
#include <string.h>

enum { ROWS = 3 };

static const char separator[] = "; ";

/* What is left of a text. */
struct rest {
    const char *at, *end;
};

static bool skip(struct rest *t, const char *word)
{
    const size_t len = strlen(word);

    if ((size_t)(t->end - t->at) < len || memcmp(t->at, word, len) != 0)
        return false;
    t->at += len;
    return true;
}

/* Up to the word, or to the end when it does not come. */
static void skip_to(struct rest *t, const char *word)
{
    const char *found =
        memmem(t->at, (size_t)(t->end - t->at), word, strlen(word));

    t->at = found ? found : t->end;
}

/* As far as the text says the same; a long value stands there cut. */
static void skip_bytes(struct rest *t, const struct bytes *value)
{
    for (size_t i = 0; i < value->len && t->at < t->end; i++, t->at++)
        if (*t->at != value->data[i])
            return;
}

/* The nth text of a value, NULL after the last. */
static const struct bytes *part_of(const struct record *r, enum field_id id,
                                   size_t nth)
{
    const struct value *v = &r->values[id];

    switch (field_rows[id].kind) {
    case FIELD_CHAIN:
        return nth < r->nchain ? &r->chain[nth].values[CERT_subject].text
                               : NULL;
    case FIELD_LIST:
    case FIELD_TAGS:
        return nth < v->nitems ? &v->items[nth] : NULL;
    case FIELD_TEXT:
        return nth == 0 ? &v->text : NULL;
    case FIELD_INT:
    case FIELD_MS:
    case FIELD_BOOL:
    case FIELD_TIME:
        break;
    }
    return NULL;
}

static void skip_value(struct rest *t, const struct record *r, enum field_id id)
{
    const struct bytes *part;

    for (size_t i = 0; (part = part_of(r, id, i)) != NULL; i++) {
        if (i > 0 && !skip(t, separator) && !skip(t, "="))
            return;
        skip_bytes(t, part);
    }
}

/* The field that an expression begins with, FIELDS_COUNT for none. */
static enum field_id field_of(const char *expression)
{
    const size_t len =
        strspn(expression, "abcdefghijklmnopqrstuvwxyz_0123456789");
    char name[40];

    if (len >= sizeof(name))
        return FIELDS_COUNT;
    memcpy(name, expression, len);
    name[len] = '\0';
    return field_find(name);
}

/* "EXPRESSION, is VALUE" or "EXPRESSION, is not known". */
static void count_one(struct summary *s, struct rest *t, const struct record *r)
{
    const enum field_id field = field_of(t->at);
    const char *begin = t->at;
    struct piece expression;

    skip_to(t, ", is ");
    piece_clear(&expression);
    piece_add(&expression, begin, (size_t)(t->at - begin));
    counts_add(&s->expectations, &expression);
    if (skip(t, ", is ") && field != FIELDS_COUNT && record_known(r, field))
        skip_value(t, r, field);
    skip_to(t, separator);
}

void expectations_count(struct summary *s, const struct record *r)
{
    const struct bytes *text = &r->values[REC_expect].text;
    struct rest t = { text->data, text->data + text->len };

    if (!(report_findings(r) & FINDING_EXPECT))
        return;
    do {
        if (!skip(&t, "failed: ") && !skip(&t, "undetermined: "))
            return;
        count_one(s, &t, r);
    } while (skip(&t, separator));
}

void expectations_print(const struct summary *s, struct buf *out)
{
    if (s->totals.unexpected == 0)
        return;
    buf_printf(out, "targets not as expected: %" PRIu64 "\n",
               s->totals.unexpected);
    screen_rows(out, NULL, &s->expectations, ROWS);
}
