/* help -- the options of s_client that work here, where s_client lists them:
 * programs look there for what they may use. */
#include "interactive_room.h"

#include <stdio.h>

enum { HELP_MAX = 64 * 1024, COLUMN = 27 };

static void add_row(struct buf *out, const struct option_row *row)
{
    const size_t start = out->len;

    buf_printf(out, " -%s %s", row->name, row->argname ? row->argname : "");
    do
        buf_byte(out, ' ');
    while (out->len - start < COLUMN && buf_ok(out));
    buf_printf(out, "%s\n", row->help);
}

int interactive_help(void)
{
    struct buf out;

    buf_init(&out, HELP_MAX);
    buf_text(&out, "Usage: tlsfleet -interactive [options] [host:port]\n");
    for (enum option_id id = 0; id < OPTIONS_COUNT; id++)
        if (!(option_rows[id].traits & OPT_OWN)
            && plan_have(option_rows[id].needs))
            add_row(&out, &option_rows[id]);
    fputs(buf_string(&out), stderr);
    buf_release(&out);
    return 0;
}
