/* taken -- which files the targets of a run have written.
 *
 * A file is known by the hash of its folder and name: of a large scan there may
 * be many. */
#include "probe_room.h"

#include "base/hash.h"
#include "base/mem.h"

#include <pthread.h>
#include <string.h>

struct taken {
    pthread_mutex_t lock;
    uint64_t *hashes; /* 0: a free place */
    size_t count, room; /* a power of two; 0: none yet */
};

struct taken *taken_new(void)
{
    struct taken *t = mem_new(1, sizeof(*t));

    if (t)
        pthread_mutex_init(&t->lock, NULL);
    return t;
}

void taken_free(struct taken *t)
{
    if (!t)
        return;
    pthread_mutex_destroy(&t->lock);
    mem_free(t->hashes);
    mem_free(t);
}

/* The place of a hash, or the free one that it would have. */
static uint64_t *place_of(const struct taken *t, uint64_t hash)
{
    size_t i = hash & (t->room - 1);

    while (t->hashes[i] != 0 && t->hashes[i] != hash)
        i = (i + 1) & (t->room - 1);
    return &t->hashes[i];
}

/* Never more than half full. */
static bool make_room(struct taken *t)
{
    struct taken larger = { .room = t->room > 0 ? 2 * t->room : 64 };

    if (2 * t->count < t->room)
        return true;
    larger.hashes = mem_new(larger.room, sizeof(*larger.hashes));
    if (!larger.hashes)
        return false;
    for (size_t i = 0; i < t->room; i++)
        if (t->hashes[i] != 0)
            *place_of(&larger, t->hashes[i]) = t->hashes[i];
    mem_free(t->hashes);
    t->hashes = larger.hashes;
    t->room = larger.room;
    return true;
}

static uint64_t hash_of(const struct stat *folder, const char *name)
{
    uint64_t hash = HASH_START;

    hash = hash_more(hash, &folder->st_dev, sizeof(folder->st_dev));
    hash = hash_more(hash, &folder->st_ino, sizeof(folder->st_ino));
    hash = hash_more(hash, name, strlen(name));
    return hash != 0 ? hash : 1;
}

bool taken_claim(struct taken *t, const struct stat *folder, const char *name,
                 struct err *e)
{
    const uint64_t hash = hash_of(folder, name);
    bool room, first = false;

    pthread_mutex_lock(&t->lock);
    room = make_room(t);
    if (room) {
        uint64_t *place = place_of(t, hash);

        first = *place == 0;
        t->count += first;
        *place = hash;
    }
    pthread_mutex_unlock(&t->lock);
    if (!room)
        return err_memory(e, "the names of files");
    return first
           || err_set(e, ERR_FILE,
                      "this run has written it already; {index}, {profile} and "
                      "{address} in the name give each target its own");
}
