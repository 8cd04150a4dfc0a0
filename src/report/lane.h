/* lane -- the way of one report: format, order, series, output.  One thread at
 * a time; once it failed it swallows everything. */
#pragma once

#include "findings.h"
#include "format.h"
#include "order.h"
#include "output.h"
#include "series.h"

struct lane {
    const struct report_format *format;
    struct sheet sheet;
    struct order order;
    struct series series; /* of a format with metrics */
    struct output output;
    bool ordered;
    enum report_only only;
    struct err error; /* the code says whether the lane failed */
};

/* lane_release() in any case.  The configuration must outlive the lane. */
bool lane_open(struct lane *l, const struct report_spec *spec,
               const struct report_config *config, struct err *e) MUST_USE;
/* All records of one target.  False when the lane failed, now or before. */
bool lane_record(struct lane *l, const struct record *r) MUST_USE;
/* Nothing else to do for now: shows what waits to whoever watches. */
bool lane_idle(struct lane *l) MUST_USE;
/* Writes the end; with or without the final name. */
bool lane_finish(struct lane *l, const struct summary *summary) MUST_USE;
void lane_release(struct lane *l);
