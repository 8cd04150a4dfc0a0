/* stream -- all lists, gone through once to be checked and once to be fed. */
#pragma once

#include "expand.h"

struct target_stream {
    struct target_source source;
    struct complaints complaints;
    struct list *lists; /* the command line first */
    struct origin *origins; /* one a list */
    size_t nlists;
    uint64_t count; /* targets in all */

    /* Where reading stands. */
    size_t list;
    bool begun; /* this list */
    struct entry entry;
    size_t host; /* of the entry, behind the current one */
    uint64_t index; /* of the current host, from 1 */
    size_t nth; /* start of the current host to give out next */
};

/* ---- cursor.c ---- */

/* Goes to the next host of all lists, behind the last one *end.  What is wrong
 * on the way is complained about; false ends it. */
bool stream_next_host(struct target_stream *s, bool *end, struct err *e)
    MUST_USE;
const struct entry_host *stream_host(const struct target_stream *s);
bool stream_in_shard(const struct target_stream *s);
/* The starts of the current host. */
size_t stream_count_starts(const struct target_stream *s);
struct start *stream_start(const struct target_stream *s, size_t nth);
void stream_start_over(struct target_stream *s);

/* ---- check.c ---- */

/* Opens all lists and checks all targets; counts them.  False when there was
 * any complaint, or e. */
bool stream_check(struct target_stream *s, struct err *e) MUST_USE;
