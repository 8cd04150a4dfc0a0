/* name_cache -- the lookups that run, and the answers of those that have run.
 *
 * Not locked: the resolver does that.
 */
#pragma once

#include "lookup.h"

#include <sys/queue.h>

enum { NAME_CACHE_MAX = 4096, NAME_CACHE_BUCKETS = 1024 };

enum lookup_state { LOOKUP_PENDING, LOOKUP_RUNNING, LOOKUP_DONE };

/* Someone who waits for an answer; lives in the frame of resolve(). */
struct asker {
    LIST_ENTRY(asker) link;
    struct lookup *lookup;
    struct signal_flag *flag;
    struct addresses *out;
    struct err *e;
};

struct lookup {
    TAILQ_ENTRY(lookup) line; /* in the queue, or among the answers by age */
    LIST_ENTRY(lookup) bucket;
    LIST_HEAD(, asker) askers;
    enum lookup_state state;
    bool abandoned; /* runs and nobody waits for it */
    int family;
    deadline_ms stale; /* of an answer */
    struct answer answer;
    char host[];
};
TAILQ_HEAD(lookups, lookup);

struct name_cache {
    LIST_HEAD(, lookup) buckets[NAME_CACHE_BUCKETS];
    struct lookups answers; /* oldest first */
    size_t nanswers;
    int64_t ttl_ms;
};

void name_cache_init(struct name_cache *c, int64_t ttl_ms);
/* Frees the answers; nothing may be running. */
void name_cache_release(struct name_cache *c);
/* A lookup that runs or whose answer is not stale, or NULL. */
struct lookup *name_cache_find(struct name_cache *c, const char *host,
                               int family);
/* A new lookup, pending and known by its name.  NULL: no memory. */
struct lookup *name_cache_add(struct name_cache *c, const char *host,
                              int family) MUST_USE;
/* Forgets a lookup that is not among the answers, and frees it. */
void name_cache_drop(struct lookup *l);
/* The lookup's answer is there: it stays until it is stale or the oldest of
 * too many.  The lookup may be gone afterwards. */
void name_cache_keep(struct name_cache *c, struct lookup *l);
