#include "order.h"

#include "base/mem.h"

#include <assert.h>
#include <string.h>

enum where { ABSENT, IN_MEMORY, SPILLED };

struct slot {
    union {
        char *bytes;
        uint64_t at;
    };
    uint32_t len;
    uint32_t where; /* enum where */
};

enum { FIRST_ROOM = 256 };

void order_init(struct order *o, size_t memory_max)
{
    *o = (struct order){ .memory_max = memory_max };
    spill_init(&o->spill);
}

static struct slot *slot_of(const struct order *o, uint64_t seq)
{
    return &o->slots[seq & (o->room - 1)];
}

/* Makes the ring long enough for "seq". */
static bool reach(struct order *o, uint64_t seq, struct err *e)
{
    struct order longer = *o;

    if (seq - o->next < o->room)
        return true;
    if (seq - o->next >= SIZE_MAX / sizeof(struct slot) / 2)
        return err_memory(e, "keeping reports in order");
    longer.room = o->room ? o->room : FIRST_ROOM;
    while (seq - o->next >= longer.room)
        longer.room *= 2;
    longer.slots = mem_new(longer.room, sizeof(struct slot));
    if (!longer.slots)
        return err_memory(e, "keeping reports in order");
    for (uint64_t i = o->next; i < o->next + o->room; i++)
        *slot_of(&longer, i) = *slot_of(o, i);
    mem_free(o->slots);
    *o = longer;
    return true;
}

static bool keep(struct order *o, struct slot *slot, const void *bytes,
                 struct err *e)
{
    if (o->memory + slot->len > o->memory_max) {
        if (!spill_put(&o->spill, bytes, slot->len, &slot->at, e))
            return false;
        slot->where = SPILLED;
        return true;
    }
    slot->bytes = mem_copy(bytes, slot->len);
    if (!slot->bytes)
        return err_memory(e, "keeping reports in order");
    slot->where = IN_MEMORY;
    o->memory += slot->len;
    return true;
}

bool order_put(struct order *o, uint64_t seq, const void *bytes, size_t len,
               struct err *e)
{
    struct slot *slot;

    assert(seq >= o->next && len <= UINT32_MAX);
    if (!reach(o, seq, e))
        return false;
    slot = slot_of(o, seq);
    assert(slot->where == ABSENT);
    slot->len = (uint32_t)len;
    if (!keep(o, slot, bytes, e))
        return false;
    o->count++;
    return true;
}

static void forget(struct order *o, struct slot *slot)
{
    if (slot->where == IN_MEMORY) {
        o->memory -= slot->len;
        mem_free(slot->bytes);
    }
    *slot = (struct slot){ .where = ABSENT };
}

bool order_take(struct order *o, struct buf *out, struct err *e)
{
    struct slot *slot;

    if (o->count == 0)
        return false;
    while (o->gaps_pass && slot_of(o, o->next)->where == ABSENT)
        o->next++;
    slot = slot_of(o, o->next);
    if (slot->where == ABSENT)
        return false;
    if (slot->where == IN_MEMORY)
        buf_add(out, slot->bytes, slot->len);
    else if (!spill_take(&o->spill, slot->at, slot->len, out, e))
        return false;
    forget(o, slot);
    o->count--;
    o->next++;
    return true;
}

void order_pass_gaps(struct order *o)
{
    o->gaps_pass = true;
}

void order_release(struct order *o)
{
    for (size_t i = 0; i < o->room; i++)
        forget(o, &o->slots[i]);
    mem_free(o->slots);
    spill_release(&o->spill);
    order_init(o, o->memory_max);
}
