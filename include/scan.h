/* scan -- many probes at once: pool, admission, signals, progress.
 *
 * One thread feeds, N workers probe, one watches signals and progress.  The
 * sink gets every record exactly once, with the place that the feed gave it.
 * Knows no dialogue and no format.
 */
#pragma once

#include "probe.h"

#include <pthread.h>
#include <sys/types.h>

/* Where the targets come from. */
struct scan_feed {
    /* The next target (the scan frees it) and its place among all records;
     * NULL at the end or with e set. */
    struct target *(*next)(void *arg, uint64_t *seq, struct err *e);
    void *arg;
    uint64_t count; /* how many there will be */
};

enum progress_mode { PROGRESS_AUTO, PROGRESS_PLAIN, PROGRESS_NONE };

/* A signal that asked to stop. */
struct stop_request {
    int signal; /* 0: none yet */
    pid_t sender; /* 0: the kernel, for a terminal */
    int64_t at_ms;
};

struct scan_config {
    const struct scan_feed *feed;
    struct probe_env *env; /* the scan keeps its "stop" and "late_us" */
    struct record_sink *sink;
    unsigned workers; /* scan_fit_workers() has seen it */
    int64_t max_runtime_ms; /* no target is begun after it; -1: none */
    enum progress_mode progress;
    bool (*output_failed)(void *arg); /* asked now and then: stop if true */
    void *output_arg;
    struct stop_request *asked; /* the last one; kept by who heeds signals */
    void (*last_words)(void *arg); /* a second signal ends the process now */
    void *last_arg;
};

struct scan_result {
    uint64_t fed; /* targets taken from the feed */
    unsigned workers; /* how many really ran */
    bool stopped; /* by a signal, its time or an output: some were skipped */
};

/* At the very start: SIGUSR1 waits for the scan, which answers it, and a reader
 * that goes away is an error of the write (SIGPIPE is ignored). */
void scan_prepare_signals(void);
/* Blocks SIGINT, SIGTERM and SIGHUP as well, unless they are ignored, for the
 * calling thread and all it will start: from here on only a scan or a guard
 * heeds them.  Before any thread exists. */
void scan_block_signals(void);
/* The calling thread takes them as they came to the process again. */
void scan_unblock_signals(void);

/* What "workers" may be with the descriptors this process can have; raises the
 * soft limit as far as needed and allowed. */
unsigned scan_fit_workers(unsigned workers);

/* Whether the progress will be a line that stands on a terminal, below whatever
 * is written there. */
bool scan_has_line(enum progress_mode mode);

/* Runs to the end or to a stop.  After the first signal, or when the time is
 * used up, no target is begun; those in flight get until their deadline, the
 * rest is recorded as not_attempted.  The second signal ends the process at
 * once, after last_words(), with status 3.
 * False when no worker could be started or the feed failed; what was fed has
 * its record all the same.  False also when memory ran out for good: then some
 * of it has none. */
bool scan_run(const struct scan_config *config, struct scan_result *result,
              struct err *e) MUST_USE;

/* Heeds signals while no scan runs, as a scan does: after the first one the
 * next scan begins no target, the second ends the process.  "config" must hold
 * env, asked and last_words, and live as long.  Where no thread can be had,
 * signals wait for who heeds them next. */
struct scan_guard {
    const struct scan_config *config;
    pthread_t thread;
    bool running;
};
void scan_guard_begin(struct scan_guard *g, const struct scan_config *config);
/* Nothing when it does not run. */
void scan_guard_end(struct scan_guard *g);
