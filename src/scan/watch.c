/* watch -- the one thread that signals reach; it also shows the progress. */
#include "scan_room.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

enum { TICK_MS = 50, STEP_MS = 2000, ECHO_MS = 500, EXIT_INCOMPLETE = 3 };

static void stop(struct watch *w, const char *why)
{
    if (!atomic_exchange(&w->scan->config->env->stop, true))
        progress_say(&w->progress, why);
}

/* Who began this run without one, as nohup(1) does and a shell that puts it in
 * the background, does not want it heeded: waiting for it would. */
static bool is_ignored(int sig)
{
    struct sigaction action;

    return sigaction(sig, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void watch_stops(sigset_t *set)
{
    static const int stops[] = { SIGINT, SIGTERM, SIGHUP };

    sigemptyset(set);
    for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
        if (!is_ignored(stops[i]))
            sigaddset(set, stops[i]);
}

/* Workers may be anywhere in OpenSSL, whose exit handlers are not safe then.
 * The last words may wait for a reader that stopped reading: one more signal
 * ends them, too. */
static void end_at_once(const struct scan_config *c, struct progress *p)
{
    scan_unblock_signals();
    progress_end(p);
    if (c->last_words)
        c->last_words(c->last_arg);
    _exit(EXIT_INCOMPLETE);
}

bool watch_is_echo(const struct stop_request *last,
                   const struct stop_request *now)
{
    return now->signal == last->signal && now->sender == last->sender
           && now->sender > 0 && now->at_ms - last->at_ms < ECHO_MS;
}

void watch_stop(const struct scan_config *c, struct progress *p,
                const siginfo_t *info, const char *first)
{
    const struct stop_request before = *c->asked;

    *c->asked = (struct stop_request){
        .signal = info->si_signo,
        .sender = info->si_code == SI_USER ? info->si_pid : 0,
        .at_ms = clock_now_ms(),
    };
    if (watch_is_echo(&before, c->asked))
        return;
    if (before.signal != 0)
        end_at_once(c, p);
    atomic_store(&c->env->stop, true);
    progress_say(p, first);
}

void watch_signals(sigset_t *set)
{
    watch_stops(set);
    sigaddset(set, SIGUSR1);
    sigaddset(set, SIGALRM); /* from watch_end() */
}

static void on_signal(struct watch *w, const siginfo_t *info)
{
    if (info->si_signo == SIGUSR1)
        progress_status(&w->progress, w->scan);
    else
        watch_stop(w->scan->config, &w->progress, info,
                   "stopping: no further target is begun (once more to end at "
                   "once)");
}

/* This thread sleeps as the workers do: how late it wakes is how late they do.
 * Kept as a maximum that fades within seconds. */
static void measure(struct scan *s, int64_t slept_us)
{
    const int64_t late = slept_us - TICK_MS * 1000;
    const int64_t before = atomic_load(&s->config->env->late_us);
    const int64_t faded = before - before / 16;

    atomic_store(&s->config->env->late_us, late > faded ? late : faded);
    admission_adjust(&s->admission, late);
}

static void watch_clock(struct watch *w)
{
    const int64_t most_ms = w->scan->config->max_runtime_ms;

    if (most_ms < 0 || atomic_load(&w->scan->out_of_time)
        || clock_now_ms() - w->scan->tally.start_ms < most_ms)
        return;
    atomic_store(&w->scan->out_of_time, true);
    stop(w, "-max_runtime is over: no further target is begun");
}

static void watch_network(struct watch *w)
{
    static const char *const sentences[] = {
        [OUTAGE_BEGAN] = "almost no name is resolved and no network reached: "
                         "waiting for our own network",
        [OUTAGE_ENDED] = "the network is back: going on",
        [OUTAGE_GIVEN_UP] = "the network did not come back in 5 minutes: "
                            "going on, failures count",
    };
    const enum outage_news news = outage_news(&w->scan->outage);

    if (news != OUTAGE_NO_NEWS)
        progress_say(&w->progress, sentences[news]);
}

static void watch_shortage(struct watch *w)
{
    const int code = atomic_exchange(&w->scan->short_of, ERR_NONE);

    if (code == ERR_NONE || w->told_shortage)
        return;
    w->told_shortage = true;
    progress_say(&w->progress, err_row((enum err_code)code)->meaning);
    progress_say(&w->progress, "fewer targets are probed at a time");
}

/* Somebody set the wall clock: what certificates say of dates is in doubt. */
static void watch_steps(struct watch *w)
{
    const int64_t apart = clock_wall_ms() - clock_now_ms();
    const int64_t step = apart - w->apart_ms;

    w->apart_ms = apart;
    if (step > -STEP_MS && step < STEP_MS)
        return;
    atomic_fetch_add(&w->scan->config->env->clock_steps, 1);
    progress_say(&w->progress, "the clock of this machine was set: records of "
                               "targets in flight are marked");
}

static void on_tick(struct watch *w, int64_t slept_us)
{
    const struct scan_config *c = w->scan->config;

    measure(w->scan, slept_us);
    progress_tick(&w->progress, &w->scan->tally);
    watch_clock(w);
    watch_network(w);
    watch_shortage(w);
    watch_steps(w);
    if (c->output_failed && c->output_failed(c->output_arg))
        stop(w, "a report cannot be written: no further target is begun");
}

static void *watch(void *arg)
{
    const struct timespec tick = { .tv_nsec = TICK_MS * 1000000L };
    struct watch *w = arg;
    sigset_t set;

    watch_signals(&set);
    for (;;) {
        const int64_t start = clock_now_us();
        siginfo_t info;
        const int sig = sigtimedwait(&set, &info, &tick);

        if (sig == SIGALRM)
            return NULL;
        if (sig > 0)
            on_signal(w, &info);
        else
            on_tick(w, clock_now_us() - start);
    }
}

bool watch_start(struct watch *w, struct err *e)
{
    progress_start(&w->progress, w->scan->config->progress);
    w->apart_ms = clock_wall_ms() - clock_now_ms();
    w->running = pthread_create(&w->thread, NULL, watch, w) == 0;
    return w->running
           || err_set(e, ERR_SYSTEM, "no thread for signals could be started");
}

void watch_end(struct watch *w)
{
    if (!w->running)
        return;
    pthread_kill(w->thread, SIGALRM);
    pthread_join(w->thread, NULL);
    progress_end(&w->progress);
}
