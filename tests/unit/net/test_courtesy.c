#include "net/courtesy.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static struct address v4(const char *text, unsigned port)
{
    struct address a = { .len = sizeof(struct sockaddr_in) };
    struct sockaddr_in *sa = (void *)&a.sa;

    sa->sin_family = AF_INET;
    sa->sin_port = htons((uint16_t)port);
    cr_assert_eq(inet_pton(AF_INET, text, &sa->sin_addr), 1);
    return a;
}

static struct address v6(const char *text)
{
    struct address a = { .len = sizeof(struct sockaddr_in6) };
    struct sockaddr_in6 *sa = (void *)&a.sa;

    sa->sin6_family = AF_INET6;
    cr_assert_eq(inet_pton(AF_INET6, text, &sa->sin6_addr), 1);
    return a;
}

Test(courtesy, an_address_takes_no_more_than_its_number)
{
    struct courtesy *c = courtesy_new(2, 0);
    const struct address a = v4("192.0.2.1", 443);

    cr_expect(courtesy_enter(c, &a));
    cr_expect(courtesy_enter(c, &a));
    cr_expect_not(courtesy_enter(c, &a));
    courtesy_leave(c, &a);
    cr_expect(courtesy_enter(c, &a));
    courtesy_free(c);
}

Test(courtesy, the_ports_of_one_address_count_together)
{
    struct courtesy *c = courtesy_new(1, 0);
    const struct address web = v4("192.0.2.1", 443);
    const struct address mail = v4("192.0.2.1", 25);

    cr_expect(courtesy_enter(c, &web));
    cr_expect_not(courtesy_enter(c, &mail));
    courtesy_free(c);
}

Test(courtesy, addresses_do_not_count_for_each_other)
{
    struct courtesy *c = courtesy_new(1, 0);

    for (unsigned i = 1; i < 250; i++) {
        char text[32];
        struct address a;

        snprintf(text, sizeof(text), "198.51.100.%u", i);
        a = v4(text, 443);
        cr_expect(courtesy_enter(c, &a), "%s", text);
        cr_expect_not(courtesy_enter(c, &a), "%s", text);
    }
    courtesy_free(c);
}

Test(courtesy, a_mapped_address_is_the_same_host)
{
    const struct address a = v4("192.0.2.1", 443);
    const struct address mapped = v6("::ffff:192.0.2.1");
    const struct address other = v6("2001:db8::1");

    cr_expect(address_same_host(&a, &mapped));
    cr_expect_not(address_same_host(&a, &other));
}

Test(courtesy, loopback_is_never_limited)
{
    struct courtesy *c = courtesy_new(1, 0);
    const struct address a = v4("127.0.0.1", 443), b = v6("::1");

    for (int i = 0; i < 100; i++) {
        cr_expect(courtesy_enter(c, &a));
        cr_expect(courtesy_enter(c, &b));
    }
    courtesy_free(c);
}

Test(courtesy, nobody_is_limited_without_a_number)
{
    struct courtesy *c = courtesy_new(0, 0);
    const struct address a = v4("192.0.2.1", 443);

    for (int i = 0; i < 100; i++)
        cr_expect(courtesy_enter(c, &a));
    cr_expect(courtesy_enter(NULL, &a));
    courtesy_leave(NULL, &a);
    courtesy_free(c);
}

/* A waiter that writes down until when it was asked to wait. */
static deadline_ms asked_until;

static bool note_pause(struct waiter *w, deadline_ms when, struct err *e)
{
    (void)w;
    (void)e;
    asked_until = when;
    return true;
}

Test(courtesy, new_connections_get_turns_at_the_rate)
{
    static const struct waiter_ops ops = { .pause = note_pause };
    struct waiter w = { .ops = &ops };
    struct courtesy *c = courtesy_new(0, 10);
    const int64_t now = clock_now_ms();
    struct err e = { 0 };

    for (int i = 0; i < 21; i++)
        cr_expect(courtesy_pace(c, &w, &e));
    cr_expect_geq(asked_until, now + 1999, "the 21st waits two seconds");
    courtesy_free(c);
}

static atomic_bool stopped;

static bool stop_soon(struct waiter *w, deadline_ms when, struct err *e)
{
    atomic_store(&stopped, true);
    return note_pause(w, when, e);
}

Test(courtesy, who_waits_for_a_turn_is_told_of_the_stop)
{
    static const struct waiter_ops ops = { .pause = stop_soon };
    struct waiter w = { .ops = &ops };
    struct courtesy *c = courtesy_new(0, 1);
    struct err e = { 0 };

    courtesy_heed(c, &stopped);
    cr_expect(courtesy_pace(c, &w, &e), "the first need not wait");
    cr_expect_not(courtesy_pace(c, &w, &e));
    cr_expect_eq(e.code, ERR_INTERRUPTED);
    cr_expect_leq(asked_until, clock_now_ms() + 100,
                  "not asked for the whole second");
    courtesy_free(c);
}

/* ---- under load ---- */

enum { THREADS = 16, PLACES = 3, ENTRIES = 2000, TURNS = 50, RATE = 1000 };

static struct courtesy *shared;
static atomic_uint inside[PLACES], entered;
static atomic_bool crowded;

static void *come_and_go(void *arg)
{
    for (unsigned i = 0; i < ENTRIES; i++) {
        const unsigned place = i % PLACES;
        const struct address a =
            v4((const char *const[]){ "192.0.2.1", "192.0.2.2",
                                      "198.51.100.1" }[place],
               443);

        if (!courtesy_enter(shared, &a))
            continue;
        if (++inside[place] > 2)
            crowded = true;
        entered++;
        inside[place]--;
        courtesy_leave(shared, &a);
    }
    return arg;
}

static void run_threads(void *(*body)(void *))
{
    pthread_t threads[THREADS];

    for (size_t i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, body, NULL), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

Test(courtesy, an_address_is_never_crowded_and_never_lost_under_load)
{
    const struct address a = v4("192.0.2.1", 443);

    shared = courtesy_new(2, 0);
    run_threads(come_and_go);
    cr_expect_not(crowded);
    cr_expect_geq(entered, PLACES * 2);
    cr_expect(courtesy_enter(shared, &a) && courtesy_enter(shared, &a));
    cr_expect_not(courtesy_enter(shared, &a));
    courtesy_free(shared);
}

static deadline_ms turns[THREADS * TURNS];
static atomic_size_t nturns;
static _Thread_local deadline_ms turn;

static bool note_turn(struct waiter *w, deadline_ms when, struct err *e)
{
    (void)w;
    (void)e;
    turn = when;
    return true;
}

static void *take_turns(void *arg)
{
    static const struct waiter_ops ops = { .pause = note_turn };
    struct waiter w = { .ops = &ops };
    struct err e = { 0 };

    for (unsigned i = 0; i < TURNS; i++) {
        turn = 0;
        if (!courtesy_pace(shared, &w, &e))
            return NULL;
        turns[nturns++] = turn > 0 ? turn : clock_now_ms();
    }
    return arg;
}

static int by_time(const void *a, const void *b)
{
    const deadline_ms one = *(const deadline_ms *)a;
    const deadline_ms other = *(const deadline_ms *)b;

    return (one > other) - (one < other);
}

Test(courtesy, the_rate_holds_under_load)
{
    const int64_t began = clock_now_ms();

    shared = courtesy_new(0, RATE);
    run_threads(take_turns);
    cr_assert_eq(nturns, THREADS * TURNS);
    qsort(turns, THREADS * TURNS, sizeof(turns[0]), by_time);
    for (size_t i = 0; i < THREADS * TURNS; i++)
        cr_assert_geq(turns[i], began + (int64_t)i * 1000 / RATE, "turn %zu",
                      i);
    courtesy_free(shared);
}
