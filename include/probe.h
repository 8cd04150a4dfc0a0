/* probe -- one target through every stage.  Never fails, never prints: what
 * went wrong is part of what was found. */
#pragma once

#include "inspect.h"
#include "net.h"
#include "plan.h"
#include "record.h"
#include "targets.h"

#include <stdatomic.h>

/* What all probes of a run share; read-only while they run, but for the two
 * that the scan keeps. */
struct probe_env {
    struct plan_cache *plans;
    struct resolver *resolver;
    struct courtesy *courtesy; /* NULL: no limits */
    const bool *wanted; /* fields that some report shows, by field_id */
    bool want_log, want_block, want_brief; /* some report shows them */
    bool secrets; /* -show_secrets */
    struct taken *taken; /* files that targets wrote; NULL: nobody looks */
    struct crl_cache *crls; /* revocation lists that were fetched; not NULL */
    atomic_bool stop; /* no further attempts: the scan is ending */
    _Atomic int64_t late_us; /* how late our own threads lately ran */
    _Atomic unsigned clock_steps; /* how often the wall clock was set */
};

/* Keeps targets from writing to one another's files.  NULL: no memory. */
struct taken *taken_new(void) MUST_USE;
void taken_free(struct taken *t);
/* Keeps what came of fetching a revocation list for all who ask after it, up to
 * 64 MiB of them.  To be freed before the plans.  NULL: no memory. */
struct crl_cache *crl_cache_new(void) MUST_USE;
void crl_cache_free(struct crl_cache *l);
/* Whether files that these words name for all targets (those of a target alone
 * are not looked at) can become one for each: "many" targets need {index} in
 * the name, and its folder must be there.  Codes USAGE, FILE. */
bool probe_check_files(const struct option_set *words, bool many, struct err *e)
    MUST_USE;

/* How a probe ended. */
struct probe_end {
    bool
        held; /* nothing was sent: "peer" has all the connections it may have */
    struct address peer; /* that was connected to; len 0 when none was */
};

/* Fills the record; status, stage, code and error are set whatever happened.
 * Ends by the target's deadline, which begins with the first lookup or packet.
 * A finding made while memory ran out is thrown away and made again once.  When
 * it is held, the record says nothing and the target has to be probed later. */
struct probe_end probe_run(const struct probe_env *env, struct waiter *w,
                           const struct target *t, struct record *r);

/* For -all_addresses: every address of the target's host.  False when the
 * target does not ask for it or has no name to look up; or when the lookup
 * failed, which probe_run() will find out again and record. */
bool probe_addresses(const struct probe_env *env, struct waiter *w,
                     const struct target *t, struct addresses *out) MUST_USE;

/* The record of a target that is not probed (bad address, scan stopped). */
void probe_skip(const struct target *t, const struct err *why,
                struct record *r);
