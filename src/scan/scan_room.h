/* Private to src/scan: what the threads of one scan share. */
#pragma once

#include "scan.h"

#include <pthread.h>
#include <signal.h>
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

/* Who is in flight. */
enum { ROSTER_NAME = 96 };
struct seat {
    char name[ROSTER_NAME]; /* the target as written, maybe cut */
    int64_t since_ms;
    bool busy;
};
struct roster {
    pthread_mutex_t lock;
    struct seat *seats;
    size_t nseats;
};
bool roster_init(struct roster *r, size_t seats) MUST_USE;
void roster_release(struct roster *r);
void roster_begin(struct roster *r, size_t seat, const char *text);
void roster_end(struct roster *r, size_t seat);
/* Copies up to "most" of those longest in flight, longest first. */
size_t roster_longest(struct roster *r, struct seat *longest, size_t most);

/* Whether our own network is out; see outage.c. */
enum { OUTAGE_WINDOW = 100 };
struct outage {
    pthread_mutex_t lock;
    unsigned char recent[OUTAGE_WINDOW]; /* a ring: was it a sign */
    unsigned next, count, signs;
    bool paused, given_up;
    int64_t since_ms, scout_ms, next_scout_ms;
    bool told_paused, told_given_up;
};
/* "targets": how many the scan has. */
void outage_init(struct outage *o, uint64_t targets);
void outage_release(struct outage *o);
/* Whether this outcome is what an outage of ours looks like. */
bool outage_is_sign(const struct record *r);
/* Takes an outcome; true when the target should be probed again instead of
 * being blamed.  "first": it was not put back before. */
bool outage_note(struct outage *o, bool sign, bool first, int64_t now_ms);
/* Whether a probe may begin: during a pause only a scout now and then. */
bool outage_admits(struct outage *o, int64_t now_ms);
/* What has changed since it was asked last. */
enum outage_news {
    OUTAGE_NO_NEWS,
    OUTAGE_BEGAN,
    OUTAGE_ENDED,
    OUTAGE_GIVEN_UP,
};
enum outage_news outage_news(struct outage *o);

/* What progress and the watching thread look at. */
struct tally {
    _Atomic uint64_t done, ok, skipped, in_flight;
    uint64_t expected;
    int64_t start_ms;
};

/* A target with its place among the records. */
struct job {
    struct target *target;
    uint64_t seq;
    struct address held; /* what it waits for while it is parked */
    bool again; /* it was put back once */
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
/* The job that has waited longest for this address, or for any (NULL); or
 * NULL. */
struct job *parking_take(struct parking *p, const struct address *a);

struct scan {
    const struct scan_config *config;
    atomic_bool out_of_time; /* why the scan was stopped, if it was */
    atomic_bool starved; /* the same: a job found no memory for its record */
    struct queue *jobs;
    struct admission admission;
    struct parking parking; /* for room at their address */
    struct parking later; /* to be probed again at the end */
    struct outage outage;
    struct roster roster;
    _Atomic int short_of; /* err_code of what ran out, once */
    struct tally tally;
};

struct worker {
    struct scan *scan;
    pthread_t thread;
    size_t seat; /* in the roster */
};
/* Starts up to n workers; the number that could be started. */
unsigned pool_start(struct scan *s, struct worker *workers, unsigned n);
void pool_join(struct worker *workers, unsigned n);

/* Progress on standard error. */
struct progress {
    enum progress_mode mode; /* AUTO is decided when it starts */
    bool on_terminal, shown;
    int64_t next_ms;
};
void progress_start(struct progress *p, enum progress_mode mode);
/* Shows the tally when it is time to. */
void progress_tick(struct progress *p, const struct tally *t);
/* How far it is, and who takes longest, now. */
void progress_status(struct progress *p, struct scan *s);
/* One sentence on a line of its own. */
void progress_say(struct progress *p, const char *sentence);
/* Clears the line of a terminal. */
void progress_end(struct progress *p);

/* The thread that waits for signals. */
struct watch {
    struct scan *scan;
    struct progress progress;
    pthread_t thread;
    int64_t apart_ms; /* of the wall clock from the steady one */
    bool running, told_shortage;
};
/* All that it waits for; blocked in every thread. */
void watch_signals(sigset_t *set);
/* Those of them that ask to stop; none that the run was begun to ignore. */
void watch_stops(sigset_t *set);
/* One of those came: the first is answered with a sentence, the next one ends
 * the process. */
void watch_stop(const struct scan_config *c, struct progress *p,
                const siginfo_t *info, const char *first);
/* Whether it is the last one once more: timeout(1) signals its child, and then
 * its group with the child in it. */
bool watch_is_echo(const struct stop_request *last,
                   const struct stop_request *now);
bool watch_start(struct watch *w, struct err *e) MUST_USE;
void watch_end(struct watch *w);
