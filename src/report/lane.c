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
    series_release(&l->series);
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

/* Where the bytes of records go. */
static struct buf *destination(struct lane *l)
{
    return l->format->metric ? &l->series.chunk : &l->output.pending;
}

/* What was added there goes on. */
static bool send_on(struct lane *l)
{
    return l->format->metric ? series_take(&l->series, &l->error)
                             : output_write(&l->output, BLOCK, &l->error);
}

/* All whose turn it is go out, a block at a time. */
static bool send_due(struct lane *l)
{
    while (order_take(&l->order, destination(l), &l->error)) {
        if (!send_on(l))
            return false;
    }
    return !has_failed(l);
}

static bool send_record(struct lane *l, uint64_t seq)
{
    const struct buf *bytes = &l->sheet.out;

    if (!sheet_ok(&l->sheet))
        return err_memory(&l->error, "formatting a report");
    if (l->ordered)
        return order_put(&l->order, seq, buf_string(bytes), bytes->len,
                         &l->error)
               && send_due(l);
    buf_add(destination(l), buf_string(bytes), bytes->len);
    return send_on(l);
}

static bool send_series(struct lane *l)
{
    const struct metric *metric;

    for (size_t i = 0;
         l->format->metric && (metric = l->format->metric(i)) != NULL; i++)
        if (!series_write(&l->series, metric, i, &l->output, &l->error))
            return false;
    return true;
}

static enum readers readers_of(const struct report_spec *spec,
                               const struct report_config *config)
{
    if (spec->format->metric) /* it shows no secrets, and a daemon reads it */
        return READERS_ALL;
    return config->show_secrets ? READERS_OWNER : READERS_USUAL;
}

bool lane_open(struct lane *l, const struct report_spec *spec,
               const struct report_config *config, struct err *e)
{
    *l = (struct lane){ .format = spec->format,
                        .ordered = !config->unordered,
                        .only = spec->format->metric ? ONLY_ALL : config->only,
                        .error = { .stage = e->stage } };
    sheet_init(&l->sheet, config);
    order_init(&l->order, ORDER_MEMORY);
    series_init(&l->series);
    if (!output_open(&l->output, spec->file, readers_of(spec, config), e))
        return false;
    l->output.over_line = config->over_line && l->output.terminal;
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
        if (finding_wanted(one, l->only))
            l->format->record(&l->sheet, one);
    return send_record(l, r->seq) || fail(l);
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
    if (!send_due(l) || !send_series(l))
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
    series_release(&l->series);
    output_release(&l->output);
}
