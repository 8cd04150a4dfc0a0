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
    atomic_bool stop; /* no further attempts: the scan is ending */
    _Atomic int64_t late_us; /* how late our own threads lately ran */
};

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

/* The record of a target that is not probed (bad address, scan stopped). */
void probe_skip(const struct target *t, const struct err *why,
                struct record *r);
