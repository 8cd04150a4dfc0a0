/* words -- saying options in tests and reading back what a set holds. */
#pragma once

#include "options.h"

/* Says an option that must be accepted; NULL is "no value". */
void say(struct option_set *set, enum option_level level, const char *name,
         const char *value);
/* Says it on the command line and returns the message of the refusal, or NULL
 * when it was accepted.  Valid until the next call. */
const char *refusal(const char *name, const char *value);
/* The set as options_print() writes it, without the first blank; valid until
 * the next call. */
const char *printed(const struct option_set *set);
