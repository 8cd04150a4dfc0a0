#include "net/courtesy.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>

enum {
    SLOTS = 4096, /* a power of two: heads of the lists of busy addresses */
    KEY_LEN = 16, /* v4 addresses are mapped to v6 */
    LOOK_MS = 100, /* how often who waits looks whether to go on */
};

/* An address with connections to it; gone when there are none. */
struct busy {
    struct busy *next;
    unsigned char key[KEY_LEN];
    unsigned count;
};

struct courtesy {
    pthread_mutex_t lock;
    unsigned per_address; /* 0: no limit */
    int64_t gap_us; /* between two new connections; 0: none */
    int64_t next_us; /* when the next one may begin */
    const atomic_bool *stop; /* NULL: never */
    struct busy *slots[SLOTS];
};

struct courtesy *courtesy_new(unsigned per_address, unsigned rate)
{
    struct courtesy *c = mem_new(1, sizeof(*c));

    if (!c)
        return NULL;
    pthread_mutex_init(&c->lock, NULL);
    c->per_address = per_address;
    c->gap_us = rate > 0 ? 1000000 / (int64_t)rate : 0;
    return c;
}

void courtesy_free(struct courtesy *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        while (c->slots[i]) {
            struct busy *b = c->slots[i];

            c->slots[i] = b->next;
            mem_free(b);
        }
    pthread_mutex_destroy(&c->lock);
    mem_free(c);
}

/* The sixteen bytes of the address, without its port. */
static bool key_of(const struct address *a, unsigned char key[KEY_LEN])
{
    const struct sockaddr_in6 *six = (const void *)&a->sa;
    const struct sockaddr_in *four = (const void *)&a->sa;

    memset(key, 0, KEY_LEN);
    if (a->sa.ss_family == AF_INET6) {
        memcpy(key, &six->sin6_addr, KEY_LEN);
        return true;
    }
    if (a->sa.ss_family != AF_INET)
        return false;
    key[10] = key[11] = 0xff;
    memcpy(key + 12, &four->sin_addr, 4);
    return true;
}

static struct busy **place_of(struct courtesy *c,
                              const unsigned char key[KEY_LEN])
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    struct busy **at;

    for (size_t i = 0; i < KEY_LEN; i++)
        hash = (hash ^ key[i]) * 16777619u;
    at = &c->slots[hash & (SLOTS - 1)];
    while (*at && memcmp((*at)->key, key, KEY_LEN) != 0)
        at = &(*at)->next;
    return at;
}

/* Loopback is this machine: nobody is there to be spared. */
static bool is_limited(const struct courtesy *c, const struct address *a,
                       unsigned char key[KEY_LEN])
{
    return c && c->per_address > 0 && address_reach(a) != REACH_LOOPBACK
           && key_of(a, key);
}

/* With the lock held. */
static bool count_up(struct courtesy *c, const unsigned char key[KEY_LEN])
{
    struct busy **at = place_of(c, key);

    if (!*at) {
        *at = mem_new(1, sizeof(**at));
        if (!*at)
            return true; /* uncounted is better than never */
        memcpy((*at)->key, key, KEY_LEN);
    }
    if ((*at)->count >= c->per_address)
        return false;
    (*at)->count++;
    return true;
}

bool courtesy_enter(struct courtesy *c, const struct address *a)
{
    unsigned char key[KEY_LEN];
    bool entered;

    if (!is_limited(c, a, key))
        return true;
    pthread_mutex_lock(&c->lock);
    entered = count_up(c, key);
    pthread_mutex_unlock(&c->lock);
    return entered;
}

void courtesy_leave(struct courtesy *c, const struct address *a)
{
    unsigned char key[KEY_LEN];
    struct busy **at;

    if (!is_limited(c, a, key))
        return;
    pthread_mutex_lock(&c->lock);
    at = place_of(c, key);
    if (*at && --(*at)->count == 0) {
        struct busy *gone = *at;

        *at = gone->next;
        mem_free(gone);
    }
    pthread_mutex_unlock(&c->lock);
}

bool address_same_host(const struct address *a, const struct address *b)
{
    unsigned char one[KEY_LEN], other[KEY_LEN];

    return key_of(a, one) && key_of(b, other)
           && memcmp(one, other, KEY_LEN) == 0;
}

void courtesy_heed(struct courtesy *c, const atomic_bool *stop)
{
    c->stop = stop;
}

static bool wait_for_turn(const struct courtesy *c, struct waiter *w,
                          deadline_ms now, deadline_ms turn, struct err *e)
{
    while (now < turn) {
        if (c->stop && atomic_load(c->stop))
            return err_set(e, ERR_INTERRUPTED,
                           "the scan was stopped before its turn");
        now = deadline_sooner(now + LOOK_MS, turn);
        if (!wait_until(w, now, e))
            return false;
    }
    return true;
}

bool courtesy_pace(struct courtesy *c, struct waiter *w, struct err *e)
{
    const int64_t now = clock_now_us();
    int64_t turn;

    if (!c || c->gap_us == 0)
        return true;
    pthread_mutex_lock(&c->lock);
    turn = c->next_us > now ? c->next_us : now;
    c->next_us = turn + c->gap_us;
    pthread_mutex_unlock(&c->lock);
    return turn == now || wait_for_turn(c, w, now / 1000, turn / 1000 + 1, e);
}
