#include "findings.h"

#include <string.h>

bool finding_says(const struct record *r, enum field_id id, const char *word)
{
    const char *text = record_get(r, id);

    return text && strcmp(text, word) == 0;
}

bool finding_gone(const struct record *r)
{
    return finding_says(r, REC_change, "gone");
}

/* True when the field says something else than that all is well. */
static bool objects(const struct record *r, enum field_id id, const char *well)
{
    return record_known(r, id) && !finding_says(r, id, well);
}

unsigned report_findings(const struct record *r)
{
    const enum status status = record_status(r);
    unsigned found = 0;

    if (status != STATUS_OK && status != STATUS_NOT_ATTEMPTED)
        found |= FINDING_FAILED;
    if (record_int(r, REC_verified, 1) == 0)
        found |= FINDING_VERIFY;
    if (record_int(r, REC_name_match, 1) == 0)
        found |= FINDING_NAME;
    if (objects(r, REC_expect, "met"))
        found |= FINDING_EXPECT;
    if (objects(r, REC_change, "same"))
        found |= FINDING_CHANGE;
    return found;
}

bool finding_wanted(const struct record *r, enum report_only only)
{
    const unsigned found = only == ONLY_ALL ? 0 : report_findings(r);

    switch (only) {
    case ONLY_ALL:
        break;
    case ONLY_PROBLEMS:
        return (found & ~(unsigned)FINDING_CHANGE) != 0
               || record_status(r) == STATUS_NOT_ATTEMPTED;
    case ONLY_CHANGED:
        return (found & FINDING_CHANGE) != 0;
    }
    return true;
}
