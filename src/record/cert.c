/* cert -- the certificates of a record's chain. */
#include "value.h"

#include "base/mem.h"

#include <assert.h>

void chain_release(struct record *r)
{
    for (size_t i = 0; i < r->nchain; i++) {
        for (size_t id = 0; id < CERT_FIELDS_COUNT; id++)
            value_reset(&r->chain[i].values[id], VALUE_UNKNOWN);
    }
    mem_free(r->chain);
    r->chain = NULL;
    r->nchain = 0;
}

struct cert *record_add_cert(struct record *r)
{
    struct cert *chain = value_grow(r->chain, r->nchain, sizeof(*chain));

    if (!chain) {
        r->incomplete = true;
        return NULL;
    }
    r->chain = chain;
    r->values[REC_chain].state = VALUE_KNOWN;
    chain[r->nchain] = (struct cert){ 0 };
    return &chain[r->nchain++];
}

void cert_bytes(struct record *r, struct cert *c, enum cert_field_id id,
                const void *data, size_t len)
{
    assert(cert_field_rows[id].kind == FIELD_TEXT);
    if (!value_set_text(&c->values[id], data, len))
        r->incomplete = true;
}

void cert_number(struct cert *c, enum cert_field_id id, int64_t number)
{
    assert(kind_is_number(cert_field_rows[id].kind));
    value_set_number(&c->values[id], number);
}

void cert_add(struct record *r, struct cert *c, enum cert_field_id id,
              const void *data, size_t len)
{
    assert(kind_is_list(cert_field_rows[id].kind));
    if (!value_add(&c->values[id], data, len))
        r->incomplete = true;
}
