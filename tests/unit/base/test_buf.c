#include "base/buf.h"
#include "base/fault.h"
#include "base/mem.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

Test(buf, what_is_added_stands_in_order)
{
    struct buf b;

    buf_init(&b, 100);
    buf_add(&b, "ab", 2);
    buf_byte(&b, 'c');
    buf_text(&b, "de");
    buf_printf(&b, "%d-%s", 42, "x");
    cr_assert_str_eq(buf_string(&b), "abcde42-x");
    cr_assert_eq(b.len, 9);
    cr_assert(buf_ok(&b));
    buf_release(&b);
}

Test(buf, an_empty_buffer_is_an_empty_text)
{
    struct buf b;

    buf_init(&b, 10);
    cr_assert_str_eq(buf_string(&b), "");
    buf_add(&b, NULL, 0);
    buf_text(&b, "");
    buf_printf(&b, "%s", "");
    cr_assert_eq(b.len, 0);
    cr_assert(buf_ok(&b));
    buf_release(&b);
}

Test(buf, bytes_may_be_nul)
{
    struct buf b;

    buf_init(&b, 10);
    buf_add(&b, "a\0b", 3);
    cr_assert_eq(b.len, 3);
    cr_assert_eq(memcmp(b.data, "a\0b", 4), 0);
    buf_release(&b);
}

Test(buf, it_holds_exactly_its_maximum)
{
    struct buf b;

    buf_init(&b, 4);
    buf_text(&b, "abcd");
    cr_assert(buf_ok(&b));
    buf_byte(&b, 'e');
    cr_assert(b.overflowed && !buf_ok(&b));
    cr_assert_str_eq(buf_string(&b), "abcd");
    buf_release(&b);
}

Test(buf, an_overflowing_addition_is_dropped_whole_and_all_after_it)
{
    struct buf b;

    buf_init(&b, 4);
    buf_text(&b, "ab");
    buf_text(&b, "cde");
    buf_text(&b, "f");
    buf_printf(&b, "%s", "g");
    cr_assert_str_eq(buf_string(&b), "ab");
    cr_assert_not(buf_ok(&b));
    buf_release(&b);
}

Test(buf, a_length_near_the_end_of_size_t_does_not_wrap)
{
    struct buf b;

    buf_init(&b, 100);
    buf_text(&b, "ab");
    buf_add(&b, "x", SIZE_MAX);
    cr_assert(b.overflowed);
    cr_assert_eq(b.len, 2);
    buf_release(&b);
}

Test(buf, what_printf_refuses_is_dropped_and_told)
{
    struct buf b;

    buf_init(&b, 100);
    buf_text(&b, "ab");
    buf_printf(&b, "%ls", L"\x20ac"); /* no such letter in this locale */
    cr_assert(b.overflowed);
    cr_assert_str_eq(buf_string(&b), "ab");
    buf_release(&b);
}

Test(buf, clearing_makes_it_usable_again)
{
    struct buf b;

    buf_init(&b, 2);
    buf_text(&b, "abc");
    buf_clear(&b);
    cr_assert(buf_ok(&b));
    cr_assert_str_eq(buf_string(&b), "");
    buf_text(&b, "xy");
    cr_assert_str_eq(buf_string(&b), "xy");
    buf_release(&b);
}

Test(buf, release_keeps_the_maximum)
{
    struct buf b;

    buf_init(&b, 3);
    buf_text(&b, "abc");
    buf_release(&b);
    cr_assert_eq(b.max, 3);
    buf_text(&b, "abcd");
    cr_assert(b.overflowed);
    buf_release(&b);
}

Test(buf, it_grows_far)
{
    struct buf b;

    buf_init(&b, 1 << 20);
    for (int i = 0; i < 100000; i++)
        buf_text(&b, "12345678");
    cr_assert(buf_ok(&b));
    cr_assert_eq(b.len, 800000);
    cr_assert_eq(strlen(buf_string(&b)), 800000);
    buf_release(&b);
}

Test(buf, taking_gives_the_bytes_away)
{
    struct buf b;
    size_t len = 0;

    buf_init(&b, 10);
    buf_text(&b, "abc");

    char *text = buf_take(&b, &len);

    cr_assert_str_eq(text, "abc");
    cr_assert_eq(len, 3);
    cr_assert_eq(b.len, 0);
    cr_assert_str_eq(buf_string(&b), "");
    mem_free(text);
    buf_release(&b);
}

Test(buf, taking_nothing_gives_an_empty_text)
{
    struct buf b;
    size_t len = 7;

    buf_init(&b, 10);

    char *text = buf_take(&b, &len);

    cr_assert_str_eq(text, "");
    cr_assert_eq(len, 0);
    mem_free(text);
}

Test(buf, taking_after_a_drop_gives_nothing)
{
    struct buf b;
    size_t len;

    buf_init(&b, 2);
    buf_text(&b, "abc");
    cr_assert_null(buf_take(&b, &len));
    cr_assert(buf_ok(&b));
}

Test(buf, a_wiped_one_is_empty_and_takes_as_much_again)
{
    struct buf b;

    buf_init(&b, 3);
    buf_wipe(&b);
    buf_text(&b, "abc");
    buf_wipe(&b);
    cr_assert_str_eq(buf_string(&b), "");
    buf_text(&b, "def");
    cr_assert_str_eq(buf_string(&b), "def");
    buf_text(&b, "g");
    cr_assert(b.overflowed);
    buf_wipe(&b);
    cr_assert(buf_ok(&b));
}

Test(buf, refused_memory_marks_it_and_keeps_what_is_there)
{
    struct buf b;

    buf_init(&b, 1000);
    buf_text(&b, "ab");
    fault_arm(1);
    buf_printf(&b, "%0200d", 1);
    fault_arm(0);
    buf_text(&b, "c");
    cr_assert(b.refused && !b.overflowed && !buf_ok(&b));
    cr_assert_str_eq(buf_string(&b), "ab");
    buf_release(&b);
}
