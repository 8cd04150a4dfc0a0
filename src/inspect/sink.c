/* sink -- one writer for the leaf's fields and for those of the chain. */
#include "inspect_room.h"

/* Fields of a record that tell of its leaf. */
static enum field_id leaf_field(enum cert_field_id id)
{
    static const enum field_id fields[CERT_FIELDS_COUNT] = {
        [CERT_subject] = REC_subject,
        [CERT_issuer] = REC_issuer,
        [CERT_san] = REC_san,
        [CERT_serial] = REC_serial,
        [CERT_not_before] = REC_not_before,
        [CERT_not_after] = REC_not_after,
        [CERT_key_type] = REC_key_type,
        [CERT_key_bits] = REC_key_bits,
        [CERT_signature] = REC_cert_signature,
        [CERT_sha256] = REC_sha256,
    };
    return fields[id];
}

void sink_bytes(const struct sink *s, enum cert_field_id id, const void *data,
                size_t len)
{
    if (s->cert)
        cert_bytes(s->record, s->cert, id, data, len);
    else
        record_bytes(s->record, leaf_field(id), data, len);
}

void sink_number(const struct sink *s, enum cert_field_id id, int64_t number)
{
    if (s->cert)
        cert_number(s->cert, id, number);
    else
        record_number(s->record, leaf_field(id), number);
}

void sink_none(const struct sink *s, enum cert_field_id id)
{
    if (s->cert)
        s->cert->values[id].state = VALUE_NONE;
    else
        record_state(s->record, leaf_field(id), VALUE_NONE);
}

/* What does not fit stays unknown; what there is no memory for spoils all. */
static bool is_whole(struct record *r, const struct buf *b)
{
    r->incomplete |= b->refused;
    return buf_ok(b);
}

void record_buf(struct record *r, enum field_id id, struct buf *b)
{
    if (is_whole(r, b) && field_rows[id].kind == FIELD_LIST)
        record_add(r, id, buf_string(b), b->len);
    else if (is_whole(r, b))
        record_bytes(r, id, buf_string(b), b->len);
    buf_clear(b);
}

void sink_buf(const struct sink *s, enum cert_field_id id, struct buf *b)
{
    if (!s->cert)
        record_buf(s->record, leaf_field(id), b);
    else if (is_whole(s->record, b) && cert_field_rows[id].kind == FIELD_LIST)
        cert_add(s->record, s->cert, id, buf_string(b), b->len);
    else if (is_whole(s->record, b))
        cert_bytes(s->record, s->cert, id, buf_string(b), b->len);
    buf_clear(b);
}
