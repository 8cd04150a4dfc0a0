/* Memory that is refused, call by call. */
#include "run.h"

#include "base/fault.h"

#include <criterion/criterion.h>

static void add_lists(struct run *r)
{
    run_list(r, "yaml",
             "defaults: {alpn: h2}\n"
             "profiles: {p: {alpn: x}, q: {alpn: y}}\n"
             "targets: [a, {hosts: [b, 'smtps://c'], tags: {x: y}, "
             "profiles: [p, q], nameopt: [x, y], deadline: 3}]");
    run_list(r, "plain", "# c\nd -alpn h2\ne:99999\n");
}

Test(refused, memory_refused_while_opening_is_told_and_nothing_is_lost)
{
    bool opened = false;

    for (long nth = 1; !opened; nth++) {
        struct run r;

        run_init(&r);
        add_lists(&r);
        fault_arm(nth);
        opened = run_open(&r);
        fault_arm(-1);
        cr_expect(opened || r.e.code == ERR_NO_MEMORY, "%ld: %s", nth, r.e.msg);
        cr_expect_eq(r.complaints.len, 0);
        run_release(&r);
        cr_assert_lt(nth, 2000);
    }
}

Test(refused, memory_refused_while_complaining_loses_nothing)
{
    bool whole = false;

    for (long nth = 1; !whole; nth++) {
        struct run r;

        run_init(&r);
        run_list(&r, "yaml",
                 "defaults: {zzz: 1}\nprofiles: {p: {alpn: [x]}}\n"
                 "targets: [a b, {connect: c, tags: {x: [y]}}]");
        run_list(&r, "plain", "d -zzz\ne -4 'x\n");
        fault_arm(nth);
        cr_expect_not(run_open(&r));
        whole = fault_seen() < nth;
        fault_arm(-1);
        cr_expect(r.e.code == ERR_NO_MEMORY || r.e.code == ERR_USAGE);
        run_release(&r);
        cr_assert_lt(nth, 2000);
    }
}

/* Feeds without keeping anything, so that only the room is asked to fail. */
static size_t feed_quietly(struct run *r)
{
    struct target *t;
    size_t n = 0;

    for (; (t = targets_next(r->stream, &r->e)) != NULL; n++)
        target_free(t);
    return n;
}

Test(refused, memory_refused_while_feeding_ends_it_with_an_error)
{
    bool whole = false;

    for (long nth = 1; !whole; nth++) {
        struct run r;
        size_t fed;

        run_init(&r);
        add_lists(&r);
        cr_assert(run_open(&r));
        fault_arm(nth);
        fed = feed_quietly(&r);
        fault_arm(-1);
        whole = r.e.code == ERR_NONE;
        cr_expect(whole || r.e.code == ERR_NO_MEMORY, "%ld: %s", nth, r.e.msg);
        cr_expect_eq(whole, fed == targets_count(r.stream));
        run_release(&r);
        cr_assert_lt(nth, 2000);
    }
}
