/* interactive -- one open connection and a terminal: `openssl s_client`.
 *
 * The same words, standard input and server give the same output, streams and
 * exit status.  What is different on purpose is in tests/parity/differences.md.
 */
#pragma once

#include "options.h"

/* What "-interactive -help" prints, where s_client prints its own; the exit
 * status. */
int interactive_help(void);

/* A whole session, from words to exit status.  "words" are the "count" words
 * of the command line behind the program's name; "line" is what was read of
 * them, or, when they could not be read, NULL and e says why. */
int interactive_run(const struct command_line *line, char *const words[],
                    size_t count, const struct err *e);
