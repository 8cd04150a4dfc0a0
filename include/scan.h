/* scan -- many probes at once: pool, admission, signals, progress.
 *
 * One thread feeds, N workers probe, the sink gets every record exactly once,
 * numbered from 0 in input order without a gap.
 */
#pragma once

#include "probe.h"

/* Where the targets come from. */
struct scan_feed {
    /* The next target (the scan frees it), NULL at the end or with e set. */
    struct target *(*next)(void *arg, struct err *e);
    void *arg;
    uint64_t count; /* how many there will be */
};

enum progress_mode { PROGRESS_AUTO, PROGRESS_PLAIN, PROGRESS_NONE };

struct scan_config {
    unsigned workers;
    enum progress_mode progress;
    bool (*output_failed)(void *arg); /* asked now and then: stop if true */
    void *output_arg;
};

struct scan_result {
    uint64_t fed; /* targets taken from the feed = records given to the sink */
    unsigned workers; /* how many really ran */
    bool interrupted; /* by SIGINT or SIGTERM: the rest is not_attempted */
};

/* Blocks SIGINT, SIGTERM and SIGPIPE for the calling thread and all it will
 * start; before any thread exists. */
void scan_block_signals(void);

/* Lowers "workers" to what the descriptor limit allows, after raising the soft
 * limit as far as it goes; *note (or NULL) is a sentence when it had to. */
unsigned scan_fit_workers(unsigned workers, struct buf *note);

/* Runs to the end or to a stop.  After the first signal no target is begun;
 * those in flight get until their deadline, the rest is recorded as
 * not_attempted; the second signal ends the process at once (status 3).
 * False when no worker could be started or the feed failed. */
bool scan_run(const struct scan_config *config, const struct scan_feed *feed,
              const struct probe_env *env, struct record_sink *sink,
              struct scan_result *result, struct err *e) MUST_USE;
