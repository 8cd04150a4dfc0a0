#include "../../../src/report/shortlist.h"
#include "sample.h"

#include <criterion/criterion.h>

enum { ALL = 200 };

static struct shortlist list;

static bool place(int64_t key, uint64_t seq)
{
    struct record *r = sample_ok(seq, "a:1");
    const bool placed = shortlist_place(&list, key, r) != NULL;

    record_free(r);
    return placed;
}

Test(shortlist, the_lowest_keys_stay_whatever_the_order)
{
    static const size_t steps[] = { 1, 7, 199, 101 };

    for (size_t s = 0; s < 4; s++) {
        list = (struct shortlist){ 0 };
        for (size_t i = 0; i < ALL; i++)
            place((int64_t)(i * steps[s] % ALL), i * steps[s] % ALL);
        cr_assert_eq(list.used, SHORTLIST_ROWS);
        for (size_t i = 0; i < SHORTLIST_ROWS; i++)
            cr_assert_eq(list.rows[i].key, (int64_t)i);
    }
}

Test(shortlist, equal_keys_stand_in_list_order)
{
    for (size_t step = 1; step < ALL; step += 6) {
        list = (struct shortlist){ 0 };
        for (size_t i = 0; i < ALL + 1; i++)
            place(5, (i * step) % (ALL + 1));
        for (size_t i = 0; i < SHORTLIST_ROWS && 201 % step; i++)
            cr_assert_eq(list.rows[i].seq, i, "step %zu", step);
    }
}

Test(shortlist, what_comes_after_ten_others_has_no_place)
{
    list = (struct shortlist){ 0 };
    for (uint64_t i = 0; i < SHORTLIST_ROWS; i++)
        cr_assert(place(3, i));
    cr_assert_not(place(3, SHORTLIST_ROWS));
    cr_assert_not(place(4, 0));
    cr_assert(place(2, 99));
    cr_assert_eq(list.rows[0].seq, 99);
}
