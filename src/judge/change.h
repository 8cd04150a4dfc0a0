/* change -- what differs between two records of the same target. */
#pragma once

#include "record.h"

/* Whether the record says anything of the server at all: a fault on our side
 * and a target whose turn did not come do not. */
bool change_can_tell(const struct record *r);

/* "field: old -> new; ..." over what both sides know; nothing when that is the
 * same. */
void change_say(struct buf *out, const struct record *before,
                const struct record *now);
