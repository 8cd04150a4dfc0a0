/* format -- one way to show records: a row of formats.c.
 *
 * A format only appends to the sheet's out; it cannot fail, wait or write. */
#pragma once

#include "series.h"
#include "sheet.h"
#include "summary.h"

struct report_format {
    const char *name;
    void (*begin)(struct sheet *s); /* or NULL */
    void (*record)(struct sheet *s, const struct record *r);
    void (*end)(struct sheet *s, const struct summary *summary); /* or NULL */
    /* Of a report for monitoring: record() adds lines of series.h, these are
     * their metrics (NULL after the last).  It has every target, whatever
     * -only says, and anybody may read it.  NULL: another report. */
    const struct metric *(*metric)(size_t nth);
};

extern const struct report_format format_text;
extern const struct report_format format_full;
extern const struct report_format format_brief;
extern const struct report_format format_csv;
extern const struct report_format format_jsonl;
extern const struct report_format format_prometheus;
