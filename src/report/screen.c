#include "screen.h"

#include <inttypes.h>
#include <string.h>

enum {
    SHOWN = 5, /* items of a line */
    ITEM_COLUMNS = 48,
    ROW_INDENT = 10, /* a number of eight digits and two blanks */
};

static const char indent[] = "  ", others[] = "others";

/* ---- lines ---- */

void items_begin(struct items *i, struct buf *out, const char *label)
{
    *i = (struct items){ .out = out, .label = label };
}

/* Makes way for an item of so many columns. */
static void make_way(struct items *i, size_t columns)
{
    const char *before = i->count++ == 0 ? i->label : ",";

    buf_text(i->out, before);
    i->column += strlen(before);
    if (i->column + 1 + columns < SCREEN_COLUMNS) {
        buf_byte(i->out, ' ');
        i->column++;
    } else {
        buf_byte(i->out, '\n');
        buf_text(i->out, indent);
        i->column = strlen(indent);
    }
}

void items_add(struct items *i, uint64_t number, const struct piece *text)
{
    struct buf item;
    size_t columns;

    buf_init(&item, 16 * PIECE_MAX);
    buf_printf(&item, "%" PRIu64 " ", number);
    columns = item.len + piece_show(&item, text, ITEM_COLUMNS);
    make_way(i, columns);
    buf_add(i->out, buf_string(&item), item.len);
    i->column += columns;
    i->out->refused |= item.refused;
    buf_release(&item);
}

void items_number(struct items *i, uint64_t number, const char *word)
{
    struct piece text;

    if (number == 0)
        return;
    piece_clear(&text);
    piece_text(&text, word);
    items_add(i, number, &text);
}

void items_end(struct items *i)
{
    if (i->count > 0)
        buf_byte(i->out, '\n');
}

/* ---- what was counted ---- */

/* How many of all were in none of the rows that are shown. */
static uint64_t rest_of(const struct counts *counts,
                        const struct count *const top[], size_t n)
{
    uint64_t rest = counts->total;

    for (size_t i = 0; i < n; i++)
        rest -= top[i]->number;
    return rest;
}

void screen_line(struct buf *out, const char *label,
                 const struct counts *counts)
{
    const struct count *top[SHOWN];
    size_t n = counts_top(counts, top, SHOWN);
    struct items line;

    items_begin(&line, out, label);
    for (size_t i = 0; i < n; i++)
        items_add(&line, top[i]->number, &top[i]->text);
    items_number(&line, rest_of(counts, top, n), others);
    items_end(&line);
}

static void add_row(struct buf *out, uint64_t number, const struct piece *text)
{
    buf_printf(out, "%8" PRIu64 "  ", number);
    piece_show(out, text, SCREEN_COLUMNS - ROW_INDENT);
    buf_byte(out, '\n');
}

void screen_rows(struct buf *out, const char *title,
                 const struct counts *counts, size_t rows)
{
    const struct count *top[COUNTS_ROWS];
    size_t n = counts_top(counts, top, rows);
    uint64_t rest = rest_of(counts, top, n);

    if (title && n > 0)
        buf_printf(out, "%s\n", title);
    if (rest > 0 && n == rows) /* its row is needed for the others */
        rest += top[--n]->number;
    for (size_t i = 0; i < n; i++)
        add_row(out, top[i]->number, &top[i]->text);
    if (rest > 0)
        buf_printf(out, "%8" PRIu64 "  %s\n", rest, others);
}

void screen_gap(struct buf *out, size_t from, size_t to)
{
    do
        buf_byte(out, ' ');
    while (++from < to);
}
