#include "record.h"

#include "base/mem.h"
#include "value.h"

#include <assert.h>
#include <string.h>

struct record *record_new(void)
{
    return mem_new(1, sizeof(struct record));
}

void record_clear(struct record *r)
{
    for (size_t i = 0; i < FIELDS_COUNT; i++)
        value_reset(&r->values[i], VALUE_UNKNOWN);
    chain_release(r);
    bytes_release(&r->log);
    bytes_release(&r->trace);
    bytes_release(&r->block);
    bytes_release(&r->brief);
    r->incomplete = false;
}

void record_free(struct record *r)
{
    while (r) {
        struct record *more = r->more;

        record_clear(r);
        mem_free(r);
        r = more;
    }
}

void record_text(struct record *r, enum field_id id, const char *text)
{
    record_bytes(r, id, text, strlen(text));
}

void record_bytes(struct record *r, enum field_id id, const void *data,
                  size_t len)
{
    assert(field_rows[id].kind == FIELD_TEXT);
    if (!value_set_text(&r->values[id], data, len))
        r->incomplete = true;
}

void record_number(struct record *r, enum field_id id, int64_t number)
{
    assert(kind_is_number(field_rows[id].kind));
    value_set_number(&r->values[id], number);
}

void record_add(struct record *r, enum field_id id, const void *data,
                size_t len)
{
    assert(kind_is_list(field_rows[id].kind));
    if (!value_add(&r->values[id], data, len))
        r->incomplete = true;
}

void record_state(struct record *r, enum field_id id, enum value_state state)
{
    assert(state != VALUE_KNOWN);
    if (id == REC_chain)
        chain_release(r);
    value_reset(&r->values[id], state);
}

/* Bytes over the maximum of b were dropped on purpose; what is there counts,
 * and the record says that it is not all. */
static void note_cut(struct record *r, struct buf *b)
{
    static const char note[] = "the log or report block was cut: too long";
    static const char line[] = "\n(truncated)\n";
    const bool line_end = b->len == 0 || b->data[b->len - 1] == '\n';

    b->overflowed = false;
    b->max = b->len + sizeof(line);
    buf_text(b, line + line_end);
    record_add(r, REC_warnings, note, sizeof(note) - 1);
}

void record_take(struct record *r, struct bytes *part, struct buf *b)
{
    bytes_release(part);
    if (b->overflowed)
        note_cut(r, b);
    part->data = buf_take(b, &part->len);
    if (!part->data)
        r->incomplete = true;
}

void record_outcome(struct record *r, const struct err *e)
{
    const struct err_row *row = err_row(e->code);
    bool ok = e->code == ERR_NONE;

    record_text(r, REC_status, status_name(row->status));
    record_text(r, REC_stage, stage_name(ok ? STAGE_DONE : e->stage));
    record_text(r, REC_code, row->name);
    if (ok)
        record_state(r, REC_error, VALUE_NONE);
    else
        record_text(r, REC_error, e->msg);
}

enum status record_status(const struct record *r)
{
    const char *text = record_get(r, REC_status);

    for (size_t i = 0; text && i < STATUS_COUNT; i++) {
        if (strcmp(text, status_name((enum status)i)) == 0)
            return (enum status)i;
    }
    /* Only memory that ran out leaves a record without a status. */
    return STATUS_INTERNAL;
}

bool record_skipped(const struct record *r)
{
    for (; r; r = r->more)
        if (record_status(r) == STATUS_NOT_ATTEMPTED)
            return true;
    return false;
}

bool record_known(const struct record *r, enum field_id id)
{
    return r->values[id].state == VALUE_KNOWN;
}

const char *record_get(const struct record *r, enum field_id id)
{
    assert(field_rows[id].kind == FIELD_TEXT);
    return record_known(r, id) ? r->values[id].text.data : NULL;
}

int64_t record_int(const struct record *r, enum field_id id, int64_t otherwise)
{
    assert(kind_is_number(field_rows[id].kind));
    return record_known(r, id) ? r->values[id].number : otherwise;
}
