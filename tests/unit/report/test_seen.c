#include "../../../src/report/seen.h"
#include "base/fault.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct seen seen;
static struct err e;

static bool is_again(const char *text)
{
    bool again = true;

    cr_assert(seen_note(&seen, text, strlen(text), &again, &e), "%s", e.msg);
    return again;
}

Test(seen, a_text_is_known_the_second_time)
{
    cr_assert_not(is_again("a"));
    cr_assert_not(is_again(""));
    cr_assert(is_again("a"));
    cr_assert(is_again(""));
    cr_assert_not(is_again("b"));
    seen_release(&seen);
    cr_assert_not(is_again("a"));
    seen_release(&seen);
}

Test(seen, many_are_told_apart)
{
    char text[20];

    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 20000; i++) {
            snprintf(text, sizeof(text), "host%d:443", i);
            cr_assert_eq(is_again(text), round > 0);
        }
    cr_assert_leq(seen.room, 64 * 1024);
    seen_release(&seen);
}

Test(seen, without_memory_it_says_so_and_keeps_what_it_has)
{
    char text[20];
    bool again, failed = false;

    for (int i = 0; i < 2000 && !failed; i++) {
        snprintf(text, sizeof(text), "%d", i);
        fault_arm(i > 300 ? 1 : 0);
        failed = !seen_note(&seen, text, strlen(text), &again, &e);
        fault_arm(-1);
    }
    cr_assert(failed);
    cr_assert_eq(e.code, ERR_NO_MEMORY);
    cr_assert(is_again("0"));
    seen_release(&seen);
}
