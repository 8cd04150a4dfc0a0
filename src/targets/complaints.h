/* complaints -- all that is wrong with all lists, told in one go. */
#pragma once

#include "base/buf.h"

/* Where in a list; columns count characters.  Line 0 is the list as a whole. */
struct spot {
    const char *file;
    size_t line, column;
};

enum {
    COMPLAINTS_SHOWN = 20,
    /* Nobody mends more at once, and naming the nearest option costs time. */
    COMPLAINTS_ENOUGH = 1000,
};

struct complaints {
    struct buf *out; /* one line each, fit to be shown */
    struct err first; /* the same sentence with its place, as it is */
    size_t count;
    size_t enough; /* one more ends the reading; 0: the first one does */
};

/* Puts the place before the sentence. */
void spot_tell(const struct spot *at, struct err *e);

/* Notes that "why" is wrong at a place; true: go on to the next thing.  False
 * when reading must end: the fault is ours (out of memory) or there are enough
 * complaints; e says which. */
bool complain(struct complaints *c, const struct spot *at,
              const struct err *why, struct err *e) MUST_USE;
/* Adds the last line, when there were more than are shown, and puts the first
 * complaint in e unless the fault is ours. */
void complaints_finish(struct complaints *c, struct err *e);
