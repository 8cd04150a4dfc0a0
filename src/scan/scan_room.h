/* Private to src/scan: what the threads of one scan share. */
#pragma once

#include "scan.h"

#include <pthread.h>
#include <stdatomic.h>

/* How many probes may be in flight: the configured number, or fewer while our
 * own processor is the bottleneck (house plan 5: a time-out that we caused is
 * not the server's). */
struct admission {
    pthread_mutex_t lock;
    pthread_cond_t room;
    unsigned limit, most, least, inside;
};
void admission_init(struct admission *a, unsigned most);
void admission_release(struct admission *a);
/* Waits for room. */
void admission_enter(struct admission *a);
/* Gives the place back. */
void admission_leave(struct admission *a);
/* Fewer places when a thread of ours lately ran "late_us" after it could have,
 * more when it did not. */
void admission_adjust(struct admission *a, int64_t late_us);

/* What progress and the watching thread look at. */
struct tally {
    _Atomic uint64_t done, ok, in_flight;
    uint64_t expected;
    int64_t start_ms;
};

/* A target with its place among the records. */
struct job {
    struct target *target;
    uint64_t seq;
    struct address held; /* what it waits for while it is parked */
    struct job *next;
};

/* Jobs that wait for an address; see parking.c. */
struct parking {
    pthread_mutex_t lock;
    struct job *first;
    size_t count, most;
};
void parking_init(struct parking *p, size_t most);
void parking_release(struct parking *p);
/* False when it is full. */
bool parking_put(struct parking *p, struct job *j) MUST_USE;
/* The job that has waited longest for this address, or NULL. */
struct job *parking_take(struct parking *p, const struct address *a);

struct scan {
    const struct scan_config *config;
    atomic_bool out_of_time; /* why the scan was stopped, if it was */
    struct queue *jobs;
    struct admission admission;
    struct parking parking;
    struct tally tally;
};

/* Starts up to n workers; the number that could be started. */
unsigned pool_start(struct scan *s, pthread_t *threads, unsigned n);
void pool_join(pthread_t *threads, unsigned n);

/* Progress on standard error. */
struct progress {
    enum progress_mode mode; /* AUTO is decided when it starts */
    bool on_terminal, shown;
    int64_t next_ms;
};
void progress_start(struct progress *p, enum progress_mode mode);
/* Shows the tally when it is time to. */
void progress_tick(struct progress *p, const struct tally *t);
/* One sentence on a line of its own. */
void progress_say(struct progress *p, const char *sentence);
/* Clears the line of a terminal. */
void progress_end(struct progress *p);

/* The thread that waits for signals. */
struct watch {
    struct scan *scan;
    struct progress progress;
    pthread_t thread;
    bool running;
};
bool watch_start(struct watch *w, struct err *e) MUST_USE;
void watch_end(struct watch *w);
