#include "places.h"

#include "base/mem.h"

static const uint32_t slot_free = UINT32_MAX;

bool places_init(struct places *p, struct err *e)
{
    int sys;

    *p = (struct places){ 0 };
    sys = pthread_mutex_init(&p->lock, NULL);
    return sys == 0 ? true : err_sys(e, ERR_SYSTEM, sys, "a lock");
}

void places_release(struct places *p)
{
    pthread_mutex_destroy(&p->lock);
    mem_free(p->rows);
    mem_free(p->slots);
}

static bool make_room(struct places *p, struct err *e)
{
    size_t room = p->room ? 2 * p->room : 256;
    struct place *rows;

    if (p->count < p->room)
        return true;
    if (room > PLACE_NONE)
        return err_set(e, ERR_FILE, "it has too many rows");
    rows = mem_resize(p->rows, room * sizeof(*rows));
    if (!rows)
        return err_memory(e, "the index");
    p->rows = rows;
    p->room = room;
    return true;
}

static uint32_t tag_of(const struct key *key)
{
    return (uint32_t)(key->place >> 32);
}

bool places_add(struct places *p, const struct key *key, uint64_t offset,
                struct err *e)
{
    if (!make_room(p, e))
        return false;
    /* Until it is built, "next" holds the lower half of the hash. */
    p->rows[p->count++] = (struct place){
        .offset = offset,
        .vague = key->vague,
        .tag = tag_of(key),
        .rest = key->rest,
        .next = (uint32_t)key->place,
    };
    return true;
}

/* The slot of a chain, or the free one where it would begin.  A chain that was
 * taken whole keeps its slot. */
static uint32_t *slot_of(const struct places *p, uint32_t low, uint32_t tag)
{
    size_t at = low & p->mask;

    while (p->slots[at] != slot_free
           && (p->slots[at] == PLACE_NONE || p->rows[p->slots[at]].tag != tag))
        at = (at + 1) & p->mask;
    return &p->slots[at];
}

bool places_build(struct places *p, struct err *e)
{
    size_t size = 16;

    while (size / 4 * 3 < p->count)
        size *= 2;
    p->mask = size - 1;
    p->slots = mem_resize(NULL, size * sizeof(*p->slots));
    if (!p->slots)
        return err_memory(e, "the index");
    for (size_t i = 0; i < size; i++)
        p->slots[i] = slot_free;
    /* From the last row to the first: each goes before its chain. */
    for (size_t i = p->count; i-- > 0;) {
        struct place *row = &p->rows[i];
        uint32_t *slot = slot_of(p, row->next, row->tag);

        row->next = *slot == slot_free ? PLACE_NONE : *slot;
        *slot = (uint32_t)i;
    }
    return true;
}

uint64_t places_offset(const struct places *p, uint32_t row)
{
    return p->rows[row].offset;
}

bool places_holds(const struct places *p, uint32_t row, const struct key *key)
{
    return p->rows[row].tag == tag_of(key) && p->rows[row].rest == key->rest;
}

static uint32_t first(const struct places *p, const struct key *key)
{
    uint32_t row = *slot_of(p, (uint32_t)key->place, tag_of(key));

    return row == slot_free ? PLACE_NONE : row;
}

size_t places_find(struct places *p, const struct key *key, uint32_t *rows,
                   size_t max)
{
    size_t n = 0, near = 0;

    pthread_mutex_lock(&p->lock);
    for (uint32_t row = first(p, key); row != PLACE_NONE && n < max;
         row = p->rows[row].next) {
        if (p->rows[row].rest == key->rest)
            rows[n++] = row;
    }
    for (uint32_t row = first(p, key);
         n == 0 && row != PLACE_NONE && near < max; row = p->rows[row].next) {
        if (key->vague || p->rows[row].vague)
            rows[near++] = row;
    }
    pthread_mutex_unlock(&p->lock);
    return n + near;
}

bool places_take(struct places *p, const struct key *key, uint32_t row)
{
    uint32_t *link;
    bool done;

    pthread_mutex_lock(&p->lock);
    link = slot_of(p, (uint32_t)key->place, tag_of(key));
    while (*link < PLACE_NONE && *link != row)
        link = &p->rows[*link].next;
    done = *link == row;
    if (done) {
        *link = p->rows[row].next;
        p->rows[row].taken = true;
    }
    pthread_mutex_unlock(&p->lock);
    return done;
}

size_t places_left(struct places *p, size_t row)
{
    pthread_mutex_lock(&p->lock);
    while (row < p->count && p->rows[row].taken)
        row++;
    pthread_mutex_unlock(&p->lock);
    return row;
}
