/* phrases -- pass phrases that somebody types at the terminal, each one once.
 *
 * Only before the first worker: a question waits for as long as it takes. */
#pragma once

#include <stdbool.h>

struct phrases;

/* Nobody is asked unless "asks", nor when there is no terminal (tty(4)).  NULL:
 * no memory. */
struct phrases *phrases_new(bool asks);
void phrases_free(struct phrases *p);
/* From here on only what was typed already is known. */
void phrases_end(struct phrases *p);

/* The pass phrase of what is called so, which lives as long as p; NULL when
 * nobody gives one, and for a NULL p.  Who ends one question is asked no other.
 * Any thread. */
const char *phrase_of(struct phrases *p, const char *what);
