/* summary -- what is counted over all records, and how it is told.
 *
 * Memory is fixed, whatever the fleet; so is the screen. */
#pragma once

#include "counts.h"
#include "report.h"
#include "shortlist.h"

/* How long a certificate is good for yet. */
enum days {
    DAYS_EXPIRED,
    DAYS_7,
    DAYS_30,
    DAYS_90,
    DAYS_LATER,
    DAYS_UNKNOWN,
    DAYS_COUNT
};

struct summary {
    struct report_totals totals;
    uint64_t targets_in;
    uint64_t further; /* records of further addresses of a target */
    bool whole;
    int64_t began, ended; /* seconds since 1970 */
    int64_t ms; /* between them, by a clock that nobody sets */

    struct counts failures; /* stage and code, of every status but ok */
    struct counts reasons; /* why chains do not verify */
    struct counts expectations; /* those that are not met */
    struct counts protocols, ciphers, keys;
    uint64_t days[DAYS_COUNT];
    struct shortlist soonest; /* by days left */
    uint64_t unseen; /* records that the baseline does not have */
    struct counts changes; /* fields that differ from the baseline */
    struct shortlist changed;
};

/* All records of one target. */
void summary_add(struct summary *s, const struct record *r);
/* One screen for people. */
void summary_print(const struct summary *s, struct buf *out);

/* The parts of the screen, each in its file; they count a record and print
 * what was counted, or nothing when nothing was. */
void accounts_count(struct summary *s, const struct record *r);
void accounts_print(const struct summary *s, struct buf *out);
void changes_count(struct summary *s, const struct record *r);
void changes_print(const struct summary *s, struct buf *out);
void expectations_count(struct summary *s, const struct record *r);
void expectations_print(const struct summary *s, struct buf *out);
void failures_count(struct summary *s, const struct record *r);
void failures_print(const struct summary *s, struct buf *out);
void verdicts_count(struct summary *s, const struct record *r);
void verdicts_print(const struct summary *s, struct buf *out);
void certs_count(struct summary *s, const struct record *r);
void certs_print(const struct summary *s, struct buf *out);
void sessions_count(struct summary *s, const struct record *r);
void sessions_print(const struct summary *s, struct buf *out);
