/* blocks -- the formats full and brief: what s_client would have printed,
 * under a header line for each target. */
#include "format.h"

#include <inttypes.h>

static void add_line_end(struct buf *out)
{
    if (out->len > 0 && out->data[out->len - 1] != '\n')
        buf_byte(out, '\n');
}

static void add_header(struct sheet *s, const struct record *r)
{
    buf_printf(&s->out, "=== %" PRId64 " ",
               record_int(r, REC_index, (int64_t)r->seq + 1));
    sheet_target(&s->out, r);
    buf_printf(&s->out, " %s\n", status_name(record_status(r)));
}

/* s_client doubles no backslash, and in names they are frequent. */
static void add_block(struct sheet *s, const struct bytes *block)
{
    sheet_encode(&s->out, block, TEXT_SHOWN);
    add_line_end(&s->out);
}

static void add_error(struct sheet *s, const struct record *r)
{
    if (!record_known(r, REC_error))
        return;
    buf_text(&s->out, "error: ");
    sheet_encode(&s->out, &r->values[REC_stage].text, TEXT_LINE);
    buf_text(&s->out, ": ");
    sheet_encode(&s->out, &r->values[REC_error].text, TEXT_LINE);
    buf_byte(&s->out, '\n');
}

static void full_record(struct sheet *s, const struct record *r)
{
    add_header(s, r);
    add_block(s, &r->log);
    add_block(s, &r->trace);
    add_block(s, &r->block);
    add_error(s, r);
}

static void brief_record(struct sheet *s, const struct record *r)
{
    add_header(s, r);
    add_block(s, &r->log);
    add_block(s, &r->brief);
    add_error(s, r);
}

const struct report_format format_full = {
    .name = "full",
    .record = full_record,
};

const struct report_format format_brief = {
    .name = "brief",
    .record = brief_record,
};
