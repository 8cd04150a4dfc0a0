/* plugin -- the one line of a monitoring plug-in (Nagios and its like).
 *
 * The writer shows it every record; the line is asked for when the writer has
 * finished. */
#pragma once

#include "base/buf.h"
#include "record.h"

/* The exit statuses of plug-ins. */
enum plugin_state {
    PLUGIN_OK = 0,
    PLUGIN_WARNING = 1,
    PLUGIN_CRITICAL = 2,
    PLUGIN_UNKNOWN = 3,
};

struct plugin_config {
    int64_t warn_days, crit_days; /* a certificate that has fewer days left */
    unsigned heed; /* findings that count (report.h) */
};

struct plugin;
/* NULL when out of memory. */
struct plugin *plugin_new(const struct plugin_config *config) MUST_USE;
void plugin_free(struct plugin *p);
/* All records of one target; one thread at a time. */
void plugin_add(struct plugin *p, const struct record *r);
/* Appends the line and returns the state that it tells.  "cut" says why not
 * all targets are known, NULL when they are: the state is UNKNOWN then, unless
 * something worse was found. */
enum plugin_state plugin_line(const struct plugin *p, const char *cut,
                              struct buf *out);
/* The same when nothing was scanned at all. */
enum plugin_state plugin_unknown(const char *why, struct buf *out);
