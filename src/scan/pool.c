/* pool -- the worker threads. */
#include "scan_room.h"

#include "base/mem.h"
#include "base/queue.h"
#include "net/courtesy.h"

#include <string.h>

/* A probe needs less than 32 KiB; getaddrinfo is not on this stack. */
enum {
    STACK_BYTES = 256 * 1024,
    MEMORY_PAUSE_MS = 100,
    MEMORY_PAUSES = 30, /* with nobody at work who could give some back */
    HELD_PAUSE_MS = 20,
};

/* What ran out on our side: fewer probes at once need less of it. */
static void note_shortage(struct scan *s, const struct record *r)
{
    static const enum err_code shortages[] = { ERR_NO_MEMORY,
                                               ERR_NO_DESCRIPTORS,
                                               ERR_NO_PORTS };
    const char *code = record_get(r, REC_code);

    for (size_t i = 0; i < sizeof(shortages) / sizeof(shortages[0]); i++)
        if (code && strcmp(code, err_row(shortages[i])->name) == 0) {
            atomic_store(&s->short_of, (int)shortages[i]);
            admission_adjust(&s->admission, INT64_MAX);
        }
}

static void hand_over(struct scan *s, struct record *r)
{
    if (record_status(r) == STATUS_INTERNAL)
        note_shortage(s, r);
    if (record_status(r) == STATUS_OK)
        atomic_fetch_add(&s->tally.ok, 1);
    if (record_skipped(r))
        atomic_fetch_add(&s->tally.skipped, 1);
    atomic_fetch_add(&s->tally.done, 1);
    s->config->sink->take(s->config->sink, r);
}

static void skip(const struct scan *s, const struct target *t, struct record *r)
{
    struct err why = { .stage = STAGE_INPUT };

    if (atomic_load(&s->out_of_time))
        err_set(&why, ERR_RUNTIME, "-max_runtime was over before its turn");
    else
        err_set(&why, ERR_INTERRUPTED, "the scan was stopped before its turn");
    probe_skip(t, &why, r);
}

/* It was begun, and the turn of its connection never came. */
static void skip_held(const struct scan *s, const struct target *t,
                      struct record *r)
{
    record_clear(r);
    skip(s, t, r);
}

static struct probe_end probe_once(struct scan *s, struct waiter *w,
                                   const struct target *t, struct record *r)
{
    struct probe_end end;

    while (!outage_admits(&s->outage, clock_now_ms())
           && !atomic_load(&s->config->env->stop)) {
        struct err e = { 0 };

        if (!wait_until(w, deadline_in(HELD_PAUSE_MS), &e))
            break;
    }
    admission_enter(&s->admission);
    atomic_fetch_add(&s->tally.in_flight, 1);
    end = probe_run(s->config->env, w, t, r);
    atomic_fetch_sub(&s->tally.in_flight, 1);
    admission_leave(&s->admission);
    return end;
}

/* A record for the job.  Without memory there is nothing to hand over, so wait
 * for what other workers give back.  NULL when none of them has anything, or
 * the scan ends: then this one ends it, and the job is left to -resume. */
static struct record *record_for(struct scan *s, struct waiter *w,
                                 const struct job *j)
{
    struct record *r = record_new();
    unsigned alone = 0;

    while (!r && alone < MEMORY_PAUSES && !atomic_load(&s->config->env->stop)) {
        struct err e = { 0 };

        if (!wait_until(w, deadline_in(MEMORY_PAUSE_MS), &e))
            err_clear(&e);
        alone = atomic_load(&s->tally.in_flight) > 0 ? 0 : alone + 1;
        r = record_new();
    }
    if (r) {
        r->seq = j->seq;
    } else {
        atomic_store(&s->starved, true);
        atomic_store(&s->config->env->stop, true);
    }
    return r;
}

/* One address of several: waits for room at it, since those before it have
 * their records already. */
static void probe_address(struct scan *s, struct waiter *w, struct job *j,
                          const struct address *a, struct record *r)
{
    char text[ADDRESS_TEXT_MAX];
    struct err e = { 0 };

    address_print(a, text);
    mem_free(j->target->address);
    j->target->address = mem_text(text);
    while (probe_once(s, w, j->target, r).held)
        if (!wait_until(w, deadline_in(HELD_PAUSE_MS), &e))
            err_clear(&e);
}

/* What became of a job. */
enum fate {
    FATE_DONE,
    FATE_HELD, /* its address is full */
    FATE_PUT_BACK, /* others have it now */
    FATE_LOST, /* no memory for its record */
};

static enum fate probe_each(struct scan *s, struct waiter *w, struct job *j,
                            const struct addresses *all, struct record *r)
{
    for (size_t i = 0; i < all->count; i++) {
        if (i > 0)
            r = r->more = record_for(s, w, j);
        if (!r)
            return FATE_LOST;
        probe_address(s, w, j, &all->list[i], r);
    }
    return FATE_DONE;
}

static enum fate probe(struct scan *s, struct waiter *w, struct job *j,
                       struct record *r, struct address *left)
{
    struct addresses all;
    struct probe_end end = { 0 };
    enum fate fate = FATE_DONE;

    if (probe_addresses(s->config->env, w, j->target, &all))
        fate = probe_each(s, w, j, &all, r);
    else
        end = probe_once(s, w, j->target, r);
    addresses_release(&all);
    *left = end.peer;
    j->held = end.peer;
    return end.held ? FATE_HELD : fate;
}

/* True when the record is not to be believed yet: the job is put back. */
static bool put_back(struct scan *s, struct job *j, const struct record *r)
{
    const bool first = !j->again;

    if (!outage_note(&s->outage, outage_is_sign(r), first, clock_now_ms()))
        return false;
    j->again = true;
    return parking_put(&s->later, j);
}

static enum fate work_on(struct scan *s, struct waiter *w, struct job *j,
                         struct record *r, struct address *left)
{
    enum fate fate;

    if (j->target->invalid.code != ERR_NONE) {
        probe_skip(j->target, &j->target->invalid, r);
        return FATE_DONE;
    }
    if (atomic_load(&s->config->env->stop)) {
        skip(s, j->target, r);
        return FATE_DONE;
    }
    fate = probe(s, w, j, r, left);
    if (fate != FATE_DONE)
        return fate;
    if (put_back(s, j, r))
        return FATE_PUT_BACK;
    if (record_status(r) == STATUS_NOT_ATTEMPTED && !r->more)
        skip_held(s, j->target, r);
    return FATE_DONE;
}

static enum fate work(struct scan *s, struct waiter *w, struct job *j,
                      struct address *left)
{
    struct record *r = record_for(s, w, j);
    enum fate fate;

    *left = (struct address){ 0 };
    if (!r)
        return FATE_LOST;
    fate = work_on(s, w, j, r, left);
    if (fate == FATE_DONE)
        hand_over(s, r);
    else
        record_free(r);
    return fate;
}

static void job_free(struct job *j)
{
    target_free(j->target);
    mem_free(j);
}

/* The address may have been left between the refusal and the parking, when
 * nobody could see the job: then this worker comes back for it. */
static void look_again(const struct scan *s, const struct address *held,
                       struct address *left)
{
    struct courtesy *c = s->config->env->courtesy;

    *left = (struct address){ 0 };
    if (!courtesy_enter(c, held))
        return;
    courtesy_leave(c, held);
    *left = *held;
}

/* Sees one job to its end, or parks it.  With the parking full this worker
 * itself waits for the address. */
static void see_through(struct scan *s, struct waiter *w, struct job *j,
                        struct address *left)
{
    enum fate fate;

    while ((fate = work(s, w, j, left)) == FATE_HELD) {
        const struct address held = j->held;
        struct err e = { 0 };

        if (parking_put(&s->parking, j)) {
            look_again(s, &held, left);
            return;
        }
        if (!wait_until(w, deadline_in(HELD_PAUSE_MS), &e))
            err_clear(&e);
    }
    if (fate != FATE_PUT_BACK)
        job_free(j);
}

/* What waits for the address just left comes first, what was put back last. */
static struct job *next_job(struct scan *s, const struct address *left)
{
    struct job *j = left->len > 0 ? parking_take(&s->parking, left) : NULL;

    if (!j)
        j = queue_take(s->jobs);
    return j ? j : parking_take(&s->later, NULL);
}

static void *work_all(void *arg)
{
    struct worker *me = arg;
    struct address left = { 0 };
    struct waiter w;
    struct job *j;

    waiter_thread_init(&w);
    while ((j = next_job(me->scan, &left)) != NULL) {
        roster_begin(&me->scan->roster, me->seat, j->target->text);
        see_through(me->scan, &w, j, &left);
        roster_end(&me->scan->roster, me->seat);
    }
    return NULL;
}

unsigned pool_start(struct scan *s, struct worker *workers, unsigned n)
{
    pthread_attr_t attr;
    unsigned started = 0;

    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_BYTES);
    while (started < n) {
        struct worker *me = &workers[started];

        *me = (struct worker){ .scan = s, .seat = started };
        if (pthread_create(&me->thread, &attr, work_all, me) != 0)
            break;
        started++;
    }
    pthread_attr_destroy(&attr);
    return started;
}

void pool_join(struct worker *workers, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        pthread_join(workers[i].thread, NULL);
}
