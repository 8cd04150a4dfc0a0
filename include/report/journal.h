/* journal -- every record is on disk before it counts as done.
 *
 * A run that was killed at any instant goes on from here: its records are read
 * again, only the other targets are probed.  The file is made 0600, is locked
 * while a run uses it, and goes away when all reports are under their names.
 */
#pragma once

#include "base/buf.h"
#include "record.h"

struct journal;

struct journal_config {
    const char *path;
    /* What decides which records a run makes, a line each: "what: value".  A
     * journal of another identity is refused and the difference named. */
    const char *identity;
    uint64_t targets; /* how many records there will be */
    bool resume; /* else what is left of an earlier run becomes PATH.old */
};

/* Opens and locks.  "note" gets a sentence for the user, or nothing.  Codes
 * USAGE (another run has it, another identity) and OUTPUT. */
struct journal *journal_open(const struct journal_config *config,
                             struct buf *note, struct err *e) MUST_USE;
/* Whether an earlier run has the records of this place in the feed. */
bool journal_has(const struct journal *j, uint64_t seq);
uint64_t journal_count(const struct journal *j);
/* Gives every record of the earlier run to the sink. */
bool journal_replay(struct journal *j, struct record_sink *sink, struct err *e)
    MUST_USE;
/* Writes the records of one target, unless an earlier run has them.  One thread
 * at a time; they are synced within a second.  False with OUTPUT. */
bool journal_append(struct journal *j, const struct record *r, struct err *e)
    MUST_USE;
/* Removes the file when the run is whole, else leaves it for -resume.  Frees
 * the journal in any case; NULL is fine. */
bool journal_close(struct journal *j, bool whole, struct err *e) MUST_USE;
