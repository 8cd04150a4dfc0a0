/* counts -- how often each of a few texts came.  Memory is fixed: when there
 * are more kinds than rows, those that came last are counted together. */
#pragma once

#include "piece.h"

enum { COUNTS_ROWS = 64 };

struct count {
    uint64_t number;
    struct piece text;
};

struct counts {
    struct count rows[COUNTS_ROWS];
    size_t used;
    uint64_t total; /* also of those without a row */
};

void counts_add(struct counts *c, const struct piece *text);
/* Counts a field of a record, if it is known. */
void counts_field(struct counts *c, const struct record *r, enum field_id id);
/* The most frequent, at most "room" of them, by number and then by text;
 * returns how many. */
size_t counts_top(const struct counts *c, const struct count *top[],
                  size_t room);
