#include "change.h"

#include "places.h"
#include "say.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 16 << 20, ITEMS_SHOWN = 10 };

static const char separator[] = "; ";

/* Not what was asked, nor how we came to judge it; the sentence "error" may
 * name an address, and its meaning is "code". */
static bool is_compared(enum field_id id)
{
    return !(field_rows[id].traits & FIELD_VOLATILE) && !key_names(id)
           && id != REC_tags && id != REC_repro && id != REC_error
           && id != REC_expect && id != REC_change;
}

bool change_can_tell(const struct record *r)
{
    enum status status = record_status(r);

    return !record_known(r, REC_status)
           || (status != STATUS_INTERNAL && status != STATUS_NOT_ATTEMPTED);
}

/* What was not looked for is not known. */
static bool is_known(const struct record *r, enum field_id id)
{
    enum value_state state = said_state(r, id);

    return state == VALUE_KNOWN || state == VALUE_NONE;
}

static void say_field(struct buf *out, enum field_id id)
{
    if (out->len > 0)
        buf_text(out, separator);
    buf_text(out, field_rows[id].name);
    buf_text(out, ": ");
}

/* ---- lists: what came and what went, in any order ---- */

/* Sorted items of a list.  A report in CSV cannot tell the end of an item from
 * the separator inside of one, so neither do we. */
struct items {
    struct buf text;
    struct bytes *items;
    size_t count;
};

static int by_text(const void *a, const void *b)
{
    const struct bytes *x = a, *y = b;
    size_t len = x->len < y->len ? x->len : y->len;
    int way = len > 0 ? memcmp(x->data, y->data, len) : 0;

    return way != 0 ? way : (x->len > y->len) - (x->len < y->len);
}

static size_t count_items(const struct buf *text)
{
    size_t n = 1;

    for (size_t i = 1; i < text->len; i++)
        n += text->data[i - 1] == separator[0] && text->data[i] == separator[1];
    return n;
}

static void split(struct items *list)
{
    char *at = list->text.data, *end = at + list->text.len;

    while (at) {
        char *next =
            memmem(at, (size_t)(end - at), separator, strlen(separator));
        size_t len = (size_t)((next ? next : end) - at);
        size_t guard = say_guard(at, len);
        struct bytes item = { .data = at + guard, .len = len - guard };

        if (item.len > 0)
            list->items[list->count++] = item;
        at = next ? next + strlen(separator) : NULL;
    }
}

/* Certificates of a chain by subject and, with prints, by fingerprint. */
static void say_chain(struct buf *out, const struct record *r, bool prints)
{
    for (size_t i = 0; i < r->nchain; i++) {
        const struct value *values = r->chain[i].values;
        const struct bytes *subject = &values[CERT_subject].text;
        const struct bytes *print = &values[CERT_sha256].text;

        buf_text(out, i > 0 ? separator : "");
        buf_add(out, subject->data, subject->len);
        if (prints)
            buf_printf(out, " (%.*s)", (int)print->len, print->data);
    }
}

static bool has_prints(const struct record *r)
{
    for (size_t i = 0; i < r->nchain; i++) {
        if (r->chain[i].values[CERT_sha256].state != VALUE_KNOWN)
            return false;
    }
    return true;
}

/* False when out of memory; items_release() also then. */
static bool items_init(struct items *list, const struct record *r,
                       enum field_id id, bool prints)
{
    *list = (struct items){ 0 };
    buf_init(&list->text, LIST_MAX);
    if (id == REC_chain)
        say_chain(&list->text, r, prints);
    else if (r->values[id].state == VALUE_KNOWN)
        say_whole(&list->text, r, id);
    if (list->text.len == 0)
        return !list->text.refused;
    list->items = mem_new(count_items(&list->text), sizeof(*list->items));
    if (!list->items || list->text.refused)
        return false;
    split(list);
    qsort(list->items, list->count, sizeof(*list->items), by_text);
    return true;
}

static void items_release(struct items *list)
{
    buf_release(&list->text);
    mem_free(list->items);
}

/* The items of "list" that are not in "other", each behind the sign. */
static void say_missing(struct buf *out, char sign, const struct items *list,
                        const struct items *other)
{
    size_t told = 0, j = 0;

    for (size_t i = 0; i < list->count; i++) {
        const struct bytes *item = &list->items[i];

        while (j < other->count && by_text(&other->items[j], item) < 0)
            j++;
        if (j < other->count && by_text(&other->items[j], item) == 0) {
            j++;
            continue;
        }
        if (told++ >= ITEMS_SHOWN)
            continue;
        buf_text(out, out->len > 0 ? " " : "");
        buf_byte(out, sign);
        say_bytes(out, item->data, item->len);
    }
    if (told > ITEMS_SHOWN)
        buf_printf(out, " (and %c%zu more)", sign, told - ITEMS_SHOWN);
}

/* "san: -DNS:old +DNS:new" */
static void compare_list(struct buf *out, const struct record *before,
                         const struct record *now, enum field_id id)
{
    bool prints = has_prints(before) && has_prints(now);
    struct items old, new;
    struct buf difference;

    buf_init(&difference, LIST_MAX);
    out->refused |= !items_init(&old, before, id, prints);
    out->refused |= !items_init(&new, now, id, prints);
    if (!out->refused) {
        say_missing(&difference, '-', &old, &new);
        say_missing(&difference, '+', &new, &old);
    }
    if (difference.len > 0) {
        say_field(out, id);
        buf_add(out, difference.data, difference.len);
    }
    out->refused |= difference.refused;
    buf_release(&difference);
    items_release(&old);
    items_release(&new);
}

/* ---- the others ---- */

static bool is_same(const struct record *before, const struct record *now,
                    enum field_id id)
{
    const struct value *a = &before->values[id], *b = &now->values[id];

    if (field_rows[id].kind == FIELD_TEXT)
        return key_same_text(before, now, id);
    return a->state == b->state && a->number == b->number;
}

static void compare_value(struct buf *out, const struct record *before,
                          const struct record *now, enum field_id id)
{
    if (is_same(before, now, id))
        return;
    say_field(out, id);
    say_value(out, before, id);
    buf_text(out, " -> ");
    say_value(out, now, id);
}

void change_say(struct buf *out, const struct record *before,
                const struct record *now)
{
    for (size_t i = 0; i < FIELDS_COUNT; i++) {
        enum field_id id = (enum field_id)i;
        enum field_kind kind = field_rows[id].kind;

        if (!is_compared(id) || !is_known(before, id) || !is_known(now, id))
            continue;
        if (kind == FIELD_LIST || kind == FIELD_TAGS || kind == FIELD_CHAIN)
            compare_list(out, before, now, id);
        else
            compare_value(out, before, now, id);
    }
}
