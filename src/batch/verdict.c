/* verdict -- what the reports need, and what the exit status says. */
#include "batch_room.h"

#include <string.h>

static bool has_format(const struct batch_settings *b, const char *name)
{
    for (size_t i = 0; i < b->report.nspecs; i++)
        if (b->specs[i].format == report_format_find(name))
            return true;
    return false;
}

void batch_wants(const struct batch_settings *b, bool *wanted,
                 struct probe_env *env)
{
    const struct field_list *fields = &b->report.fields;

    for (size_t i = 0; i < FIELDS_COUNT; i++)
        wanted[i] = (field_rows[i].traits & FIELD_DEFAULT) != 0;
    wanted[REC_warnings] = true;
    if (has_format(b, "csv") || has_format(b, "jsonl"))
        for (size_t i = 0; i < fields->count; i++)
            wanted[fields->ids[i]] = true;
    if (has_format(b, "prometheus"))
        wanted[REC_chain] = true;
    env->want_block = has_format(b, "full");
    env->want_brief = has_format(b, "brief");
    env->want_log = env->want_block || env->want_brief;
}

/* The findings that the totals show. */
static unsigned found(const struct report_totals *t)
{
    const uint64_t skipped = t->by_status[STATUS_NOT_ATTEMPTED];
    unsigned mask = 0;

    if (t->records - t->by_status[STATUS_OK] - skipped > 0)
        mask |= FINDING_FAILED;
    if (t->unverified > 0)
        mask |= FINDING_VERIFY;
    if (t->name_mismatch > 0)
        mask |= FINDING_NAME;
    if (t->unexpected > 0)
        mask |= FINDING_EXPECT;
    if (t->changed > 0)
        mask |= FINDING_CHANGE;
    return mask;
}

enum exit_status batch_verdict(const struct batch_settings *b,
                               const struct report_totals *totals)
{
    if (report_came_to(totals, STATUS_NOT_ATTEMPTED) > 0)
        return EXIT_INCOMPLETE;
    return (b->report.heed & found(totals)) ? EXIT_FOUND : EXIT_CLEAN;
}
