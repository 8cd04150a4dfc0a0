/* guard -- heeds signals where no scan runs: before it, while outputs are
 * opened and an earlier run's records are read, and after it, while reports get
 * their end.  A reader that stopped reading can hold all of that up. */
#include "scan_room.h"

static void *guard(void *arg)
{
    struct scan_guard *g = arg;
    struct progress progress = { .mode = PROGRESS_NONE };
    sigset_t set;
    siginfo_t info;
    int sig;

    watch_stops(&set);
    sigaddset(&set, SIGALRM); /* from scan_guard_end() */
    while ((sig = sigwaitinfo(&set, &info)) != SIGALRM)
        if (sig > 0)
            watch_stop(g->config, &progress, &info,
                       "stopping (once more to end at once)");
    return NULL;
}

void scan_guard_begin(struct scan_guard *g, const struct scan_config *config)
{
    g->config = config;
    g->running = pthread_create(&g->thread, NULL, guard, g) == 0;
}

void scan_guard_end(struct scan_guard *g)
{
    if (!g->running)
        return;
    pthread_kill(g->thread, SIGALRM);
    pthread_join(g->thread, NULL);
    g->running = false;
}
