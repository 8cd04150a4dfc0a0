/* pattern -- POSIX extended regular expressions over hostile texts. */
#pragma once

#include "base/err.h"

#include <regex.h>

/* False with ERR_USAGE for a pattern that cannot be read or would cost more
 * than it may. */
bool pattern_check(const char *pattern, struct err *e) MUST_USE;

/* A pattern at work on the texts of one value. */
struct matcher {
    regex_t regex;
    size_t left; /* bytes of text that it may still look at */
    bool stuck; /* texts too long or no memory: what it said is no answer */
};

/* False when out of memory: nothing to end then. */
bool matcher_begin(struct matcher *m, const char *pattern) MUST_USE;
/* Whether the pattern is in the text, which may hold any byte and has a NUL
 * after the last. */
bool matcher_finds(struct matcher *m, const char *text, size_t len);
void matcher_end(struct matcher *m);
