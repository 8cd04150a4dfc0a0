/* batch -- from the words of the command line to reports and an exit status.
 *
 * Plugs the rooms together: target stream, plans, writer, scan.  Speaks to the
 * user on standard error.
 */
#pragma once

#include "options.h"

#define TLSFLEET_VERSION "0.1.0"

enum exit_status {
    EXIT_CLEAN = 0, /* every target probed, nothing that -fail_on names */
    EXIT_FOUND = 1, /* something that -fail_on names */
    EXIT_USAGE = 2, /* usage or configuration; nothing was connected */
    EXIT_INCOMPLETE = 3, /* interrupted, out of time, or output failed */
};

/* The whole batch.  "line" must outlive the call.  Prints complaints on
 * standard error.  Returns an exit status: one of those above, or with -nagios
 * that of a plug-in. */
int batch_run(const struct command_line *line);

/* The same for words that cannot be read: tells why. */
int batch_refuse(char *const words[], size_t count, const struct err *e);

/* True when the words of a command line ask for one target at most and no
 * option of a batch: the interactive s_client.  They need not be right. */
bool batch_is_one_target(char *const words[], size_t count);

/* Appends what -version shows. */
void batch_about(struct buf *out);

/* "tlsfleet: sentence" on standard error; "stage" names are left out. */
void batch_complain(const struct err *e);
