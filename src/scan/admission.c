/* admission -- fewer probes in flight while our own processor is late. */
#include "scan_room.h"

enum {
    LATE_US = 250 * 1000, /* places are taken away */
    FINE_US = 50 * 1000, /* places are given back */
    LEAST = 8, /* places that are never taken away */
};

void admission_init(struct admission *a, unsigned most)
{
    *a = (struct admission){ .limit = most,
                             .most = most,
                             .least = most < LEAST ? most : LEAST };
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->room, NULL);
}

void admission_release(struct admission *a)
{
    pthread_cond_destroy(&a->room);
    pthread_mutex_destroy(&a->lock);
}

void admission_enter(struct admission *a)
{
    pthread_mutex_lock(&a->lock);
    while (a->inside >= a->limit)
        pthread_cond_wait(&a->room, &a->lock);
    a->inside++;
    pthread_mutex_unlock(&a->lock);
}

void admission_leave(struct admission *a)
{
    pthread_mutex_lock(&a->lock);
    a->inside--;
    pthread_cond_signal(&a->room);
    pthread_mutex_unlock(&a->lock);
}

/* Down by an eighth, up by a sixteenth: settles where nothing is late. */
static unsigned adjusted(const struct admission *a, int64_t late_us)
{
    unsigned limit = a->limit;

    if (late_us > LATE_US)
        limit -= limit / 8;
    else if (late_us < FINE_US)
        limit += limit / 16 + 1;
    return limit < a->least ? a->least : limit > a->most ? a->most : limit;
}

void admission_adjust(struct admission *a, int64_t late_us)
{
    pthread_mutex_lock(&a->lock);
    a->limit = adjusted(a, late_us);
    if (a->inside < a->limit)
        pthread_cond_broadcast(&a->room);
    pthread_mutex_unlock(&a->lock);
}
