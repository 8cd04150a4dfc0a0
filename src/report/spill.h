/* spill -- bytes put aside in a file that has no name.
 *
 * The file is made when it is first needed and starts afresh whenever nothing
 * is kept in it. */
#pragma once

#include "base/buf.h"

#include <stdint.h>

struct spill {
    int fd; /* -1: not made yet */
    uint64_t end; /* where the next bytes go */
    uint64_t kept; /* bytes that somebody will want back */
};

void spill_init(struct spill *s);
/* Puts bytes aside; *at is where they are. */
bool spill_put(struct spill *s, const char *bytes, size_t len, uint64_t *at,
               struct err *e) MUST_USE;
/* Appends them to out. */
bool spill_read(const struct spill *s, uint64_t at, size_t len, struct buf *out,
                struct err *e) MUST_USE;
/* The same, and forgets them. */
bool spill_take(struct spill *s, uint64_t at, size_t len, struct buf *out,
                struct err *e) MUST_USE;
void spill_release(struct spill *s);

/* A new file without a name, -1 when there is none to be had. */
int spill_open(struct err *e) MUST_USE;
