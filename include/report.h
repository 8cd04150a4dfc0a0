/* report -- records to text, CSV and JSON Lines; the writer; whole files.
 *
 * Workers hand records to the writer's sink; one thread formats and writes.
 * In list order records wait for their turn as formatted bytes, in memory and
 * beyond that in an unlinked file.  This room knows no OpenSSL.
 */
#pragma once

#include "record.h"

/* One output format: a row of src/report/.  Nothing in it waits or writes. */
struct report_format;
/* "text", "full", "brief", "csv", "jsonl"; NULL when there is no such one. */
const struct report_format *report_format_find(const char *name);
const char *report_format_name(const struct report_format *f);
/* The nth format, NULL after the last. */
const struct report_format *report_format_nth(size_t nth);

/* Which fields csv and jsonl show, in order. */
struct field_list {
    enum field_id ids[FIELDS_COUNT];
    size_t count;
};
/* Reads -fields: "all", "default", names, "-name" to leave out, in order; a
 * list that begins with "-name" starts from the defaults.  NULL: default.
 * False for an unknown or repeated name (with the nearest one). */
bool field_list_parse(struct field_list *out, const char *text, struct err *e)
    MUST_USE;

/* What can be wrong with a record, as bits: what -fail_on names. */
enum {
    FINDING_FAILED = 1 << 0, /* every status but ok and not_attempted */
    FINDING_VERIFY = 1 << 1, /* verified = no */
    FINDING_NAME = 1 << 2, /* name_match = no */
    FINDING_EXPECT = 1 << 3, /* an expectation failed or is undetermined */
    FINDING_CHANGE = 1 << 4, /* the baseline has it differently, or not */
};
unsigned report_findings(const struct record *r);

/* Which records the reports show; prometheus and the summary have all. */
enum report_only {
    ONLY_ALL,
    ONLY_PROBLEMS, /* not ok, not verified, wrong name, not as expected */
    ONLY_CHANGED,
};

struct journal; /* report/journal.h */
struct plugin; /* report/plugin.h */

struct report_spec {
    const struct report_format *format;
    const char *file; /* NULL: standard output */
};

enum color_mode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct report_config {
    const struct report_spec *specs;
    size_t nspecs;
    struct field_list fields;
    bool csv_raw;
    bool unordered;
    bool show_secrets;
    enum color_mode color;
    bool over_line; /* a line of progress may stand on the terminal */
    enum report_only only;
    unsigned heed; /* findings that make a target a failed one */
    bool by_address; /* a target may have several records */
    struct plugin *plugin; /* sees every record; NULL: none */
};

/* Everything that the summary counts; filled by the writer. */
struct report_totals {
    uint64_t records;
    uint64_t by_status[STATUS_COUNT];
    uint64_t unverified; /* verified = no */
    uint64_t name_mismatch; /* name_match = no */
    uint64_t unexpected; /* expectations failed or undetermined */
    uint64_t changed; /* against the baseline: all but "same" */
    uint64_t gone; /* of them: only the baseline has them */
};

/* How many targets of this run came to a status: those that only the baseline
 * has are none of them. */
uint64_t report_came_to(const struct report_totals *t, enum status status);

struct writer;
/* Opens all outputs (temporary files beside their final names) and starts the
 * thread.  Stage INPUT; code OUTPUT names the file. */
struct writer *writer_new(const struct report_config *config, struct err *e)
    MUST_USE;
/* Every record goes to this journal first; before any is given. */
void writer_keep(struct writer *w, struct journal *j);
/* Takes records from any worker; waits when the writer is behind. */
struct record_sink *writer_sink(struct writer *w);
/* True once an output failed: the scan should stop. */
bool writer_failed(const struct writer *w);
/* What was counted so far; any thread. */
void writer_totals(struct writer *w, struct report_totals *out);
/* No more records.  Writes what waits, the summary ("targets in = records
 * out"), syncs, renames.  With whole = false files keep ".partial" behind
 * their name.  False when any output failed: e names it. */
bool writer_finish(struct writer *w, uint64_t targets_in, bool whole,
                   struct err *e) MUST_USE;
void writer_free(struct writer *w);
