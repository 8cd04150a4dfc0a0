#include "shortlist.h"

#include <string.h>

static bool goes_before(const struct shortlist_row *a, int64_t key,
                        uint64_t seq)
{
    return a->key < key || (a->key == key && a->seq <= seq);
}

struct shortlist_row *shortlist_place(struct shortlist *l, int64_t key,
                                      const struct record *r)
{
    size_t at = l->used;
    struct shortlist_row *row;

    while (at > 0 && !goes_before(&l->rows[at - 1], key, r->seq))
        at--;
    if (at == SHORTLIST_ROWS)
        return NULL;
    row = &l->rows[at];
    l->used += l->used < SHORTLIST_ROWS;
    memmove(row + 1, row, (l->used - 1 - at) * sizeof(*row));
    row->key = key;
    row->seq = r->seq;
    piece_target(&row->target, r);
    piece_clear(&row->note);
    return row;
}
