/* seen -- which texts came before: eight to sixteen bytes of memory each. */
#pragma once

#include "base/err.h"

#include <stdint.h>

struct seen {
    uint64_t *hashes; /* 0: empty */
    size_t room; /* 0 or a power of 2 */
    size_t used;
};

/* Notes a text; *again says whether it was noted before.  Two texts in 2^64
 * may be taken for the same. */
bool seen_note(struct seen *s, const char *text, size_t len, bool *again,
               struct err *e) MUST_USE;
void seen_release(struct seen *s);
