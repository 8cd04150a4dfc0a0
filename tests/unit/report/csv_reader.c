#include "csv_reader.h"

#include "base/mem.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

struct reader {
    const char *at, *end;
};

static bool peek(const struct reader *in, char c)
{
    return in->at < in->end && *in->at == c;
}

static bool read_quoted(struct reader *in, struct buf *cell)
{
    for (in->at++; in->at < in->end; in->at++) {
        if (*in->at == '"' && in->at + 1 < in->end && in->at[1] == '"')
            in->at++;
        else if (*in->at == '"')
            break;
        buf_byte(cell, *in->at);
    }
    if (!peek(in, '"'))
        return false;
    in->at++;
    return true;
}

static bool read_plain(struct reader *in, struct buf *cell)
{
    for (; in->at < in->end && !peek(in, ',') && !peek(in, '\n'); in->at++) {
        if (*in->at == '"' || *in->at == '\r')
            return false;
        buf_byte(cell, *in->at);
    }
    return true;
}

static bool read_cell(struct csv_table *t, struct reader *in)
{
    struct csv_cell *cell;
    struct buf text;
    bool done;

    if ((t->count & (t->count - 1)) == 0) /* full at every power of two */
        t->cells = mem_resize(t->cells, (t->count * 2 + 1) * sizeof(*cell));
    cr_assert_not_null(t->cells);
    cell = &t->cells[t->count++];
    buf_init(&text, SIZE_MAX / 2);
    cell->quoted = peek(in, '"');
    done = cell->quoted ? read_quoted(in, &text) : read_plain(in, &text);
    cell->text = buf_take(&text, &cell->len);
    return done && (peek(in, ',') || peek(in, '\n'));
}

/* Reads one row and its line end; *width is the number of its cells. */
static bool read_row(struct csv_table *t, struct reader *in, size_t *width)
{
    size_t before = t->count;

    do {
        if (!read_cell(t, in))
            return false;
    } while (*in->at++ == ',');
    *width = t->count - before;
    return true;
}

bool csv_read(struct csv_table *t, const char *text, size_t len)
{
    struct reader in = { .at = text, .end = text + len };

    *t = (struct csv_table){ 0 };
    while (in.at < in.end) {
        size_t width;

        if (!read_row(t, &in, &width))
            return false;
        if (t->columns == 0)
            t->columns = width;
        if (t->columns != width)
            return false;
    }
    return true;
}

void csv_release(struct csv_table *t)
{
    for (size_t i = 0; i < t->count; i++)
        mem_free(t->cells[i].text);
    mem_free(t->cells);
}

const struct csv_cell *csv_at(const struct csv_table *t, size_t row,
                              const char *column)
{
    size_t i = 0;

    while (i < t->columns && strcmp(t->cells[i].text, column) != 0)
        i++;
    cr_assert_lt(i, t->columns, "no column %s", column);
    cr_assert_lt(row * t->columns + i, t->count, "no row %zu", row);
    return &t->cells[row * t->columns + i];
}
