#include "series.h"

#include "base/mem.h"

#include <stdint.h>
#include <string.h>

enum {
    BLOCK = 64 << 10, /* bytes that are worth a read or a write */
    LABELS = '=',
};

void series_init(struct series *s)
{
    *s = (struct series){ 0 };
    buf_init(&s->chunk, SIZE_MAX / 2);
    buf_init(&s->pending, SIZE_MAX / 2);
    spill_init(&s->spill);
}

void series_release(struct series *s)
{
    buf_release(&s->chunk);
    buf_release(&s->pending);
    spill_release(&s->spill);
    seen_release(&s->seen);
}

/* ---- into the file ---- */

static bool put_aside(struct series *s, size_t enough, struct err *e)
{
    uint64_t at;

    if (!buf_ok(&s->pending))
        return err_memory(e, "collecting samples");
    if (s->pending.len < enough)
        return true;
    if (!spill_put(&s->spill, s->pending.data, s->pending.len, &at, e))
        return false;
    buf_clear(&s->pending);
    return true;
}

/* "=INDEX LABELS" */
static bool add_labels(struct series *s, const char *line, size_t len,
                       struct err *e)
{
    const char *index = line + 1;
    const char *blank = memchr(index, ' ', len - 1);
    const char *labels = blank + 1;
    const size_t labels_len = (size_t)(line + len - labels);
    bool again;

    if (!seen_note(&s->seen, labels, labels_len, &again, e))
        return false;
    buf_byte(&s->pending, LABELS);
    buf_add(&s->pending, labels, labels_len);
    if (again)
        buf_printf(&s->pending, ",index=\"%.*s\"", (int)(blank - index), index);
    buf_byte(&s->pending, '\n');
    return true;
}

bool series_take(struct series *s, struct err *e)
{
    const char *at = buf_string(&s->chunk), *end = at + s->chunk.len, *stop;

    if (!buf_ok(&s->chunk))
        return err_memory(e, "collecting samples");
    for (; at < end; at = stop + 1) {
        stop = memchr(at, '\n', (size_t)(end - at));
        if (*at != LABELS)
            buf_add(&s->pending, at, (size_t)(stop + 1 - at));
        else if (!add_labels(s, at, (size_t)(stop - at), e))
            return false;
    }
    buf_clear(&s->chunk);
    return put_aside(s, BLOCK, e);
}

/* ---- out of it ---- */

/* One reading of the file. */
struct reading {
    const struct metric *metric;
    char tag;
    bool begun; /* the head is written */
    bool lost; /* memory ran out */
    struct output *output;
    struct buf line; /* what came of it so far */
    struct buf labels; /* of the target that the lines are about */
};

static void take_line(struct reading *r)
{
    const char *line = buf_string(&r->line);
    struct buf *out = &r->output->pending;

    if (line[0] == LABELS) {
        buf_clear(&r->labels);
        buf_add(&r->labels, line + 1, r->line.len - 1);
        r->lost |= !buf_ok(&r->labels);
    } else if (line[0] == r->tag) {
        if (!r->begun)
            series_head(out, r->metric->name, r->metric->help);
        r->begun = true;
        buf_text(out, r->metric->name);
        buf_byte(out, '{');
        buf_add(out, buf_string(&r->labels), r->labels.len);
        buf_add(out, line + 1, r->line.len - 1);
        buf_byte(out, '\n');
    }
    r->lost |= !buf_ok(&r->line);
    buf_clear(&r->line);
}

static bool take_block(struct reading *r, const char *at, size_t len,
                       struct err *e)
{
    const char *end = at + len, *stop;

    while ((stop = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        buf_add(&r->line, at, (size_t)(stop - at));
        take_line(r);
        at = stop + 1;
    }
    buf_add(&r->line, at, (size_t)(end - at));
    if (r->lost || !buf_ok(&r->line))
        return err_memory(e, "writing samples");
    return output_write(r->output, BLOCK, e);
}

static bool read_all(struct reading *r, const struct spill *spill,
                     struct err *e)
{
    struct buf block;
    bool done = true;

    buf_init(&block, BLOCK);
    for (uint64_t at = 0; done && at < spill->end; at += BLOCK) {
        const uint64_t left = spill->end - at;

        buf_clear(&block);
        done = spill_read(spill, at, left < BLOCK ? (size_t)left : BLOCK,
                          &block, e)
               && take_block(r, buf_string(&block), block.len, e);
    }
    buf_release(&block);
    return done;
}

bool series_write(struct series *s, const struct metric *metric, size_t nth,
                  struct output *o, struct err *e)
{
    struct reading r = {
        .metric = metric,
        .tag = (char)('A' + nth),
        .output = o,
    };
    bool done;

    buf_init(&r.line, SIZE_MAX / 2);
    buf_init(&r.labels, SIZE_MAX / 2);
    done = put_aside(s, 1, e) && read_all(&r, &s->spill, e);
    buf_release(&r.line);
    buf_release(&r.labels);
    return done;
}

void series_head(struct buf *out, const char *name, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}
