/* judge -- a record against what was expected of it and against an earlier run.
 *
 * Pure: works on records alone.  Expectations and baselines compare fields by
 * their kind; what is not known is never a pass and never a change.
 */
#pragma once

#include "record.h"

/* ---- expectations: "field OP value" ---- */

struct expectation;

/* Reads "field OP value" with = != < <= > >= ~ !~ and "in" (a list between
 * commas); protocol versions compare by age, times by date or by RFC 3339,
 * "yes"/"no"/"true"/"false" for BOOL.  False with ERR_USAGE: no such field (the
 * nearest one is named), one that comes after the expectations (expect,
 * change), an operator its kind does not have, a value of the wrong type, a
 * status, stage or code that there is not, a regular expression that does not
 * compile. */
struct expectation *expectation_new(const char *text, struct err *e) MUST_USE;
void expectation_free(struct expectation *x);
/* The field that such a text is about, FIELDS_COUNT when there is none. */
enum field_id expectation_field(const char *text);

/* What came of the expectations of one target. */
enum expect_result {
    EXPECT_MET,
    EXPECT_FAILED,
    EXPECT_UNDETERMINED, /* the value is not known: never a pass */
};
enum expect_result expectation_check(const struct expectation *x,
                                     const struct record *r);

/* Checks all and fills REC_expect: "met", or one sentence an expectation that
 * is not ("failed: days_left >= 21, is 3; undetermined: ..."); not asked when
 * there are none. */
void judge_expectations(const struct expectation *const *list, size_t n,
                        struct record *r);

/* ---- baseline: what changed since an earlier report ---- */

struct baseline;

/* Opens a csv or jsonl report of an earlier run (default fields or more; told
 * apart by their first byte).  Memory does not grow with the length of rows: an
 * index of a few bytes a row is kept, rows are read again when asked for.
 * "all_addresses": the address is part of the key.  ERR_FILE says what is wrong
 * with which line. */
struct baseline *baseline_open(const char *path, bool all_addresses,
                               struct err *e) MUST_USE;
void baseline_close(struct baseline *b);
/* Fills REC_change: "new", "same", or "field: old -> new; ..." over the fields
 * that both sides know and that are not volatile, for lists "field: -old +new".
 * What was asked (target, tags, repro) and the sentence of a code (error) are
 * not compared.  Unknown when status is internal or not_attempted on either
 * side.  Marks the row as seen; of several rows with one key the first whose
 * target is written alike, else the first.  Any thread. */
void baseline_judge(struct baseline *b, struct record *r);
/* The nth row that no record asked for, as a record of target and key fields
 * with REC_change "gone"; NULL after the last, or when not baseline_whole().
 * After all records were judged, one thread. */
struct record *baseline_gone(struct baseline *b, size_t nth) MUST_USE;
/* False once a row could not be read again (the file was changed, or memory ran
 * out): changes may be unknown and rows that are gone missing. */
bool baseline_whole(const struct baseline *b);
