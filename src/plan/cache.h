/* cache -- values by key, each built once, a bounded number kept.
 *
 * The first to ask for a key builds its value without holding a lock; others
 * who ask for the same key wait for that entry only.  A failure is kept like a
 * value, unless it is our own fault and may pass.  What is in use is never
 * evicted; of the rest the least recently used goes first.
 */
#pragma once

#include "base/err.h"

struct cache;
struct cached; /* one entry */

struct cache_kind {
    const char *what; /* for messages: "trust store" */
    /* The value for "self"; NULL with e set.  "arg" is cache_get()'s. */
    void *(*build)(struct cached *self, void *arg, struct err *e);
    void (*release)(void *value);
};

struct cache_key {
    const void *bytes;
    size_t len;
};

/* Keeps up to "max" entries.  "kind" must outlive it.  NULL: no memory. */
struct cache *cache_new(const struct cache_kind *kind, size_t max) MUST_USE;
/* Releases every value; nobody may use one any more.  NULL is fine. */
void cache_free(struct cache *c);
/* Entries there are, in use or not. */
size_t cache_count(struct cache *c);

/* The entry of a key, counted: cached_put() gives it back.  NULL with e. */
struct cached *cache_get(struct cache *c, const struct cache_key *key,
                         void *arg, struct err *e) MUST_USE;
void *cached_value(const struct cached *entry);
/* Keeps an entry in use until the cache is freed, whoever gives it back. */
void cached_pin(struct cached *entry);
/* NULL is fine. */
void cached_put(struct cached *entry);
