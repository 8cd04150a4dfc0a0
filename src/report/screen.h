/* screen -- how the summary is laid out: lines of at most 80 columns, and not
 * more of them than a screen has. */
#pragma once

#include "counts.h"
#include "shortlist.h"

enum { SCREEN_COLUMNS = 80 };

/* Numbers of things between commas, behind a label; what does not fit into the
 * line goes on, indented, in the next. */
struct items {
    struct buf *out;
    const char *label;
    size_t column; /* where the next character will be */
    size_t count; /* items so far: without any nothing is printed */
};
void items_begin(struct items *i, struct buf *out, const char *label);
void items_add(struct items *i, uint64_t number, const struct piece *text);
/* The same for our own words; 0 adds nothing. */
void items_number(struct items *i, uint64_t number, const char *word);
void items_end(struct items *i);

/* The most frequent texts in a line, the others counted together; nothing when
 * there are none. */
void screen_line(struct buf *out, const char *label,
                 const struct counts *counts);
/* The same, a row each under a title (NULL: it is there already); the last of
 * at most "rows" rows is for the others. */
void screen_rows(struct buf *out, const char *title,
                 const struct counts *counts, size_t rows);
/* Blanks from column "from" up to column "to", at least one. */
void screen_gap(struct buf *out, size_t from, size_t to);
