/* pack -- a record as bytes, and back: what the journal keeps.
 *
 * Little-endian, every field in the order of the rows: a state, then what its
 * kind has.  Only a program with the same rows reads it again. */
#include "base/mem.h"
#include "value.h"

#include <string.h>

/* ---- out ---- */

static void put_number(struct buf *out, uint64_t number, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        buf_byte(out, (char)(number >> (8 * i) & 0xff));
}

static void put_bytes(struct buf *out, const struct bytes *b)
{
    put_number(out, b->len, 4);
    buf_add(out, b->data, b->len);
}

static void put_value(struct buf *out, const struct value *v,
                      enum field_kind kind)
{
    put_number(out, v->state, 1);
    if (v->state != VALUE_KNOWN || kind == FIELD_CHAIN)
        return;
    if (kind_is_number(kind)) {
        put_number(out, (uint64_t)v->number, 8);
    } else if (kind_is_list(kind)) {
        put_number(out, v->nitems, 4);
        for (size_t i = 0; i < v->nitems; i++)
            put_bytes(out, &v->items[i]);
    } else {
        put_bytes(out, &v->text);
    }
}

static void put_record(struct buf *out, const struct record *r)
{
    for (size_t i = 0; i < FIELDS_COUNT; i++)
        put_value(out, &r->values[i], field_rows[i].kind);
    put_number(out, r->nchain, 4);
    for (size_t i = 0; i < r->nchain; i++)
        for (size_t k = 0; k < CERT_FIELDS_COUNT; k++)
            put_value(out, &r->chain[i].values[k], cert_field_rows[k].kind);
    put_bytes(out, &r->log);
    put_bytes(out, &r->trace);
    put_bytes(out, &r->block);
    put_bytes(out, &r->brief);
    put_number(out, r->more != NULL, 1);
}

void record_pack(const struct record *r, struct buf *out)
{
    for (; r; r = r->more)
        put_record(out, r);
}

/* ---- in ---- */

/* What is left to read; "bad" once it does not make sense. */
struct source {
    const unsigned char *p;
    size_t left;
    bool bad;
};

static uint64_t get_number(struct source *s, unsigned bytes)
{
    uint64_t number = 0;

    if (s->left < bytes)
        s->bad = true;
    for (unsigned i = 0; i < bytes && !s->bad; i++)
        number |= (uint64_t)s->p[i] << (8 * i);
    if (!s->bad) {
        s->p += bytes;
        s->left -= bytes;
    }
    return number;
}

/* Bytes in place; they are only good as long as the source is. */
static const void *get_bytes(struct source *s, size_t *len)
{
    const void *p;

    *len = (size_t)get_number(s, 4);
    if (s->bad || *len > s->left) {
        s->bad = true;
        *len = 0;
    }
    p = s->p;
    s->p += *len;
    s->left -= *len;
    return p;
}

static void get_part(struct source *s, struct bytes *out)
{
    size_t len;
    const void *p = get_bytes(s, &len);

    if (s->bad || len == 0)
        return;
    out->data = mem_copy(p, len);
    out->len = out->data ? len : 0;
    s->bad = !out->data;
}

static void get_items(struct source *s, struct value *v)
{
    uint64_t n = get_number(s, 4);

    for (; n > 0 && !s->bad; n--) {
        size_t len;
        const void *p = get_bytes(s, &len);

        if (!s->bad && !value_add(v, p, len))
            s->bad = true;
    }
}

static void get_text(struct source *s, struct value *v)
{
    size_t len;
    const void *p = get_bytes(s, &len);

    if (!s->bad && !value_set_text(v, p, len))
        s->bad = true;
}

static void get_value(struct source *s, struct value *v, enum field_kind kind)
{
    const uint64_t state = get_number(s, 1);

    if (s->bad || state > VALUE_KNOWN) {
        s->bad = true;
        return;
    }
    v->state = (enum value_state)state;
    if (state != VALUE_KNOWN || kind == FIELD_CHAIN)
        return;
    if (kind_is_number(kind))
        value_set_number(v, (int64_t)get_number(s, 8));
    else if (kind_is_list(kind))
        get_items(s, v);
    else
        get_text(s, v);
}

static void get_chain(struct source *s, struct record *r)
{
    uint64_t n = get_number(s, 4);

    for (; n > 0 && !s->bad; n--) {
        struct cert *c = record_add_cert(r);

        if (!c)
            s->bad = true;
        for (size_t k = 0; k < CERT_FIELDS_COUNT && !s->bad; k++)
            get_value(s, &c->values[k], cert_field_rows[k].kind);
    }
}

/* True when another record of the same target follows. */
static bool get_record(struct source *s, struct record *r)
{
    for (size_t i = 0; i < FIELDS_COUNT && !s->bad; i++)
        get_value(s, &r->values[i], field_rows[i].kind);
    get_chain(s, r);
    get_part(s, &r->log);
    get_part(s, &r->trace);
    get_part(s, &r->block);
    get_part(s, &r->brief);
    return get_number(s, 1) == 1 && !s->bad;
}

struct record *record_unpack(const void *bytes, size_t len)
{
    struct source s = { .p = bytes, .left = len };
    struct record *first = record_new(), *r = first;

    while (r && get_record(&s, r)) {
        r->more = record_new();
        r = r->more;
    }
    if (r && !s.bad && s.left == 0)
        return first;
    record_free(first);
    return NULL;
}
