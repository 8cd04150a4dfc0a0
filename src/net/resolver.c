/* resolver -- getaddrinfo(3) on threads of its own, since nothing ends a call
 * of it that hangs.
 *
 * A lookup is asked for once, however many wait for its answer.  One that all
 * have stopped waiting for while it ran is abandoned: its thread is taken for
 * stuck and another one may be started in its place.
 */
#include "resolver.h"

#include "base/mem.h"
#include "base/thread.h"
#include "name_cache.h"
#include "services.h"

#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

enum { STACK_SIZE = 128 * 1024 };

enum seat_state { SEAT_EMPTY, SEAT_IDLE, SEAT_BUSY };

/* Place of one thread. */
struct seat {
    struct resolver *resolver;
    pthread_t thread;
    enum seat_state state;
    bool joinable; /* also after the thread has left */
};

struct resolver {
    struct resolver_config config;
    lookup_fn *fn;
    void *arg;
    struct services services;

    pthread_mutex_t lock; /* all below */
    pthread_cond_t work;
    struct name_cache names;
    struct lookups pending;
    size_t npending;
    unsigned nidle, nthreads, nabandoned;
    bool stopping;
    size_t nseats;
    struct seat seats[];
};

struct resolver *resolver_new_with(const struct resolver_config *config,
                                   lookup_fn *fn, void *arg, struct err *e)
{
    size_t nseats = (size_t)config->threads + config->abandoned_max;
    struct resolver *r = mem_new(1, sizeof(*r) + nseats * sizeof(r->seats[0]));

    if (!r) {
        err_memory(e, "the resolver");
        return NULL;
    }
    r->config = *config;
    r->fn = fn;
    r->arg = arg;
    r->nseats = nseats;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->work, NULL);
    services_init(&r->services);
    name_cache_init(&r->names, config->ttl_ms);
    TAILQ_INIT(&r->pending);
    return r;
}

struct resolver *resolver_new(const struct resolver_config *config,
                              struct err *e)
{
    return resolver_new_with(config, lookup_system, NULL, e);
}

/* ---- answers ---- */

static bool copy_answer(const struct answer *answer, struct addresses *out,
                        struct err *e)
{
    const struct addresses *found = &answer->found;

    if (answer->err.code != ERR_NONE) {
        e->sys = answer->err.sys;
        return err_set(e, answer->err.code, "%s", answer->err.msg);
    }
    out->list = mem_new(found->count, sizeof(found->list[0]));
    if (!out->list)
        return err_memory(e, "the addresses of a name");
    memcpy(out->list, found->list, found->count * sizeof(found->list[0]));
    out->count = found->count;
    return true;
}

/* What may be different in a moment is not kept. */
static bool worth_keeping(const struct answer *answer)
{
    return answer->err.code == ERR_NONE || answer->err.code == ERR_NAME_UNKNOWN;
}

static void finish(struct resolver *r, struct lookup *l)
{
    struct asker *a;

    if (l->abandoned)
        r->nabandoned--;
    while ((a = LIST_FIRST(&l->askers))) {
        LIST_REMOVE(a, link);
        copy_answer(&l->answer, a->out, a->e);
        signal_flag_raise(a->flag); /* the asker may be gone now */
    }
    if (worth_keeping(&l->answer))
        name_cache_keep(&r->names, l);
    else
        name_cache_drop(l);
}

/* ---- threads ---- */

static bool too_many_threads(const struct resolver *r)
{
    return r->nthreads - r->nabandoned > r->config.threads;
}

static struct lookup *take_pending(struct resolver *r)
{
    struct lookup *l = TAILQ_FIRST(&r->pending);

    TAILQ_REMOVE(&r->pending, l, line);
    r->npending--;
    l->state = LOOKUP_RUNNING;
    return l;
}

static void forget_pending(struct resolver *r, struct lookup *l)
{
    TAILQ_REMOVE(&r->pending, l, line);
    r->npending--;
    name_cache_drop(l);
}

/* With the lock held, which is let go meanwhile. */
static void run_one(struct resolver *r, struct seat *seat)
{
    struct lookup *l = take_pending(r);

    seat->state = SEAT_BUSY;
    pthread_mutex_unlock(&r->lock);
    r->fn(r->arg, l->host, l->family, &l->answer);
    pthread_mutex_lock(&r->lock);
    seat->state = SEAT_IDLE;
    finish(r, l);
}

static void *serve(void *arg)
{
    struct seat *seat = arg;
    struct resolver *r = seat->resolver;

    pthread_mutex_lock(&r->lock);
    while (!r->stopping && !too_many_threads(r)) {
        if (r->npending > 0) {
            run_one(r, seat);
        } else {
            r->nidle++;
            pthread_cond_wait(&r->work, &r->lock);
            r->nidle--;
        }
    }
    seat->state = SEAT_EMPTY;
    r->nthreads--;
    /* What woke this thread may have been a lookup, which is another's now. */
    pthread_cond_signal(&r->work);
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

static struct seat *empty_seat(struct resolver *r)
{
    struct seat *s = r->seats;

    while (s->state != SEAT_EMPTY)
        s++;
    if (s->joinable)
        pthread_join(s->thread, NULL);
    *s = (struct seat){ .resolver = r };
    return s;
}

/* Starts a thread if one is of use and allowed.  Returns an errno if it cannot
 * be started. */
static int want_thread(struct resolver *r)
{
    struct seat *seat;
    int sys;

    if (r->npending <= r->nidle || r->nthreads == r->nseats
        || r->nthreads - r->nabandoned >= r->config.threads)
        return 0;
    seat = empty_seat(r);
    sys = thread_start_deaf(&seat->thread, STACK_SIZE, serve, seat);
    if (sys == 0) {
        seat->state = SEAT_IDLE;
        seat->joinable = true;
        r->nthreads++;
    }
    return sys;
}

/* ---- asking ---- */

/* A lookup that nobody has asked for yet; NULL with e. */
static struct lookup *begin(struct resolver *r, const char *host, int family,
                            struct err *e)
{
    struct lookup *l;
    int sys;

    if (r->nabandoned > r->config.abandoned_max) {
        err_set(e, ERR_NAME_TIMEOUT,
                "the resolver is stuck: %u lookups have not come back, so '%s' "
                "was not looked up",
                r->nabandoned, host);
        return NULL;
    }
    l = name_cache_add(&r->names, host, family);
    if (!l) {
        err_memory(e, "looking up a name");
        return NULL;
    }
    TAILQ_INSERT_TAIL(&r->pending, l, line);
    r->npending++;
    sys = want_thread(r);
    if (sys != 0 && r->nthreads == r->nabandoned) {
        forget_pending(r, l);
        err_sys(e, ERR_SYSTEM, sys, "starting a resolver thread");
        return NULL;
    }
    pthread_cond_signal(&r->work);
    return l;
}

/* False: there is nothing to wait for, the answer or a failure is there. */
static bool enroll(struct resolver *r, const struct resolve_ask *ask,
                   struct asker *me)
{
    struct lookup *l = name_cache_find(&r->names, ask->host, ask->family);

    if (l && l->state == LOOKUP_DONE) {
        copy_answer(&l->answer, me->out, me->e);
        return false;
    }
    me->flag = signal_flag_new();
    if (!me->flag)
        return err_memory(me->e, "looking up a name");
    if (!l)
        l = begin(r, ask->host, ask->family, me->e);
    if (!l)
        return false;
    if (l->abandoned)
        r->nabandoned--;
    l->abandoned = false;
    LIST_INSERT_HEAD(&l->askers, me, link);
    me->lookup = l;
    return true;
}

/* Nobody waits for the lookup any more. */
static void forsake(struct resolver *r, struct lookup *l)
{
    if (l->state == LOOKUP_PENDING) {
        forget_pending(r, l);
        return;
    }
    l->abandoned = true;
    r->nabandoned++;
    want_thread(r); /* if it cannot be had, those that there are must do */
}

/* The deadline has passed; but the answer may have come just now. */
static void withdraw(struct resolver *r, struct asker *me)
{
    struct lookup *l = me->lookup;

    if (signal_flag_raised(me->flag))
        return;
    if (l->state == LOOKUP_PENDING)
        err_set(me->e, ERR_NAME_TIMEOUT,
                "'%s' was not looked up in time: all resolver threads were "
                "busy",
                l->host);
    else
        err_set(me->e, ERR_NAME_TIMEOUT, "'%s' was not resolved in time",
                l->host);
    LIST_REMOVE(me, link);
    if (LIST_EMPTY(&l->askers))
        forsake(r, l);
}

static bool ask_threads(struct resolver *r, struct waiter *w,
                        const struct resolve_ask *ask, struct asker *me)
{
    struct err late = { 0 };
    bool waits;

    pthread_mutex_lock(&r->lock);
    waits = enroll(r, ask, me);
    pthread_mutex_unlock(&r->lock);
    if (waits && !wait_flag(w, me->flag, ask->when, &late)) {
        pthread_mutex_lock(&r->lock);
        withdraw(r, me);
        pthread_mutex_unlock(&r->lock);
    }
    signal_flag_free(me->flag);
    return me->e->code == ERR_NONE;
}

static void set_port(struct addresses *a, uint16_t port)
{
    /* The port stands at the same place in both families. */
    _Static_assert(offsetof(struct sockaddr_in, sin_port)
                       == offsetof(struct sockaddr_in6, sin6_port),
                   "a port is a port");
    for (size_t i = 0; i < a->count; i++)
        ((struct sockaddr_in *)&a->list[i].sa)->sin_port = htons(port);
}

bool resolve(struct resolver *r, struct waiter *w,
             const struct resolve_ask *ask, struct addresses *out,
             struct err *e)
{
    struct asker me = { .out = out, .e = e };
    uint16_t port = 0;
    bool ok;

    e->stage = STAGE_RESOLVE;
    *out = (struct addresses){ 0 };
    if (ask->port
        && !services_find(&r->services, ask->port, ask->socktype, &port, e))
        return false;
    if (lookup_is_literal(ask->host))
        ok = lookup_literal(ask->host, ask->family, out, e);
    else
        ok = ask_threads(r, w, ask, &me);
    set_port(out, port);
    return ok;
}

/* True when the thread may never come back. */
static bool leave_behind(struct seat *s)
{
    if (s->state != SEAT_BUSY)
        return false;
    pthread_detach(s->thread);
    s->joinable = false;
    return true;
}

bool resolver_free(struct resolver *r)
{
    bool stuck = false;

    if (!r)
        return true;
    pthread_mutex_lock(&r->lock);
    r->stopping = true;
    pthread_cond_broadcast(&r->work);
    for (size_t i = 0; i < r->nseats; i++)
        stuck |= leave_behind(&r->seats[i]);
    pthread_mutex_unlock(&r->lock);
    for (size_t i = 0; i < r->nseats; i++)
        if (r->seats[i].joinable)
            pthread_join(r->seats[i].thread, NULL);
    if (stuck)
        return false;
    name_cache_release(&r->names);
    pthread_cond_destroy(&r->work);
    pthread_mutex_destroy(&r->lock);
    services_release(&r->services);
    mem_free(r);
    return true;
}
