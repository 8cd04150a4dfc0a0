#include "../../../src/scan/scan_room.h"

#include <criterion/criterion.h>
#include <string.h>

Test(roster, the_longest_come_first_and_the_idle_not_at_all)
{
    static const int64_t since[] = { 50, 10, 40, 20, 30 };
    struct seat longest[3];
    struct roster r;

    cr_assert(roster_init(&r, 6));
    for (size_t i = 0; i < 5; i++) {
        roster_begin(&r, i, "x");
        r.seats[i].since_ms = since[i];
    }
    roster_end(&r, 3);
    cr_assert_eq(roster_longest(&r, longest, 3), 3);
    cr_expect_eq(longest[0].since_ms, 10);
    cr_expect_eq(longest[1].since_ms, 30);
    cr_expect_eq(longest[2].since_ms, 40);
    roster_release(&r);
}

Test(roster, a_long_name_is_cut_and_ends)
{
    char text[4 * ROSTER_NAME];
    struct seat longest[1];
    struct roster r;

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    cr_assert(roster_init(&r, 1));
    roster_begin(&r, 0, text);
    cr_assert_eq(roster_longest(&r, longest, 1), 1);
    cr_expect_eq(strlen(longest[0].name), ROSTER_NAME - 1);
    roster_release(&r);
}
