#include "../../../src/net/name_cache.h"
#include "base/fault.h"

#include <criterion/criterion.h>

#include <stdio.h>

static struct name_cache cache;

static void set_up(void)
{
    name_cache_init(&cache, 60000);
}

static void tear_down(void)
{
    name_cache_release(&cache);
}

TestSuite(name_cache, .init = set_up, .fini = tear_down);

Test(name_cache, finds_what_runs_whatever_its_case_and_by_family)
{
    struct lookup *l = name_cache_add(&cache, "Www.Example.Com", AF_INET);

    cr_assert_eq(name_cache_find(&cache, "www.example.com", AF_INET), l);
    cr_assert_null(name_cache_find(&cache, "www.example.com", AF_INET6));
    cr_assert_null(name_cache_find(&cache, "www.example.org", AF_INET));
    name_cache_drop(l);
    cr_assert_null(name_cache_find(&cache, "www.example.com", AF_INET));
}

Test(name_cache, an_answer_stays_until_it_is_stale)
{
    name_cache_keep(&cache, name_cache_add(&cache, "a", AF_INET));
    cr_assert_not_null(name_cache_find(&cache, "a", AF_INET));
    cache.ttl_ms = 0;
    name_cache_keep(&cache, name_cache_add(&cache, "b", AF_INET));
    cr_assert_null(name_cache_find(&cache, "b", AF_INET));
    cr_assert_eq(cache.nanswers, 1);
}

Test(name_cache, the_oldest_answer_makes_room)
{
    char name[16];

    for (int i = 0; i <= NAME_CACHE_MAX; i++) {
        snprintf(name, sizeof(name), "host%d", i);
        name_cache_keep(&cache, name_cache_add(&cache, name, AF_INET));
    }
    cr_assert_eq(cache.nanswers, NAME_CACHE_MAX);
    cr_assert_null(name_cache_find(&cache, "host0", AF_INET));
    cr_assert_not_null(name_cache_find(&cache, "host1", AF_INET));
    cr_assert_not_null(name_cache_find(&cache, name, AF_INET));
}

Test(name_cache, memory_may_be_refused)
{
    fault_arm(1);
    cr_assert_null(name_cache_add(&cache, "a", AF_INET));
    cr_assert_null(name_cache_find(&cache, "a", AF_INET));
}
