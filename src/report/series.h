/* series -- samples come by target and leave by metric.
 *
 * Until the end they are in a spill file, which is then read once for every
 * metric.  What a format hands over are lines:
 *
 *     =INDEX LABELS     the labels of a target, for the lines that follow
 *     Mrest             a sample of the metric whose place is M - 'A'; "rest"
 *                       is what stands behind the labels: more of them, the
 *                       closing brace, the value
 *
 * Labels that came before get another one, the index: readers refuse a file in
 * which two samples of a metric have the same labels. */
#pragma once

#include "output.h"
#include "seen.h"
#include "spill.h"

struct metric {
    const char *name, *help;
};

enum { METRICS_MAX = 26 };

struct series {
    struct buf chunk; /* add lines here; series_take() takes them away */
    struct buf pending; /* lines on their way to the file */
    struct spill spill;
    struct seen seen;
};

void series_init(struct series *s);
bool series_take(struct series *s, struct err *e) MUST_USE;
/* Writes head and samples of the metric, or nothing without samples. */
bool series_write(struct series *s, const struct metric *metric, size_t nth,
                  struct output *o, struct err *e) MUST_USE;
void series_release(struct series *s);

/* Appends "# HELP" and "# TYPE" of a gauge. */
void series_head(struct buf *out, const char *name, const char *help);
