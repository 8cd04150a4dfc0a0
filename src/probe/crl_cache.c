#include "crl.h"

#include "base/mem.h"

#include <pthread.h>
#include <string.h>
#include <sys/queue.h>

enum {
    KEPT_MAX = 1024, /* answers */
    KEPT_BYTES_MAX = 64 * 1024 * 1024, /* of all lists among them */
    FAIR_MS = CRLS_MS / 2, /* who says nothing in this time is silent */
    KEY_MAX = 1024 * 1024, /* bytes; an address has far fewer */
};

/* Somebody who waits for an answer; lives in the frame of crl_cache_get(). */
struct asker {
    LIST_ENTRY(asker) link;
    struct signal_flag *flag;
    struct crl *out;
    struct err *e;
    bool again; /* whoever asked had too little time, or no luck of its own */
};

/* A list that is asked for, or what came of it. */
struct entry {
    TAILQ_ENTRY(entry) link; /* by age */
    LIST_HEAD(, asker) askers;
    bool answered;
    struct crl found;
    struct err why; /* nothing was */
    char key[];
};

struct crl_cache {
    crl_fetch_fn *fetch;
    pthread_mutex_t lock; /* all below */
    TAILQ_HEAD(, entry) entries;
    size_t count, bytes; /* of the answered */
};

struct crl_cache *crl_cache_new_with(crl_fetch_fn *fetch)
{
    struct crl_cache *l = mem_new(1, sizeof(*l));

    if (!l)
        return NULL;
    l->fetch = fetch;
    pthread_mutex_init(&l->lock, NULL);
    TAILQ_INIT(&l->entries);
    return l;
}

struct crl_cache *crl_cache_new(void)
{
    return crl_cache_new_with(crl_fetch);
}

/* ---- entries: the lock is held ---- */

static void drop(struct crl_cache *l, struct entry *entry)
{
    TAILQ_REMOVE(&l->entries, entry, link);
    if (entry->answered) {
        l->count--;
        l->bytes -= entry->found.size;
    }
    crl_release(&entry->found);
    mem_free(entry);
}

void crl_cache_free(struct crl_cache *l)
{
    if (!l)
        return;
    while (!TAILQ_EMPTY(&l->entries))
        drop(l, TAILQ_FIRST(&l->entries));
    pthread_mutex_destroy(&l->lock);
    mem_free(l);
}

static struct entry *find(const struct crl_cache *l, const char *key)
{
    struct entry *entry;

    TAILQ_FOREACH(entry, &l->entries, link)
    if (strcmp(entry->key, key) == 0)
        break;
    return entry;
}

static struct entry *add(struct crl_cache *l, const char *key)
{
    const size_t len = strlen(key) + 1;
    struct entry *entry = mem_new(1, sizeof(*entry) + len);

    if (!entry)
        return NULL;
    memcpy(entry->key, key, len);
    LIST_INIT(&entry->askers);
    TAILQ_INSERT_TAIL(&l->entries, entry, link);
    return entry;
}

static struct entry *oldest_answer(const struct crl_cache *l)
{
    struct entry *entry = TAILQ_FIRST(&l->entries);

    while (!entry->answered)
        entry = TAILQ_NEXT(entry, link);
    return entry;
}

static void keep(struct crl_cache *l, struct entry *entry)
{
    entry->answered = true;
    l->count++;
    l->bytes += entry->found.size;
    while (l->count > KEPT_MAX || l->bytes > KEPT_BYTES_MAX)
        drop(l, oldest_answer(l));
}

static void copy(const struct entry *entry, struct crl *out, struct err *e)
{
    *out = entry->found;
    if (out->crl)
        X509_CRL_up_ref(out->crl);
    else if (e->code == ERR_NONE)
        *e = entry->why;
}

/* ---- asking ---- */

/* Neither a fault of ours nor the end of somebody's time says anything of a
 * place. */
static bool is_fair(const struct entry *entry, int64_t had_ms)
{
    const enum status status = err_row(entry->why.code)->status;

    return status != STATUS_INTERNAL
           && (status != STATUS_TIMEOUT || had_ms >= FAIR_MS);
}

static void answer(struct crl_cache *l, struct entry *entry, int64_t had_ms)
{
    const bool fair = is_fair(entry, had_ms);
    struct asker *a;

    while ((a = LIST_FIRST(&entry->askers))) {
        LIST_REMOVE(a, link);
        a->again = !fair;
        if (fair)
            copy(entry, a->out, a->e);
        signal_flag_raise(a->flag); /* the asker may be gone now */
    }
    if (fair)
        keep(l, entry);
    else
        drop(l, entry);
}

/* The first to ask. */
static void fetch(struct crl_cache *l, struct entry *entry,
                  const struct crl_ask *ask, struct crl *out, struct err *e)
{
    const int64_t had_ms =
        ask->when == DEADLINE_NEVER ? FAIR_MS : deadline_left(ask->when);

    entry->why.stage = e->stage;
    if (!l->fetch(ask, &entry->found, &entry->why))
        crl_release(&entry->found);
    pthread_mutex_lock(&l->lock);
    copy(entry, out, e);
    answer(l, entry, had_ms);
    pthread_mutex_unlock(&l->lock);
}

/* The answer may have come just when the time was over. */
static void withdraw(struct crl_cache *l, struct asker *me)
{
    pthread_mutex_lock(&l->lock);
    if (!signal_flag_raised(me->flag)) {
        LIST_REMOVE(me, link);
        err_set(me->e, ERR_TIMED_OUT, "the answer did not come in time");
    }
    pthread_mutex_unlock(&l->lock);
}

/* Another asks already.  True: there is an answer, or no time any more. */
static bool wait_for(struct crl_cache *l, struct asker *me,
                     const struct crl_ask *ask)
{
    struct err late = { .code = ERR_NONE };

    if (!wait_flag(ask->waiter, me->flag, ask->when, &late))
        withdraw(l, me);
    return !me->again;
}

/* Once: true when there is an answer. */
static bool ask_once(struct crl_cache *l, const char *key,
                     const struct crl_ask *ask, struct asker *me)
{
    struct entry *entry, *mine = NULL;
    bool waits = false;

    pthread_mutex_lock(&l->lock);
    entry = find(l, key);
    if (!entry)
        entry = mine = add(l, key);
    else if (entry->answered)
        copy(entry, me->out, me->e);
    else
        waits = true;
    if (waits)
        LIST_INSERT_HEAD(&entry->askers, me, link);
    pthread_mutex_unlock(&l->lock);
    if (!entry)
        err_memory(me->e, "a revocation list");
    if (mine)
        fetch(l, mine, ask, me->out, me->e);
    return !waits || wait_for(l, me, ask);
}

/* What an answer depends on. */
static void write_key(struct buf *key, const struct crl_ask *ask)
{
    buf_printf(key, "%p %s %d %s", (void *)ask->library,
               ask->propq ? ask->propq : "",
               ask->anywhere ? -1 : (int)ask->near, ask->url);
}

/* False: somebody else's asking came to nothing that counts. */
static bool try_once(struct crl_cache *l, const char *key,
                     const struct crl_ask *ask, struct crl *out, struct err *e)
{
    struct asker me = { .flag = signal_flag_new(), .out = out, .e = e };
    bool answered = true;

    if (me.flag)
        answered = ask_once(l, key, ask, &me);
    else
        err_memory(e, "a revocation list");
    signal_flag_free(me.flag);
    return answered;
}

bool crl_cache_get(struct crl_cache *l, const struct crl_ask *ask,
                   struct crl *out, struct err *e)
{
    struct buf key;

    *out = (struct crl){ 0 };
    buf_init(&key, KEY_MAX);
    write_key(&key, ask);
    if (buf_ok(&key))
        while (!try_once(l, buf_string(&key), ask, out, e))
            ;
    else
        err_memory(e, "a revocation list");
    buf_release(&key);
    return out->crl != NULL;
}
