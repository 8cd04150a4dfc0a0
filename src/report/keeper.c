#include "keeper.h"

#include "base/thread.h"
#include "io.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

enum { EVERY_MS = 500 };

/* With the lock held, which is let go during the sync. */
static void sync_now(struct keeper *k)
{
    int sys = 0;

    k->dirty = false;
    pthread_mutex_unlock(&k->lock);
    if (!io_allowed() || fdatasync(k->fd) != 0)
        sys = errno;
    pthread_mutex_lock(&k->lock);
    if (sys != 0)
        k->sys = sys;
}

static struct timespec in_a_while(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_nsec += EVERY_MS * 1000000L;
    at.tv_sec += at.tv_nsec / 1000000000L;
    at.tv_nsec %= 1000000000L;
    return at;
}

static void *keep(void *arg)
{
    struct keeper *k = arg;

    pthread_mutex_lock(&k->lock);
    while (!k->ending) {
        const struct timespec at = in_a_while();

        pthread_cond_timedwait(&k->changed, &k->lock, &at);
        if (k->dirty)
            sync_now(k);
    }
    pthread_mutex_unlock(&k->lock);
    return NULL;
}

bool keeper_begin(struct keeper *k, int fd, struct err *e)
{
    pthread_condattr_t attr;
    int sys;

    k->fd = fd;
    pthread_mutex_init(&k->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&k->changed, &attr);
    pthread_condattr_destroy(&attr);
    sys = thread_start_deaf(&k->thread, 0, keep, k);
    k->running = sys == 0;
    return k->running || err_sys(e, ERR_SYSTEM, sys, "starting the journal");
}

static bool fine(const struct keeper *k)
{
    errno = k->sys;
    return k->sys == 0;
}

bool keeper_dirty(struct keeper *k)
{
    bool good;

    pthread_mutex_lock(&k->lock);
    k->dirty = true;
    good = fine(k);
    pthread_mutex_unlock(&k->lock);
    return good;
}

bool keeper_sync(struct keeper *k)
{
    bool good;

    pthread_mutex_lock(&k->lock);
    sync_now(k);
    good = fine(k);
    pthread_mutex_unlock(&k->lock);
    return good;
}

void keeper_end(struct keeper *k)
{
    if (!k->running)
        return;
    pthread_mutex_lock(&k->lock);
    k->ending = true;
    pthread_cond_signal(&k->changed);
    pthread_mutex_unlock(&k->lock);
    pthread_join(k->thread, NULL);
    pthread_cond_destroy(&k->changed);
    pthread_mutex_destroy(&k->lock);
}
