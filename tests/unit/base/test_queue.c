#include "base/fault.h"
#include "base/queue.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>

/* Items are addresses in here. */
static char items[2000];

Test(queue, items_come_out_in_order)
{
    struct queue *q = queue_new(3);

    cr_assert_not_null(q);
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < 3; i++)
            cr_assert(queue_give(q, &items[i]));
        for (int i = 0; i < 3; i++)
            cr_assert_eq(queue_take(q), &items[i]);
    }
    queue_free(q);
}

Test(queue, a_closed_queue_takes_nothing_in_and_gives_what_is_left)
{
    struct queue *q = queue_new(2);

    cr_assert_not_null(q);
    cr_assert(queue_give(q, &items[0]));
    queue_close(q);
    queue_close(q);
    cr_assert_not(queue_give(q, &items[1]));
    cr_assert_eq(queue_take(q), &items[0]);
    cr_assert_null(queue_take(q));
    cr_assert_null(queue_take(q));
    queue_free(q);
}

Test(queue, no_memory_is_no_queue)
{
    struct queue *q;

    fault_arm(1);
    q = queue_new(2);
    fault_arm(0);
    cr_assert_null(q);
    queue_free(NULL);
}

static void *take_one(void *q)
{
    return queue_take(q);
}

Test(queue, a_waiting_taker_gets_the_item)
{
    struct queue *q = queue_new(1);
    pthread_t taker;
    void *item = NULL;

    cr_assert_not_null(q);
    cr_assert_eq(pthread_create(&taker, NULL, take_one, q), 0);
    cr_assert(queue_give(q, &items[5]));
    pthread_join(taker, &item);
    cr_assert_eq(item, &items[5]);
    queue_free(q);
}

Test(queue, closing_wakes_a_waiting_taker)
{
    struct queue *q = queue_new(1);
    pthread_t taker;
    void *item = &items[0];

    cr_assert_not_null(q);
    cr_assert_eq(pthread_create(&taker, NULL, take_one, q), 0);
    queue_close(q);
    pthread_join(taker, &item);
    cr_assert_null(item);
    queue_free(q);
}

/* The item it could not give, or NULL. */
static void *give_one(void *q)
{
    return queue_give(q, &items[9]) ? NULL : &items[9];
}

Test(queue, closing_wakes_a_waiting_giver_who_keeps_its_item)
{
    struct queue *q = queue_new(1);
    pthread_t giver;
    void *kept = NULL;

    cr_assert_not_null(q);
    cr_assert(queue_give(q, &items[0]));
    cr_assert_eq(pthread_create(&giver, NULL, give_one, q), 0);
    queue_close(q);
    pthread_join(giver, &kept);
    cr_assert_eq(kept, &items[9]);
    cr_assert_eq(queue_take(q), &items[0]);
    cr_assert_null(queue_take(q));
    queue_free(q);
}

struct crowd {
    struct queue *q;
    atomic_size_t next; /* item to give */
    atomic_int taken[sizeof(items)];
};

static void *give_all(void *arg)
{
    struct crowd *crowd = arg;
    size_t i;

    while ((i = atomic_fetch_add(&crowd->next, 1)) < sizeof(items))
        if (!queue_give(crowd->q, &items[i]))
            return crowd;
    return NULL;
}

static void *take_all(void *arg)
{
    struct crowd *crowd = arg;
    char *item;

    while ((item = queue_take(crowd->q)))
        atomic_fetch_add(&crowd->taken[item - items], 1);
    return NULL;
}

Test(queue, many_givers_and_takers_lose_nothing_and_double_nothing)
{
    enum { EACH = 4 };
    static struct crowd crowd;
    pthread_t givers[EACH], takers[EACH];

    crowd.q = queue_new(3);
    cr_assert_not_null(crowd.q);
    for (int i = 0; i < EACH; i++) {
        cr_assert_eq(pthread_create(&givers[i], NULL, give_all, &crowd), 0);
        cr_assert_eq(pthread_create(&takers[i], NULL, take_all, &crowd), 0);
    }
    for (int i = 0; i < EACH; i++) {
        void *failed;

        pthread_join(givers[i], &failed);
        cr_assert_null(failed);
    }
    queue_close(crowd.q);
    for (int i = 0; i < EACH; i++)
        pthread_join(takers[i], NULL);
    for (size_t i = 0; i < sizeof(items); i++)
        cr_assert_eq(crowd.taken[i], 1, "item %zu", i);
    queue_free(crowd.q);
}
