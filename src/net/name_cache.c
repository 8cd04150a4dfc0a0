#include "name_cache.h"

#include "base/mem.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

void name_cache_init(struct name_cache *c, int64_t ttl_ms)
{
    *c = (struct name_cache){ .ttl_ms = ttl_ms };
    TAILQ_INIT(&c->answers);
}

/* FNV-1a; names do not care about case. */
static size_t bucket_of(const char *host, int family)
{
    uint32_t h = 2166136261U ^ (uint32_t)family;

    for (const char *p = host; *p; p++)
        h = (h ^ (uint32_t)tolower((unsigned char)*p)) * 16777619U;
    return h % NAME_CACHE_BUCKETS;
}

void name_cache_drop(struct lookup *l)
{
    LIST_REMOVE(l, bucket);
    addresses_release(&l->answer.found);
    mem_free(l);
}

static void drop_answer(struct name_cache *c, struct lookup *l)
{
    TAILQ_REMOVE(&c->answers, l, line);
    c->nanswers--;
    name_cache_drop(l);
}

void name_cache_release(struct name_cache *c)
{
    while (!TAILQ_EMPTY(&c->answers))
        drop_answer(c, TAILQ_FIRST(&c->answers));
}

struct lookup *name_cache_find(struct name_cache *c, const char *host,
                               int family)
{
    struct lookup *l;

    LIST_FOREACH(l, &c->buckets[bucket_of(host, family)], bucket)
    if (l->family == family && strcasecmp(l->host, host) == 0)
        break;
    if (l && l->state == LOOKUP_DONE && deadline_left(l->stale) == 0) {
        drop_answer(c, l);
        l = NULL;
    }
    return l;
}

struct lookup *name_cache_add(struct name_cache *c, const char *host,
                              int family)
{
    size_t len = strlen(host) + 1;
    struct lookup *l = mem_new(1, sizeof(*l) + len);

    if (!l)
        return NULL;
    memcpy(l->host, host, len);
    l->family = family;
    LIST_INSERT_HEAD(&c->buckets[bucket_of(host, family)], l, bucket);
    return l;
}

void name_cache_keep(struct name_cache *c, struct lookup *l)
{
    l->state = LOOKUP_DONE;
    l->stale = deadline_in(c->ttl_ms);
    TAILQ_INSERT_TAIL(&c->answers, l, line);
    if (++c->nanswers > NAME_CACHE_MAX)
        drop_answer(c, TAILQ_FIRST(&c->answers));
}
