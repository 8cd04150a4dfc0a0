/* summary -- what is counted over all records, and how it is told. */
#pragma once

#include "report.h"

struct summary {
    struct report_totals totals;
    uint64_t targets_in;
    uint64_t further; /* records of further addresses of a target */
    bool whole;
    uint64_t failures[STAGE_COUNT][ERR_COUNT]; /* of every status but ok */
};

/* All records of one target. */
void summary_add(struct summary *s, const struct record *r);
/* One screen for people. */
void summary_print(const struct summary *s, struct buf *out);
