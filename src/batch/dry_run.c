/* dry_run -- every target with its effective options, connecting to none. */
#include "batch_room.h"

#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 256 * 1024 };

static void print_target(const struct target *t, struct buf *line)
{
    struct buf words;

    buf_init(&words, LINE_MAX_BYTES);
    buf_text(&words, t->text);
    if (t->profile)
        buf_printf(&words, " [%s]", t->profile);
    options_print(&t->words, ~(1u << OPTION_SCOPE_RUN), &words);
    if (t->invalid.code != ERR_NONE)
        buf_printf(&words, " (invalid: %s)", t->invalid.msg);
    buf_printf(line, "%" PRIu64 " ", t->index);
    text_encode(line, words.data, words.len, TEXT_LINE);
    buf_byte(line, '\n');
    buf_release(&words);
}

bool batch_dry_run(struct target_stream *s, struct err *e)
{
    struct target *t;
    struct buf line;

    buf_init(&line, 4 * LINE_MAX_BYTES);
    while ((t = targets_next(s, e)) != NULL) {
        buf_clear(&line);
        print_target(t, &line);
        target_free(t);
        if (!buf_ok(&line))
            err_memory(e, "printing a target");
        else if (fwrite(line.data, 1, line.len, stdout) == line.len)
            continue;
        else
            err_sys(e, ERR_OUTPUT, errno, "standard output");
        break;
    }
    buf_release(&line);
    if (e->code == ERR_NONE && fflush(stdout) != 0)
        err_sys(e, ERR_OUTPUT, errno, "standard output");
    return e->code == ERR_NONE;
}
