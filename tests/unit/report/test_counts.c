#include "../../../src/report/counts.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct counts counts;

static void add(const char *text, int times)
{
    struct piece piece;

    piece_clear(&piece);
    piece_text(&piece, text);
    for (int i = 0; i < times; i++)
        counts_add(&counts, &piece);
}

static void assert_is(const struct count *c, uint64_t number, const char *text)
{
    cr_assert_eq(c->number, number);
    cr_assert_eq(c->text.len, strlen(text));
    cr_assert_eq(memcmp(c->text.data, text, strlen(text)), 0);
}

Test(counts, the_most_frequent_come_first_and_equal_ones_by_text)
{
    const struct count *top[3];

    counts = (struct counts){ 0 };
    add("once", 1);
    add("twice too", 2);
    add("twice", 2);
    add("often", 5);
    cr_assert_eq(counts_top(&counts, top, 3), 3);
    assert_is(top[0], 5, "often");
    assert_is(top[1], 2, "twice");
    assert_is(top[2], 2, "twice too");
    cr_assert_eq(counts.total, 10);
}

Test(counts, fewer_kinds_than_asked_for_are_all_there_are)
{
    const struct count *top[8];

    counts = (struct counts){ 0 };
    cr_assert_eq(counts_top(&counts, top, 8), 0);
    add("b", 1);
    add("a", 1);
    cr_assert_eq(counts_top(&counts, top, 8), 2);
    assert_is(top[0], 1, "a");
}

Test(counts, more_kinds_than_rows_are_still_counted)
{
    const struct count *top[COUNTS_ROWS];
    char text[20];
    uint64_t sum = 0;

    counts = (struct counts){ 0 };
    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof(text), "kind %d", i % 200);
        add(text, 1);
    }
    cr_assert_eq(counts_top(&counts, top, COUNTS_ROWS), COUNTS_ROWS);
    for (size_t i = 0; i < COUNTS_ROWS; i++)
        sum += top[i]->number;
    cr_assert_eq(sum, COUNTS_ROWS * 5);
    cr_assert_eq(counts.total, 1000);
}

Test(counts, the_order_in_which_they_came_does_not_matter)
{
    const struct count *top[2];

    for (int way = 0; way < 2; way++) {
        counts = (struct counts){ 0 };
        add(way ? "a" : "b", 3);
        add(way ? "b" : "a", 3);
        cr_assert_eq(counts_top(&counts, top, 2), 2);
        assert_is(top[0], 3, "a");
        assert_is(top[1], 3, "b");
    }
}
