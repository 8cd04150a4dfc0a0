/* shortlist -- the ten records with the lowest keys; of equal ones those that
 * come first in the list, whenever they are done. */
#pragma once

#include "piece.h"

enum { SHORTLIST_ROWS = 10 };

struct shortlist_row {
    int64_t key;
    uint64_t seq;
    struct piece target;
    struct piece note;
};

struct shortlist {
    struct shortlist_row rows[SHORTLIST_ROWS];
    size_t used;
};

/* A row in its place, with its target; the note is empty.  NULL when ten
 * others go before it. */
struct shortlist_row *shortlist_place(struct shortlist *l, int64_t key,
                                      const struct record *r);
