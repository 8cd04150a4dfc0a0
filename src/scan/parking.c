/* parking -- targets whose address has all the connections it may have.
 *
 * A parked job is taken by the next worker that leaves its address, so no
 * worker stands still for it. */
#include "scan_room.h"

#include "base/mem.h"

void parking_init(struct parking *p, size_t most)
{
    *p = (struct parking){ .most = most };
    pthread_mutex_init(&p->lock, NULL);
}

void parking_release(struct parking *p)
{
    pthread_mutex_destroy(&p->lock);
}

bool parking_put(struct parking *p, struct job *j)
{
    bool room;

    j->next = NULL;
    pthread_mutex_lock(&p->lock);
    room = p->count < p->most;
    if (room) {
        struct job **at = &p->first;

        while (*at)
            at = &(*at)->next;
        *at = j;
        p->count++;
    }
    pthread_mutex_unlock(&p->lock);
    return room;
}

struct job *parking_take(struct parking *p, const struct address *a)
{
    struct job **at = &p->first, *j;

    pthread_mutex_lock(&p->lock);
    while (*at && a && !address_same_host(&(*at)->held, a))
        at = &(*at)->next;
    j = *at;
    if (j) {
        *at = j->next;
        p->count--;
    }
    pthread_mutex_unlock(&p->lock);
    return j;
}
