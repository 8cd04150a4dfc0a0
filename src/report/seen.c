#include "seen.h"

#include "base/hash.h"
#include "base/mem.h"

enum { FIRST_ROOM = 256 };

/* 0 is an empty place. */
static uint64_t hash_of(const char *text, size_t len)
{
    const uint64_t hash = hash_more(HASH_START, text, len);

    return hash ? hash : 1;
}

/* Where the hash is, or where it would be. */
static uint64_t *find(const struct seen *s, uint64_t hash)
{
    size_t at = (size_t)(hash ^ hash >> 32) & (s->room - 1);

    while (s->hashes[at] != 0 && s->hashes[at] != hash)
        at = (at + 1) & (s->room - 1);
    return &s->hashes[at];
}

/* Makes room for one more; half of it stays empty. */
static bool reach(struct seen *s, struct err *e)
{
    struct seen larger = { .room = s->room ? 2 * s->room : FIRST_ROOM,
                           .used = s->used };

    if (2 * (s->used + 1) <= s->room)
        return true;
    larger.hashes = mem_new(larger.room, sizeof(*larger.hashes));
    if (!larger.hashes)
        return err_memory(e, "telling targets apart");
    for (size_t i = 0; i < s->room; i++)
        if (s->hashes[i] != 0)
            *find(&larger, s->hashes[i]) = s->hashes[i];
    mem_free(s->hashes);
    *s = larger;
    return true;
}

bool seen_note(struct seen *s, const char *text, size_t len, bool *again,
               struct err *e)
{
    const uint64_t hash = hash_of(text, len);
    uint64_t *place;

    if (!reach(s, e))
        return false;
    place = find(s, hash);
    *again = *place != 0;
    s->used += !*again;
    *place = hash;
    return true;
}

void seen_release(struct seen *s)
{
    mem_free(s->hashes);
    *s = (struct seen){ 0 };
}
