/* csv_reader -- a strict reader of RFC 4180 with LF, independent of csv.c. */
#pragma once

#include "base/buf.h"

struct csv_cell {
    char *text;
    size_t len;
    bool quoted;
};

struct csv_table {
    struct csv_cell *cells;
    size_t count, columns;
};

/* False when the text is no CSV or its rows differ in length. */
bool csv_read(struct csv_table *t, const char *text, size_t len);
void csv_release(struct csv_table *t);
/* The cell of a row (0 is the header) under a column name; it must exist. */
const struct csv_cell *csv_at(const struct csv_table *t, size_t row,
                              const char *column);
