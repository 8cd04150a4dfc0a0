/* waiter_thread -- the waiter of a worker that is a thread: it sleeps in
 * poll(2), on a condition variable, or in clock_nanosleep(2). */
#include "base/fault.h"
#include "base/mem.h"
#include "net.h"
#include "net/spots.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

/* Microseconds that the calling thread stood in the run queue of a processor,
 * by the kernel's own account, or -1 where it keeps none. */
static int64_t run_queue_us(void)
{
    char text[96];
    ssize_t n = -1;
    int fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);

    if (fd >= 0) {
        n = read(fd, text, sizeof(text) - 1);
        close(fd);
    }
    if (n <= 0)
        return -1;
    text[n] = '\0';
    /* "ran waited slices", the first two in nanoseconds */
    const char *waited = strchr(text, ' ');

    return waited ? strtoll(waited, NULL, 10) / 1000 : -1;
}

int64_t waiter_late_us(struct waiter *w)
{
    int64_t account = run_queue_us();

    if (account > w->late_us)
        w->late_us = account;
    return w->late_us;
}

/* A wait that timed out.  What it slept too long counts only where the kernel
 * keeps no account; one millisecond is the grain of our clock. */
static bool late(struct waiter *w, deadline_ms when, struct err *e)
{
    int64_t over = clock_now_us() - when * 1000 - 1000;

    if (run_queue_us() >= 0)
        waiter_late_us(w);
    else if (over > 0)
        w->late_us += over;
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

    return n > 0 || (n == 0 && late(w, when, e));
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
    return n > 0 || (n == 0 && err_set(e, ERR_TIMED_OUT, "nothing came"));
}

static bool thread_wait_flag(struct waiter *w, struct signal_flag *f,
                             deadline_ms when, struct err *e)
{
    struct timespec at = timespec_of(when);
    bool raised;
    int sys = 0;

    pthread_mutex_lock(&f->lock);
    while (!f->raised && sys != ETIMEDOUT)
        sys = when == DEADLINE_NEVER
                  ? pthread_cond_wait(&f->changed, &f->lock)
                  : pthread_cond_timedwait(&f->changed, &f->lock, &at);
    raised = f->raised;
    pthread_mutex_unlock(&f->lock);
    return raised || late(w, when, e);
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
    waiter_late_us(w);
}
