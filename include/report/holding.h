/* holding -- standard output and standard error are kept back until it is known
 * whether anybody is to see them.
 *
 * Whatever writes to their descriptors meanwhile, writes into files without
 * names.  While they are kept back neither is a terminal. */
#pragma once

#include "base/err.h"

struct holding {
    int out, err; /* the real ones; -1: not kept back */
};
#define HOLDING_NOTHING \
    {                   \
        -1, -1          \
    }

/* False, and nothing is kept back, when there is no place for it. */
bool holding_begin(struct holding *h, struct err *e) MUST_USE;
/* Gives the descriptors back and, with "show", writes what was kept, standard
 * error last.  False when that failed: some of it was not shown.  With nothing
 * kept back it does nothing. */
bool holding_end(struct holding *h, bool show, struct err *e) MUST_USE;
