#include "base/fault.h"
#include "base/mem.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <string.h>

Test(mem, new_memory_is_zeroed)
{
    unsigned char *p = mem_new(100, 3);

    cr_assert_not_null(p);
    for (size_t i = 0; i < 300; i++)
        cr_assert_eq(p[i], 0);
    mem_free(p);
}

Test(mem, resizing_keeps_the_bytes)
{
    char *p = mem_copy("abc", 3), *q;

    cr_assert_not_null(p);
    q = mem_resize(p, 1000);
    cr_assert_not_null(q);
    cr_assert_str_eq(q, "abc");
    mem_free(q);
}

Test(mem, a_refused_resize_leaves_the_block)
{
    char *p = mem_copy("abc", 3);

    cr_assert_not_null(p);
    fault_arm(1);

    char *q = mem_resize(p, 1000);

    fault_arm(0);
    cr_assert_null(q);
    cr_assert_str_eq(p, "abc");
    mem_free(p);
}

Test(mem, a_copy_ends_in_nul_and_may_hold_one)
{
    char *p = mem_copy("a\0b", 3), *empty = mem_copy(NULL, 0);

    cr_assert_eq(memcmp(p, "a\0b", 4), 0);
    cr_assert_str_eq(empty, "");
    mem_free(p);
    mem_free(empty);
}

Test(mem, no_text_has_no_copy)
{
    char *copy = mem_text("x");

    mem_forget();
    cr_assert_null(mem_text(NULL));
    cr_assert_not(mem_refused());
    cr_assert_str_eq(copy, "x");
    mem_free(copy);
    mem_free(NULL);
}

Test(mem, every_kind_of_refusal_is_remembered_until_forgotten)
{
    for (int kind = 0; kind < 4; kind++) {
        void *p;

        mem_forget();
        fault_arm(1);
        p = kind == 0   ? mem_new(1, 1)
            : kind == 1 ? mem_resize(NULL, 1)
            : kind == 2 ? mem_copy("a", 1)
                        : mem_text("a");
        fault_arm(0);
        cr_assert_null(p);
        cr_assert(mem_refused());
        cr_assert(mem_refused());
        mem_forget();
        cr_assert_not(mem_refused());
    }
}

static void *refuse_here(void *seen)
{
    void *p;

    fault_arm(1);
    p = mem_new(1, 1);
    *(bool *)seen = !p && mem_refused();
    mem_free(p);
    return NULL;
}

Test(mem, a_refusal_belongs_to_its_thread)
{
    pthread_t thread;
    bool seen = false;

    mem_forget();
    cr_assert_eq(pthread_create(&thread, NULL, refuse_here, &seen), 0);
    pthread_join(thread, NULL);
    cr_assert(seen);
    cr_assert_not(mem_refused());
}

Test(mem, the_nth_call_fails_once_and_calls_are_counted)
{
    void *a, *b, *c;

    fault_arm(2);
    a = mem_new(1, 1);
    b = mem_new(1, 1);
    c = mem_new(1, 1);
    cr_assert(a && !b && c);
    cr_assert_eq(fault_seen(), 3);
    fault_arm(0);
    cr_assert_eq(fault_seen(), 0);
    mem_free(a);
    mem_free(c);
}
