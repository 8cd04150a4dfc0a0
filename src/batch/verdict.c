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
    env->want_block = has_format(b, "full");
    env->want_brief = has_format(b, "brief");
    env->want_log = env->want_block || env->want_brief;
}

enum exit_status batch_verdict(const struct batch_settings *b,
                               const struct report_totals *totals)
{
    const uint64_t failed = totals->records - totals->by_status[STATUS_OK]
                            - totals->by_status[STATUS_NOT_ATTEMPTED];

    if ((b->fail_on & FAIL_ON_FAILED) && failed > 0)
        return EXIT_FOUND;
    if ((b->fail_on & FAIL_ON_VERIFY) && totals->unverified > 0)
        return EXIT_FOUND;
    if ((b->fail_on & FAIL_ON_NAME) && totals->name_mismatch > 0)
        return EXIT_FOUND;
    return totals->by_status[STATUS_NOT_ATTEMPTED] > 0 ? EXIT_INCOMPLETE
                                                       : EXIT_CLEAN;
}
