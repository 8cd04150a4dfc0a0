#include "cache.h"

#include "base/hash.h"
#include "base/mem.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

enum state { BUILDING, READY, FAILED };

struct cached {
    struct cache *home;
    struct cached *next; /* in its bucket; in a list of victims */
    struct cached *older, *newer; /* among the idle, while nobody uses it */
    enum state state;
    bool pinned;
    bool forgotten; /* no longer in the table: freed by its last user */
    size_t users;
    pthread_cond_t settled; /* no longer BUILDING */
    void *value;
    struct err why; /* it FAILED */
    uint64_t hash;
    size_t len;
    char key[];
};

struct cache {
    const struct cache_kind *kind;
    pthread_mutex_t lock;
    struct cached **buckets;
    size_t mask; /* buckets - 1 */
    size_t count, max;
    struct cached *oldest, *newest; /* the idle */
};

/* ---- table and list: the lock is held ---- */

static uint64_t hash_of(const struct cache_key *key)
{
    return hash_more(HASH_START, key->bytes, key->len);
}

static struct cached **bucket_of(const struct cache *c, uint64_t hash)
{
    return &c->buckets[hash & c->mask];
}

static struct cached *find(const struct cache *c, const struct cache_key *key,
                           uint64_t hash)
{
    struct cached *entry = *bucket_of(c, hash);

    while (entry
           && (entry->hash != hash || entry->len != key->len
               || memcmp(entry->key, key->bytes, key->len) != 0))
        entry = entry->next;
    return entry;
}

static struct cached *insert(struct cache *c, const struct cache_key *key,
                             uint64_t hash)
{
    struct cached *entry = mem_new(1, sizeof(*entry) + key->len);
    struct cached **bucket = bucket_of(c, hash);

    if (!entry)
        return NULL;
    entry->home = c;
    entry->users = 1;
    entry->hash = hash;
    entry->len = key->len;
    memcpy(entry->key, key->bytes, key->len);
    pthread_cond_init(&entry->settled, NULL);
    entry->next = *bucket;
    *bucket = entry;
    c->count++;
    return entry;
}

static void forget(struct cached *entry)
{
    struct cache *c = entry->home;
    struct cached **link = bucket_of(c, entry->hash);

    while (*link != entry)
        link = &(*link)->next;
    *link = entry->next;
    entry->next = NULL;
    entry->forgotten = true;
    c->count--;
}

static void leave_idle(struct cached *entry)
{
    struct cache *c = entry->home;

    *(entry->older ? &entry->older->newer : &c->oldest) = entry->newer;
    *(entry->newer ? &entry->newer->older : &c->newest) = entry->older;
    entry->older = entry->newer = NULL;
}

static void join_idle(struct cached *entry)
{
    struct cache *c = entry->home;

    entry->older = c->newest;
    *(c->newest ? &c->newest->newer : &c->oldest) = entry;
    c->newest = entry;
}

static void use(struct cached *entry)
{
    if (entry->users++ == 0)
        leave_idle(entry);
}

/* Takes out what is too much: a list for free_all(). */
static struct cached *evict(struct cache *c)
{
    struct cached *victims = NULL;

    while (c->count > c->max && c->oldest) {
        struct cached *entry = c->oldest;

        leave_idle(entry);
        forget(entry);
        entry->next = victims;
        victims = entry;
    }
    return victims;
}

/* ---- entries: the lock is not held ---- */

static void free_all(struct cached *list)
{
    while (list) {
        struct cached *next = list->next;

        if (list->value)
            list->home->kind->release(list->value);
        pthread_cond_destroy(&list->settled);
        explicit_bzero(list->key, list->len); /* may hold a pass phrase */
        mem_free(list);
        list = next;
    }
}

/* OpenSSL may go on with less than it was given memory for and not say so: a
 * value that was built while some was refused is not believed. */
static void *build(struct cached *entry, void *arg, struct err *why)
{
    const struct cache_kind *kind = entry->home->kind;
    void *value = kind->build(entry, arg, why);

    if (value && mem_refused()) {
        kind->release(value);
        value = NULL;
        err_memory(why, kind->what);
    }
    return value;
}

static void settle(struct cached *entry, void *value, const struct err *why)
{
    pthread_mutex_lock(&entry->home->lock);
    entry->value = value;
    entry->why = *why;
    entry->state = value ? READY : FAILED;
    /* What a build pinned that came to nothing would stay for ever. */
    if (!value && entry->pinned)
        entry->users--;
    entry->pinned = entry->pinned && value;
    if (!value && err_row(why->code)->status == STATUS_INTERNAL)
        forget(entry);
    pthread_cond_broadcast(&entry->settled);
    pthread_mutex_unlock(&entry->home->lock);
}

static bool wait_for(struct cached *entry, struct err *e)
{
    struct cache *c = entry->home;
    bool ready;

    pthread_mutex_lock(&c->lock);
    while (entry->state == BUILDING)
        pthread_cond_wait(&entry->settled, &c->lock);
    ready = entry->state == READY;
    if (!ready && e->code == ERR_NONE)
        *e = entry->why;
    pthread_mutex_unlock(&c->lock);
    return ready;
}

struct cached *cache_get(struct cache *c, const struct cache_key *key,
                         void *arg, struct err *e)
{
    const uint64_t hash = hash_of(key);
    struct cached *entry;
    bool mine, ready;

    pthread_mutex_lock(&c->lock);
    entry = find(c, key, hash);
    mine = !entry;
    if (mine)
        entry = insert(c, key, hash);
    else
        use(entry);
    ready = entry && entry->state == READY;
    pthread_mutex_unlock(&c->lock);
    if (!entry) {
        err_memory(e, c->kind->what);
        return NULL;
    }
    if (mine) {
        struct err why = { .stage = e->stage };
        void *value = build(entry, arg, &why);

        settle(entry, value, &why);
    }
    if (ready || wait_for(entry, e))
        return entry;
    cached_put(entry);
    return NULL;
}

void *cached_value(const struct cached *entry)
{
    return entry->value;
}

void cached_pin(struct cached *entry)
{
    pthread_mutex_lock(&entry->home->lock);
    if (!entry->pinned)
        entry->users++;
    entry->pinned = true;
    pthread_mutex_unlock(&entry->home->lock);
}

void cached_put(struct cached *entry)
{
    struct cached *victims = NULL;
    struct cache *c;

    if (!entry)
        return;
    c = entry->home;
    pthread_mutex_lock(&c->lock);
    if (--entry->users == 0 && entry->forgotten) {
        victims = entry;
    } else if (entry->users == 0) {
        join_idle(entry);
        victims = evict(c);
    }
    pthread_mutex_unlock(&c->lock);
    free_all(victims);
}

size_t cache_count(struct cache *c)
{
    size_t count;

    pthread_mutex_lock(&c->lock);
    count = c->count;
    pthread_mutex_unlock(&c->lock);
    return count;
}

struct cache *cache_new(const struct cache_kind *kind, size_t max)
{
    struct cache *c = mem_new(1, sizeof(*c));
    size_t buckets = 16;

    if (!c)
        return NULL;
    while (buckets < max)
        buckets *= 2;
    c->kind = kind;
    c->max = max;
    c->mask = buckets - 1;
    pthread_mutex_init(&c->lock, NULL);
    c->buckets = mem_new(buckets, sizeof(struct cached *));
    if (c->buckets)
        return c;
    cache_free(c);
    return NULL;
}

void cache_free(struct cache *c)
{
    if (!c)
        return;
    for (size_t i = 0; c->buckets && i <= c->mask; i++)
        free_all(c->buckets[i]);
    mem_free(c->buckets);
    pthread_mutex_destroy(&c->lock);
    mem_free(c);
}
