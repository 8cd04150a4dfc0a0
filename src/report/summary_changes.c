/* changes -- what is different from the baseline.
 *
 * The sentence of judge.h has the fields in the order of their rows.  Values
 * in it may look like fields: they can be miscounted, but every field once a
 * record at most, and records are counted by what is not in doubt. */
#include "findings.h"
#include "screen.h"
#include "summary.h"

#include <inttypes.h>
#include <string.h>

/* Two targets stand in a row. */
enum { AT_FIRST = 2, AT_SECOND = 41 };

static bool begins(const char *at, const char *end, const char *name)
{
    const size_t len = strlen(name);

    return (size_t)(end - at) > len && memcmp(at, name, len) == 0
           && at[len] == ':';
}

/* The row of the field that is told here, from "first" on. */
static size_t find_row(const char *at, const char *end, size_t first)
{
    while (first < FIELDS_COUNT && !begins(at, end, field_rows[first].name))
        first++;
    return first;
}

/* "field: old -> new; field: -old +new" */
static void count_fields(struct summary *s, const struct bytes *text)
{
    const char *at = text->data, *end = at + text->len;
    size_t next = 0;

    while (at) {
        const size_t row = find_row(at, end, next);

        if (row < FIELDS_COUNT) {
            struct piece name;

            piece_clear(&name);
            piece_text(&name, field_rows[row].name);
            counts_add(&s->changes, &name);
            next = row + 1;
        }
        at = memmem(at, (size_t)(end - at), "; ", 2);
        if (at)
            at += 2;
    }
}

void changes_count(struct summary *s, const struct record *r)
{
    const bool unseen = finding_says(r, REC_change, "new");
    const bool gone = finding_gone(r);
    struct shortlist_row *row;

    if (!(report_findings(r) & FINDING_CHANGE))
        return;
    s->unseen += unseen;
    if (!unseen && !gone)
        count_fields(s, &r->values[REC_change].text);
    row = shortlist_place(&s->changed, 0, r);
    if (row)
        piece_text(&row->note, unseen ? "new" : gone ? "gone" : "changed");
}

/* Prints into the columns from "from" on; returns where it ended. */
static size_t print_target(const struct shortlist_row *row, size_t from,
                           size_t to, struct buf *out)
{
    const size_t at = from + row->note.len + 1u;

    buf_printf(out, "%.*s ", (int)row->note.len, row->note.data);
    return at + piece_show(out, &row->target, to - at);
}

static void print_targets(const struct shortlist *list, struct buf *out)
{
    for (size_t i = 0; i < list->used; i += 2) {
        size_t column;

        screen_gap(out, 0, AT_FIRST);
        column = print_target(&list->rows[i], AT_FIRST, AT_SECOND - 1, out);
        if (i + 1 < list->used) {
            screen_gap(out, column, AT_SECOND);
            print_target(&list->rows[i + 1], AT_SECOND, SCREEN_COLUMNS, out);
        }
        buf_byte(out, '\n');
    }
}

void changes_print(const struct summary *s, struct buf *out)
{
    const uint64_t gone = s->totals.gone;
    struct items line;

    items_begin(&line, out, "since the baseline:");
    items_number(&line, s->totals.changed - s->unseen - gone, "changed");
    items_number(&line, s->unseen, "new");
    items_number(&line, gone, "gone");
    items_end(&line);
    screen_line(out, "  fields that changed:", &s->changes);
    print_targets(&s->changed, out);
}
