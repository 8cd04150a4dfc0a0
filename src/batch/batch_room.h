/* Private to src/batch: the words of scope RUN, read. */
#pragma once

#include "batch.h"
#include "judge.h"
#include "report.h"
#include "report/journal.h"
#include "report/plugin.h"
#include "scan.h"
#include "targets.h"

/* Borrowed texts live in the command line. */
struct batch_settings {
    struct report_config report;
    struct report_spec *specs; /* owned */
    struct scan_config scan;
    struct target_source source;
    const char **lists; /* owned */
    const char **profiles; /* owned */
    char **hosts; /* owned array; see batch_settings_release() */
    char *one_host; /* owned: the target of -connect, -host or -unix */
    struct plugin_config plugin;
    bool nagios;
    unsigned rate, per_address; /* 0: no limit */
    bool dry_run;
};
bool batch_settings_read(struct batch_settings *b,
                         const struct command_line *line, struct err *e)
    MUST_USE;
void batch_settings_release(struct batch_settings *b);
/* The part of it about reports, and about what is found. */
bool settings_read_reports(struct batch_settings *b,
                           const struct option_set *words, struct err *e)
    MUST_USE;

/* Whether an option is among the words of a command line, which need not be
 * right. */
bool words_name(char *const words[], size_t count, enum option_id id);

/* Words that can be used at all: known to this OpenSSL, expectations over
 * fields that exist.  For struct target_source. */
bool batch_check_words(const struct option_set *words, struct err *e) MUST_USE;

/* Which fields and texts the reports need. */
void batch_wants(const struct batch_settings *b, bool *wanted,
                 struct probe_env *env);

/* False when a report would take the place of a list or of the journal (NULL:
 * there is none), or a part of the rows that of the whole baseline. */
bool batch_keep_apart(const struct batch_settings *b, const char *journal,
                      struct err *e) MUST_USE;

/* -dry_run: every target with its effective options on standard output. */
bool batch_dry_run(struct target_stream *s, struct err *e) MUST_USE;

/* The targets of a run, without those that an earlier run has done. */
struct feeding {
    struct target_stream *targets;
    struct journal *journal; /* NULL: none */
    uint64_t seq; /* of the next target */
};
/* Opens the journal, if the run has one. */
bool feeding_begin(struct feeding *f, const struct batch_settings *b,
                   struct target_stream *targets, struct err *e) MUST_USE;
/* How many targets are still to be probed. */
uint64_t feeding_left(const struct feeding *f);
/* What the earlier run found goes into the reports. */
bool feeding_replay(struct feeding *f, struct record_sink *sink, struct err *e)
    MUST_USE;
/* For struct scan_feed. */
struct target *feeding_next(void *arg, uint64_t *seq, struct err *e);
/* Once all reports are under their names the journal goes away. */
bool feeding_end(struct feeding *f, bool whole, struct err *e) MUST_USE;

/* Compares records with -baseline on their way to the writer. */
struct changes {
    struct record_sink sink; /* first: the sink is the struct */
    struct record_sink *next;
    struct baseline *baseline; /* NULL: not asked */
};
bool changes_open(struct changes *c, const struct option_set *words,
                  struct err *e) MUST_USE;
void changes_close(struct changes *c);
/* The sink to use in place of "next". */
struct record_sink *changes_before(struct changes *c, struct record_sink *next);
/* After the last record: those that are gone, numbered behind the targets. */
bool changes_end(struct changes *c, const struct target_stream *targets,
                 struct err *e) MUST_USE;

/* -nagios: the line on standard output.  "p" is NULL when nothing was scanned;
 * "why" is the first complaint, or "".  Returns the plug-in's exit status. */
int nagios_say(const struct plugin *p, enum exit_status status,
               const char *why);

/* The exit status of a scan that was carried out. */
enum exit_status batch_verdict(const struct batch_settings *b,
                               const struct report_totals *totals);
