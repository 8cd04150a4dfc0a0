/* certs -- certificates by the days that they have left. */
#include "findings.h"
#include "screen.h"
#include "summary.h"

#include <inttypes.h>
#include <string.h>

/* Where the columns of the soonest begin. */
enum { AT_TARGET = 12, AT_NAME = 48 };

static const struct {
    int64_t under; /* days left: fewer than these */
    const char *label;
} kinds[DAYS_UNKNOWN] = {
    [DAYS_EXPIRED] = { 0, "expired" },     [DAYS_7] = { 7, "within 7" },
    [DAYS_30] = { 30, "within 30" },       [DAYS_90] = { 90, "within 90" },
    [DAYS_LATER] = { INT64_MAX, "later" },
};

static enum days kind_of(int64_t left)
{
    enum days kind = DAYS_EXPIRED;

    while (kind < DAYS_LATER && left >= kinds[kind].under)
        kind++;
    return kind;
}

/* The text behind "CN" and an equals sign, up to the next attribute, as the
 * common styles of -nameopt write it; false when there is none. */
static bool find_common_name(const struct bytes *subject, struct bytes *name)
{
    char *at = subject->data, *end = at + subject->len, *comma;

    while (at < end && (at = memmem(at, (size_t)(end - at), "CN", 2)) != NULL) {
        const bool begins =
            at == subject->data || at[-1] == ' ' || at[-1] == ',';

        at += 2;
        at += strspn(at, " ");
        if (begins && at < end && *at == '=') {
            at += 1 + strspn(at + 1, " ");
            comma = memchr(at, ',', (size_t)(end - at));
            *name =
                (struct bytes){ .data = at,
                                .len = (size_t)((comma ? comma : end) - at) };
            return true;
        }
    }
    return false;
}

/* Whose certificate it is, in short. */
static void name_owner(struct piece *note, const struct record *r)
{
    const struct value *subject = &r->values[REC_subject];
    const struct value *san = &r->values[REC_san];
    struct bytes name = subject->text;

    if (subject->state != VALUE_KNOWN
        || !find_common_name(&subject->text, &name))
        if (san->state == VALUE_KNOWN && san->nitems > 0)
            name = san->items[0];
    piece_add(note, name.data, name.len);
}

void certs_count(struct summary *s, const struct record *r)
{
    const int64_t left = record_int(r, REC_days_left, 0);
    struct shortlist_row *row;

    if (!record_known(r, REC_days_left)) {
        s->days[DAYS_UNKNOWN] += !finding_gone(r);
        return;
    }
    s->days[kind_of(left)]++;
    row = shortlist_place(&s->soonest, left, r);
    if (row)
        name_owner(&row->note, r);
}

static void print_row(const struct shortlist_row *row, struct buf *out)
{
    size_t column = AT_TARGET;

    buf_printf(out, "%8" PRId64 " d  ", row->key);
    column += piece_show(out, &row->target, AT_NAME - AT_TARGET - 1);
    screen_gap(out, column, AT_NAME);
    piece_show(out, &row->note, SCREEN_COLUMNS - AT_NAME);
    buf_byte(out, '\n');
}

void certs_print(const struct summary *s, struct buf *out)
{
    struct items line;

    items_begin(&line, out, "certificates by days left:");
    for (size_t i = 0; i < DAYS_UNKNOWN; i++)
        items_number(&line, s->days[i], kinds[i].label);
    items_number(&line, s->days[DAYS_UNKNOWN], "unknown");
    items_end(&line);
    for (size_t i = 0; i < s->soonest.used; i++)
        print_row(&s->soonest.rows[i], out);
}
