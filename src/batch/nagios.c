/* nagios -- the run as a plug-in of a monitoring system: a line and a state. */
#include "batch_room.h"

#include <stdio.h>

enum { LINE_MAX_BYTES = 4096 };

/* A line that cannot be written leaves the state unknown. */
static enum plugin_state print_line(struct buf *line, enum plugin_state state)
{
    const bool done = buf_ok(line)
                      && fwrite(line->data, 1, line->len, stdout) == line->len
                      && fflush(stdout) == 0;

    buf_release(line);
    return done ? state : PLUGIN_UNKNOWN;
}

int nagios_say(const struct plugin *p, enum exit_status status, const char *why)
{
    enum plugin_state state;
    struct buf line;

    buf_init(&line, LINE_MAX_BYTES);
    if (!p || status == EXIT_USAGE)
        state = plugin_unknown(*why ? why : "nothing was scanned", &line);
    else if (status == EXIT_INCOMPLETE)
        state = plugin_line(
            p, *why ? why : "the scan was stopped before its end", &line);
    else
        state = plugin_line(p, NULL, &line);
    return (int)print_line(&line, state);
}

int batch_refuse(char *const words[], size_t count, const struct err *e)
{
    batch_complain(e);
    fputs("tlsfleet: try 'tlsfleet -help'\n", stderr);
    return words_name(words, count, OPT_nagios)
               ? nagios_say(NULL, EXIT_USAGE, e->msg)
               : EXIT_USAGE;
}
