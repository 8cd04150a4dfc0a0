/* scan -- feeds the pool and sees it through. */
#include "scan_room.h"

#include "base/mem.h"
#include "base/queue.h"

#include <signal.h>
#include <sys/resource.h>

enum {
    DESCRIPTORS_PER_WORKER = 2, /* its socket, and a file it may be reading */
    PARKED_MAX = 4096, /* targets that wait for room at their address */
    DESCRIPTORS_BESIDE = 96, /* lists, reports, libraries, resolver threads */
};

void scan_prepare_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

void scan_block_signals(void)
{
    sigset_t set;

    watch_signals(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void scan_unblock_signals(void)
{
    sigset_t set;

    watch_stops(&set);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

unsigned scan_fit_workers(unsigned workers)
{
    rlim_t need = (rlim_t)workers * DESCRIPTORS_PER_WORKER + DESCRIPTORS_BESIDE;
    struct rlimit limit;
    rlim_t had;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= need)
        return workers;
    had = limit.rlim_cur;
    limit.rlim_cur = need < limit.rlim_max ? need : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        limit.rlim_cur = had;
    if (limit.rlim_cur >= need)
        return workers;
    return limit.rlim_cur <= DESCRIPTORS_BESIDE + DESCRIPTORS_PER_WORKER
               ? 1
               : (unsigned)((limit.rlim_cur - DESCRIPTORS_BESIDE)
                            / DESCRIPTORS_PER_WORKER);
}

/* One target into the queue; false when memory ran out. */
static bool feed_one(struct scan *s, struct target *t, uint64_t seq,
                     struct err *e)
{
    struct job *j = mem_new(1, sizeof(*j));

    if (!j) {
        target_free(t);
        return err_memory(e, "feeding a target");
    }
    *j = (struct job){ .target = t, .seq = seq };
    if (queue_give(s->jobs, j))
        return true;
    target_free(t);
    mem_free(j);
    return err_set(e, ERR_SYSTEM, "the queue of targets was closed");
}

static bool feed_all(struct scan *s, uint64_t *fed, struct err *e)
{
    const struct scan_feed *feed = s->config->feed;
    struct target *t;
    uint64_t seq;

    while ((t = feed->next(feed->arg, &seq, e)) != NULL) {
        if (!feed_one(s, t, seq, e))
            return false;
        ++*fed;
    }
    return e->code == ERR_NONE;
}

static bool run_pool(struct scan *s, struct scan_result *result, struct err *e)
{
    struct worker *workers = mem_new(s->config->workers, sizeof(*workers));
    struct watch watch = { .scan = s };
    bool fed = false;

    if (!workers || !roster_init(&s->roster, s->config->workers)) {
        mem_free(workers);
        roster_release(&s->roster);
        return err_memory(e, "starting the workers");
    }
    result->workers = pool_start(s, workers, s->config->workers);
    if (result->workers == 0)
        err_set(e, ERR_SYSTEM, "no worker thread could be started");
    else if (watch_start(&watch, e))
        fed = feed_all(s, &result->fed, e);
    queue_close(s->jobs);
    pool_join(workers, result->workers);
    watch_end(&watch);
    if (atomic_load(&s->starved))
        fed = err_memory(e, "recording a target");
    mem_free(workers);
    roster_release(&s->roster);
    return fed;
}

bool scan_run(const struct scan_config *config, struct scan_result *result,
              struct err *e)
{
    struct scan s = { .config = config };
    bool done = false;

    *result = (struct scan_result){ 0 };
    s.tally.expected = config->feed->count;
    s.tally.start_ms = clock_now_ms();
    admission_init(&s.admission, config->workers);
    parking_init(&s.parking, PARKED_MAX);
    parking_init(&s.later, PARKED_MAX);
    outage_init(&s.outage, config->feed->count);
    s.jobs = queue_new(2 * (size_t)config->workers);
    if (s.jobs)
        done = run_pool(&s, result, e);
    else
        err_memory(e, "starting the scan");
    result->stopped = atomic_load(&s.tally.skipped) > 0;
    queue_free(s.jobs);
    outage_release(&s.outage);
    parking_release(&s.later);
    parking_release(&s.parking);
    admission_release(&s.admission);
    return done;
}
