/* waiter_thread -- the waiter of a worker that is a thread: it sleeps in
 * poll(2), on a condition variable, or in clock_nanosleep(2). */
#include "base/fault.h"
#include "base/mem.h"
#include "net.h"
#include "net/spots.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <time.h>

struct signal_flag {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool raised;
};

struct signal_flag *signal_flag_new(void)
{
    struct signal_flag *f = mem_new(1, sizeof(*f));
    pthread_condattr_t attr;

    if (!f)
        return NULL;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&f->lock, NULL);
    pthread_cond_init(&f->changed, &attr);
    pthread_condattr_destroy(&attr);
    return f;
}

void signal_flag_free(struct signal_flag *f)
{
    if (!f)
        return;
    pthread_cond_destroy(&f->changed);
    pthread_mutex_destroy(&f->lock);
    mem_free(f);
}

void signal_flag_raise(struct signal_flag *f)
{
    /* Signalled under the lock: the waiter may free the flag once it has it. */
    pthread_mutex_lock(&f->lock);
    f->raised = true;
    pthread_cond_broadcast(&f->changed);
    pthread_mutex_unlock(&f->lock);
}

bool signal_flag_raised(struct signal_flag *f)
{
    bool raised;

    pthread_mutex_lock(&f->lock);
    raised = f->raised;
    pthread_mutex_unlock(&f->lock);
    return raised;
}

static struct timespec timespec_of(deadline_ms when)
{
    return (struct timespec){ .tv_sec = (time_t)(when / 1000),
                              .tv_nsec = (long)(when % 1000) * 1000000 };
}

static bool late(struct err *e)
{
    return err_set(e, ERR_TIMED_OUT, "no answer in time");
}

static short events_of(int want)
{
    return (short)((want & WAIT_READ ? POLLIN : 0)
                   | (want & WAIT_WRITE ? POLLOUT : 0));
}

static int want_of(short events)
{
    return (events & POLLOUT ? WAIT_WRITE : 0)
           | (events & POLLIN ? WAIT_READ : 0)
           /* broken or hung up: whatever is tried will tell */
           | (events & ~(POLLIN | POLLOUT) ? WAIT_READ | WAIT_WRITE : 0);
}

/* poll(2) to the end, whatever signals come; how many are ready, or -1. */
static int poll_all(struct pollfd *list, nfds_t count, deadline_ms when,
                    struct err *e)
{
    int n;

    if (fault_here()) {
        err_sys(e, ERR_SYSTEM, ENOMEM, "poll");
        return -1;
    }
    do {
        n = poll(list, count, deadline_left(when));
    } while ((n < 0 && errno == EINTR) || (n == 0 && deadline_left(when) != 0));
    if (n < 0)
        err_sys(e, ERR_SYSTEM, errno, "poll");
    return n;
}

static bool thread_wait_fd(struct waiter *w, int fd, int want, deadline_ms when,
                           struct err *e)
{
    struct pollfd p = { .fd = fd, .events = events_of(want) };
    const int n = poll_all(&p, 1, when, e);

    (void)w;
    return n > 0 || (n == 0 && late(e));
}

/* A descriptor that nothing is wanted of must not be asked either: its hanging
 * up would be told again and again. */
static bool thread_wait_any(struct waiter *w, struct wait_spot *spots,
                            size_t count, deadline_ms when, struct err *e)
{
    struct pollfd list[WAIT_SPOTS_MAX];
    int n;

    (void)w;
    if (count > WAIT_SPOTS_MAX)
        return err_set(e, ERR_SYSTEM, "no more than %d descriptors at a time",
                       WAIT_SPOTS_MAX);
    for (size_t i = 0; i < count; i++)
        list[i] = (struct pollfd){ .fd = spots[i].want ? spots[i].fd : -1,
                                   .events = events_of(spots[i].want) };
    n = poll_all(list, count, when, e);
    for (size_t i = 0; i < count; i++)
        spots[i].ready = n > 0 ? want_of(list[i].revents) & spots[i].want : 0;
    return n > 0 || (n == 0 && late(e));
}

static bool thread_wait_flag(struct waiter *w, struct signal_flag *f,
                             deadline_ms when, struct err *e)
{
    struct timespec at = timespec_of(when);
    bool raised;
    int sys = 0;

    (void)w;
    pthread_mutex_lock(&f->lock);
    while (!f->raised && sys != ETIMEDOUT)
        sys = when == DEADLINE_NEVER
                  ? pthread_cond_wait(&f->changed, &f->lock)
                  : pthread_cond_timedwait(&f->changed, &f->lock, &at);
    raised = f->raised;
    pthread_mutex_unlock(&f->lock);
    return raised || late(e);
}

static bool thread_pause(struct waiter *w, deadline_ms when, struct err *e)
{
    struct timespec at = timespec_of(when);

    (void)w;
    (void)e;
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
        ;
    return true;
}

void waiter_thread_init(struct waiter *w)
{
    static const struct waiter_ops ops = {
        .wait_fd = thread_wait_fd,
        .wait_any = thread_wait_any,
        .wait_flag = thread_wait_flag,
        .pause = thread_pause,
    };

    *w = (struct waiter){ .ops = &ops };
}
