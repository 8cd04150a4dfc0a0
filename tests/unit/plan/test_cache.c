#include "../../../src/plan/cache.h"

#include "base/fault.h"
#include "base/mem.h"

#include <criterion/criterion.h>

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a build shall do, and how often it did. */
struct order {
    enum err_code fail; /* ERR_NONE: succeed */
    bool refused; /* memory is refused on the way, unnoticed */
    bool pins; /* keeps what it makes to the end */
    atomic_int built;
    pthread_barrier_t *meet; /* met once while building; NULL: not */
};

static atomic_int released;

static void *build(struct cached *self, void *arg, struct err *e)
{
    struct order *order = arg;

    if (order->pins)
        cached_pin(self);
    atomic_fetch_add(&order->built, 1);
    if (order->meet)
        pthread_barrier_wait(order->meet);
    if (order->fail != ERR_NONE) {
        err_set(e, order->fail, "told to fail");
        return NULL;
    }
    if (order->refused) {
        fault_arm(1);
        mem_free(mem_new(1, 1));
        fault_arm(-1);
    }
    return mem_new(1, 16);
}

static void release(void *value)
{
    atomic_fetch_add(&released, 1);
    mem_free(value);
}

static const struct cache_kind kind = {
    .what = "a thing",
    .build = build,
    .release = release,
};

static struct cached *get(struct cache *c, const char *name,
                          struct order *order)
{
    const struct cache_key key = { name, strlen(name) };
    struct err e = { 0 };

    return cache_get(c, &key, order, &e);
}

/* Asks and gives back. */
static bool touch(struct cache *c, const char *name, struct order *order)
{
    struct cached *entry = get(c, name, order);

    cached_put(entry);
    return entry;
}

Test(cache, equal_keys_share_one_value)
{
    struct cache *c = cache_new(&kind, 8);
    struct order order = { 0 };
    struct cached *a = get(c, "x", &order), *b = get(c, "x", &order);

    cr_assert(a && a == b);
    cr_assert(cached_value(a));
    cr_assert_eq(order.built, 1);
    cached_put(a);
    cached_put(b);
    cache_free(c);
    cr_assert_eq(released, 1);
}

Test(cache, a_key_is_its_bytes_and_its_length)
{
    struct cache *c = cache_new(&kind, 8);
    struct order order = { 0 };

    touch(c, "x", &order);
    touch(c, "xx", &order);
    touch(c, "", &order);
    cr_assert_eq(order.built, 3);
    cr_assert_eq(cache_count(c), 3);
    cache_free(c);
}

Test(cache, a_failure_is_kept_with_its_reason)
{
    struct cache *c = cache_new(&kind, 8);
    struct order order = { .fail = ERR_FILE };
    const struct cache_key key = { "x", 1 };

    for (int i = 0; i < 3; i++) {
        struct err e = { 0 };

        cr_assert_null(cache_get(c, &key, &order, &e));
        cr_assert_eq(e.code, ERR_FILE);
        cr_assert_str_eq(e.msg, "told to fail");
    }
    cr_assert_eq(order.built, 1);
    cache_free(c);
    cr_assert_eq(released, 0);
}

Test(cache, our_own_fault_is_not_kept)
{
    struct cache *c = cache_new(&kind, 8);
    struct order order = { .fail = ERR_NO_DESCRIPTORS };

    cr_assert_not(touch(c, "x", &order));
    cr_assert_eq(cache_count(c), 0);
    order.fail = ERR_NONE;
    cr_assert(touch(c, "x", &order));
    cr_assert_eq(order.built, 2);
    cache_free(c);
}

Test(cache, what_was_built_while_memory_was_refused_is_not_believed)
{
    struct cache *c = cache_new(&kind, 8);
    struct order order = { .refused = true };
    const struct cache_key key = { "x", 1 };
    struct err e = { 0 };

    cr_assert_null(cache_get(c, &key, &order, &e));
    cr_assert_eq(e.code, ERR_NO_MEMORY);
    cr_assert_eq(released, 1);
    cr_assert_eq(cache_count(c), 0);
    cache_free(c);
}

Test(cache, the_least_recently_used_goes_first)
{
    struct cache *c = cache_new(&kind, 2);
    struct order order = { 0 };

    touch(c, "a", &order);
    touch(c, "b", &order);
    touch(c, "a", &order);
    touch(c, "c", &order); /* b goes */
    cr_assert_eq(cache_count(c), 2);
    order.built = 0;
    touch(c, "a", &order);
    touch(c, "c", &order);
    cr_assert_eq(order.built, 0);
    touch(c, "b", &order);
    cr_assert_eq(order.built, 1);
    cache_free(c);
}

Test(cache, what_is_in_use_is_never_evicted)
{
    struct cache *c = cache_new(&kind, 1);
    struct order order = { 0 };
    struct cached *a = get(c, "a", &order), *b = get(c, "b", &order);

    cr_assert_eq(cache_count(c), 2);
    cr_assert_eq(released, 0);
    cached_put(a);
    cr_assert_eq(cache_count(c), 1);
    cr_assert(get(c, "b", &order) == b);
    cr_assert_eq(order.built, 2);
    cache_free(c);
}

Test(cache, what_is_pinned_stays)
{
    struct cache *c = cache_new(&kind, 1);
    struct order order = { 0 };
    struct cached *a = get(c, "a", &order);

    cached_pin(a);
    cached_pin(a);
    cached_put(a);
    touch(c, "b", &order);
    touch(c, "c", &order);
    touch(c, "a", &order);
    cr_assert_eq(order.built, 3);
    cache_free(c);
    cr_assert_eq(released, 3);
}

Test(cache, what_was_pinned_and_then_failed_goes)
{
    struct cache *c = cache_new(&kind, 1);
    struct order fails = { .pins = true, .fail = ERR_FILE };
    struct order refused = { .pins = true, .refused = true };
    struct order fine = { 0 };

    cr_assert_not(touch(c, "a", &fails));
    cr_assert_not(touch(c, "b", &refused));
    mem_forget();
    cr_assert(touch(c, "c", &fine));
    cr_assert(touch(c, "c", &fine)); /* there is room for it */
    cr_assert_eq(fine.built, 1);
    cache_free(c);
}

Test(cache, without_memory_nothing_is_kept)
{
    struct order order = { 0 };
    long faults;

    fault_arm(0);
    struct cache *c = cache_new(&kind, 8);
    faults = fault_seen();
    fault_arm(-1);
    cr_assert_gt(faults, 0);
    for (long nth = 1; nth <= faults; nth++) {
        fault_arm(nth);
        cr_assert_null(cache_new(&kind, 8));
    }
    fault_arm(1);
    cr_assert_not(touch(c, "x", &order));
    fault_arm(-1);
    mem_forget();
    cr_assert_eq(order.built, 0);
    cr_assert(touch(c, "x", &order));
    cache_free(c);
}

/* ---- threads ---- */

enum { THREADS = 8, ROUNDS = 4000, KEYS = 97 };

struct crowd {
    struct cache *cache;
    struct order *order;
    struct cached *found[THREADS];
    atomic_int next;
};

static void *ask_once(void *arg)
{
    struct crowd *crowd = arg;
    int me = atomic_fetch_add(&crowd->next, 1);

    crowd->found[me] = get(crowd->cache, "x", crowd->order);
    return NULL;
}

static void run_threads(void *(*body)(void *), void *arg, pthread_t *threads)
{
    for (int i = 0; i < THREADS; i++)
        cr_assert(pthread_create(&threads[i], NULL, body, arg) == 0);
}

static void join_threads(const pthread_t *threads)
{
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

/* The build does not end before all have begun to ask. */
Test(cache, others_wait_for_the_one_that_builds)
{
    pthread_barrier_t meet;
    struct order order = { .meet = &meet };
    struct crowd crowd = { .cache = cache_new(&kind, 8), .order = &order };
    pthread_t threads[THREADS];

    pthread_barrier_init(&meet, NULL, 2);
    run_threads(ask_once, &crowd, threads);
    while (atomic_load(&crowd.next) < THREADS)
        sched_yield();
    pthread_barrier_wait(&meet);
    join_threads(threads);
    cr_assert_eq(order.built, 1);
    for (int i = 0; i < THREADS; i++) {
        cr_assert(crowd.found[i] && crowd.found[i] == crowd.found[0]);
        cached_put(crowd.found[i]);
    }
    cache_free(crowd.cache);
}

static void *ask_often(void *arg)
{
    struct crowd *crowd = arg;
    unsigned state = (unsigned)atomic_fetch_add(&crowd->next, 1) + 1;

    for (int i = 0; i < ROUNDS; i++) {
        char name[16];
        struct cached *entry;

        state = state * 1103515245 + 12345;
        snprintf(name, sizeof(name), "%u", (state >> 16) % KEYS);
        entry = get(crowd->cache, name, crowd->order);
        cr_assert(entry && cached_value(entry));
        cached_put(entry);
    }
    return NULL;
}

Test(cache, many_threads_and_keys_keep_it_bounded)
{
    struct order order = { 0 };
    struct crowd crowd = { .cache = cache_new(&kind, 16), .order = &order };
    pthread_t threads[THREADS];

    run_threads(ask_often, &crowd, threads);
    join_threads(threads);
    cr_assert_leq(cache_count(crowd.cache), 16);
    cache_free(crowd.cache);
    cr_assert_eq(released, order.built);
}
