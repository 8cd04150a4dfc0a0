/* probe -- one target through every stage.  Never fails, never prints: what
 * went wrong is part of what was found. */
#pragma once

#include "inspect.h"
#include "net.h"
#include "plan.h"
#include "record.h"
#include "targets.h"

/* What all probes of a run share; read-only while they run. */
struct probe_env {
    struct plan_cache *plans;
    struct resolver *resolver;
    const bool *wanted; /* fields that some report shows, by field_id */
    bool want_log, want_block, want_brief; /* some report shows them */
    bool secrets;
};

/* Fills the record; it is complete in the sense of the house rules: status,
 * stage, code and error are set whatever happened.  Ends by the target's
 * deadline, which begins with the first lookup or packet. */
void probe_run(const struct probe_env *env, struct waiter *w,
               const struct target *t, struct record *r);

/* The record of a target that is not probed (bad address, scan stopped). */
void probe_skip(const struct target *t, const struct err *why,
                struct record *r);
