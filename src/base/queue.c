#include "base/queue.h"

#include "base/mem.h"

#include <pthread.h>

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t not_full, not_empty;
    size_t room, first, count;
    bool closed;
    void *items[];
};

struct queue *queue_new(size_t room)
{
    struct queue *q = mem_new(1, sizeof(*q) + room * sizeof(q->items[0]));

    if (!q)
        return NULL;
    q->room = room;
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->not_full, NULL);
    pthread_cond_init(&q->not_empty, NULL);
    return q;
}

void queue_free(struct queue *q)
{
    if (!q)
        return;
    pthread_cond_destroy(&q->not_empty);
    pthread_cond_destroy(&q->not_full);
    pthread_mutex_destroy(&q->lock);
    mem_free(q);
}

bool queue_give(struct queue *q, void *item)
{
    bool given;

    pthread_mutex_lock(&q->lock);
    while (q->count == q->room && !q->closed)
        pthread_cond_wait(&q->not_full, &q->lock);
    given = !q->closed;
    if (given) {
        q->items[(q->first + q->count++) % q->room] = item;
        pthread_cond_signal(&q->not_empty);
    }
    pthread_mutex_unlock(&q->lock);
    return given;
}

/* With the lock held and something inside. */
static void *take_first(struct queue *q)
{
    void *item = q->items[q->first];

    q->first = (q->first + 1) % q->room;
    q->count--;
    pthread_cond_signal(&q->not_full);
    return item;
}

void *queue_take(struct queue *q)
{
    void *item = NULL;

    pthread_mutex_lock(&q->lock);
    while (q->count == 0 && !q->closed)
        pthread_cond_wait(&q->not_empty, &q->lock);
    if (q->count > 0)
        item = take_first(q);
    pthread_mutex_unlock(&q->lock);
    return item;
}

void queue_close(struct queue *q)
{
    pthread_mutex_lock(&q->lock);
    q->closed = true;
    pthread_cond_broadcast(&q->not_full);
    pthread_cond_broadcast(&q->not_empty);
    pthread_mutex_unlock(&q->lock);
}
