#include "lane.h"

#include <stdlib.h>
#include <string.h>

enum {
    ORDER_MEMORY = 8 << 20, /* bytes that may wait in memory */
    BLOCK = 64 << 10, /* bytes that are worth a write */
};

static bool wants_color(enum color_mode mode, bool terminal)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    if (mode != COLOR_AUTO)
        return mode == COLOR_ALWAYS;
    return terminal && !(no_color && *no_color) && term && *term
           && strcmp(term, "dumb") != 0;
}

/* The lane ends here: what it holds is of no use to anybody. */
static bool fail(struct lane *l)
{
    order_release(&l->order);
    output_release(&l->output);
    return false;
}

static bool has_failed(const struct lane *l)
{
    return l->error.code != ERR_NONE;
}

/* What the format just made goes out. */
static bool send(struct lane *l)
{
    if (!sheet_ok(&l->sheet))
        return err_memory(&l->error, "formatting a report");
    buf_add(&l->output.pending, buf_string(&l->sheet.out), l->sheet.out.len);
    return output_write(&l->output, BLOCK, &l->error);
}

/* All whose turn it is go out, a block at a time. */
static bool send_due(struct lane *l)
{
    while (order_take(&l->order, &l->output.pending, &l->error)) {
        if (!output_write(&l->output, BLOCK, &l->error))
            return false;
    }
    return !has_failed(l);
}

static bool send_in_order(struct lane *l, uint64_t seq)
{
    if (!sheet_ok(&l->sheet))
        return err_memory(&l->error, "formatting a report");
    return order_put(&l->order, seq, buf_string(&l->sheet.out),
                     l->sheet.out.len, &l->error)
           && send_due(l);
}

bool lane_open(struct lane *l, const struct report_spec *spec,
               const struct report_config *config, struct err *e)
{
    *l = (struct lane){ .format = spec->format,
                        .ordered = !config->unordered,
                        .error = { .stage = e->stage } };
    sheet_init(&l->sheet, config);
    order_init(&l->order, ORDER_MEMORY);
    if (!output_open(&l->output, spec->file, config->show_secrets, e))
        return false;
    l->sheet.color = wants_color(config->color, l->output.terminal);
    if (l->format->begin)
        l->format->begin(&l->sheet);
    if (!send(l))
        *e = l->error;
    return !has_failed(l);
}

bool lane_record(struct lane *l, const struct record *r)
{
    if (has_failed(l))
        return false;
    sheet_clear(&l->sheet);
    for (const struct record *one = r; one; one = one->more)
        l->format->record(&l->sheet, one);
    return (l->ordered ? send_in_order(l, r->seq) : send(l)) || fail(l);
}

bool lane_idle(struct lane *l)
{
    bool watched = l->output.dir < 0;

    if (has_failed(l) || !watched)
        return !has_failed(l);
    return output_write(&l->output, 1, &l->error) || fail(l);
}

bool lane_finish(struct lane *l, const struct summary *summary)
{
    if (has_failed(l))
        return false;
    order_pass_gaps(&l->order);
    if (!send_due(l))
        return fail(l);
    sheet_clear(&l->sheet);
    if (l->format->end)
        l->format->end(&l->sheet, summary);
    return (send(l) && output_finish(&l->output, summary->whole, &l->error))
           || fail(l);
}

void lane_release(struct lane *l)
{
    sheet_release(&l->sheet);
    order_release(&l->order);
    output_release(&l->output);
}
