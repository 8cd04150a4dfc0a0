#include "../../../src/scan/scan_room.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>

static struct address host(unsigned last)
{
    struct address a = { .len = sizeof(struct sockaddr_in) };
    struct sockaddr_in *sa = (void *)&a.sa;

    sa->sin_family = AF_INET;
    sa->sin_addr.s_addr = htonl(0xc0000200u + last);
    return a;
}

Test(parking, a_job_is_given_to_who_leaves_its_address)
{
    struct job one = { .held = host(1) }, two = { .held = host(2) };
    const struct address first = host(1), second = host(2), third = host(3);
    struct parking p;

    parking_init(&p, 10);
    cr_assert(parking_put(&p, &one));
    cr_assert(parking_put(&p, &two));
    cr_expect_null(parking_take(&p, &third));
    cr_expect_eq(parking_take(&p, &second), &two);
    cr_expect_null(parking_take(&p, &second));
    cr_expect_eq(parking_take(&p, &first), &one);
    parking_release(&p);
}

Test(parking, who_waited_longest_comes_first)
{
    struct job jobs[3] = { { .held = host(1) },
                           { .held = host(1) },
                           { .held = host(1) } };
    const struct address a = host(1);
    struct parking p;

    parking_init(&p, 10);
    for (size_t i = 0; i < 3; i++)
        cr_assert(parking_put(&p, &jobs[i]));
    for (size_t i = 0; i < 3; i++)
        cr_expect_eq(parking_take(&p, &a), &jobs[i]);
    parking_release(&p);
}

Test(parking, a_full_place_takes_no_more)
{
    struct job jobs[2] = { { .held = host(1) }, { .held = host(1) } };
    struct parking p;

    parking_init(&p, 1);
    cr_expect(parking_put(&p, &jobs[0]));
    cr_expect_not(parking_put(&p, &jobs[1]));
    parking_release(&p);
}
