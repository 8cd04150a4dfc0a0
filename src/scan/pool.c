/* pool -- the worker threads. */
#include "scan_room.h"

#include "base/mem.h"
#include "base/queue.h"

/* A probe needs less than 32 KiB; getaddrinfo is not on this stack. */
enum { STACK_BYTES = 256 * 1024, MEMORY_PAUSE_MS = 100 };

static void hand_over(struct scan *s, struct record *r)
{
    if (record_status(r) == STATUS_OK)
        atomic_fetch_add(&s->tally.ok, 1);
    atomic_fetch_add(&s->tally.done, 1);
    s->config->sink->take(s->config->sink, r);
}

static void skip(const struct target *t, struct record *r)
{
    struct err why = { .stage = STAGE_INPUT };

    err_set(&why, ERR_INTERRUPTED, "the scan was stopped before its turn");
    probe_skip(t, &why, r);
}

static void probe(struct scan *s, struct waiter *w, const struct target *t,
                  struct record *r)
{
    admission_enter(&s->admission);
    atomic_fetch_add(&s->tally.in_flight, 1);
    probe_run(s->config->env, w, t, r);
    atomic_fetch_sub(&s->tally.in_flight, 1);
    admission_leave(&s->admission);
}

static void work(struct scan *s, struct waiter *w, struct job *j)
{
    struct record *r = record_new();

    /* Without memory for a record there is nothing to hand over: wait for what
     * other workers give back. */
    while (!r) {
        struct err e = { 0 };

        if (wait_until(w, deadline_in(MEMORY_PAUSE_MS), &e))
            r = record_new();
    }
    r->seq = j->seq;
    if (j->target->invalid.code != ERR_NONE)
        probe_skip(j->target, &j->target->invalid, r);
    else if (atomic_load(&s->config->env->stop))
        skip(j->target, r);
    else
        probe(s, w, j->target, r);
    hand_over(s, r);
}

static void *worker(void *arg)
{
    struct scan *s = arg;
    struct waiter w;
    struct job *j;

    waiter_thread_init(&w);
    while ((j = queue_take(s->jobs)) != NULL) {
        work(s, &w, j);
        target_free(j->target);
        mem_free(j);
    }
    return NULL;
}

unsigned pool_start(struct scan *s, pthread_t *threads, unsigned n)
{
    pthread_attr_t attr;
    unsigned started = 0;

    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_BYTES);
    while (started < n
           && pthread_create(&threads[started], &attr, worker, s) == 0)
        started++;
    pthread_attr_destroy(&attr);
    return started;
}

void pool_join(pthread_t *threads, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
}
