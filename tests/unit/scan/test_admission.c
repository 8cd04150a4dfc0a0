/* Fewer places while our own threads run late, all of them again when not. */
#include "../../../src/scan/scan_room.h"

#include <criterion/criterion.h>

enum { VERY_LATE_US = 1000 * 1000 };

Test(admission, late_threads_take_places_away_but_never_all)
{
    struct admission a;

    admission_init(&a, 100);
    admission_adjust(&a, VERY_LATE_US);
    cr_expect_lt(a.limit, 100);
    for (int i = 0; i < 1000; i++)
        admission_adjust(&a, VERY_LATE_US);
    cr_expect_geq(a.limit, 1);
    admission_release(&a);
}

Test(admission, places_come_back_when_nothing_is_late)
{
    struct admission a;

    admission_init(&a, 100);
    for (int i = 0; i < 10; i++)
        admission_adjust(&a, VERY_LATE_US);
    for (int i = 0; i < 1000; i++)
        admission_adjust(&a, 0);
    cr_expect_eq(a.limit, 100);
    admission_release(&a);
}

Test(admission, one_worker_is_always_admitted)
{
    struct admission a;

    admission_init(&a, 1);
    for (int i = 0; i < 50; i++)
        admission_adjust(&a, VERY_LATE_US);
    admission_enter(&a);
    admission_leave(&a);
    cr_expect_eq(a.inside, 0);
    admission_release(&a);
}
