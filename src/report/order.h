/* order -- formatted records that wait for their turn.
 *
 * Bytes wait in memory up to a limit and beyond it in a spill file; what stays
 * in memory for each waiting record then is a slot of 16 bytes. */
#pragma once

#include "spill.h"

struct slot;

struct order {
    uint64_t next; /* whose turn it is */
    struct slot *slots; /* a ring: seq at seq % room; room is a power of 2 */
    size_t room;
    size_t count; /* how many wait */
    size_t memory; /* bytes waiting in memory */
    size_t memory_max;
    bool gaps_pass; /* nobody is waited for any more */
    struct spill spill;
};

void order_init(struct order *o, size_t memory_max);
/* Keeps a copy of the bytes of record "seq" (it comes once) until its turn. */
bool order_put(struct order *o, uint64_t seq, const void *bytes, size_t len,
               struct err *e) MUST_USE;
/* Appends the bytes whose turn it is to out.  False when there are none; or on
 * failure, then e->code is set. */
bool order_take(struct order *o, struct buf *out, struct err *e) MUST_USE;
/* From now on a record that is missing is passed over. */
void order_pass_gaps(struct order *o);
void order_release(struct order *o);
