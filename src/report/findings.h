/* findings -- what is wrong with a record. */
#pragma once

#include "report.h"

/* True when the field is that word. */
bool finding_says(const struct record *r, enum field_id id, const char *word);
/* True when only the baseline has it: it is none of this run's targets. */
bool finding_gone(const struct record *r);
/* True when the report is for such records. */
bool finding_wanted(const struct record *r, enum report_only only);
