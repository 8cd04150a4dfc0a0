/* outage -- when almost nothing can be looked up or reached, it is our network
 * and not the targets: intake pauses, a scout tries now and then, and what
 * failed meanwhile is probed again. */
#include "scan_room.h"

#include <string.h>

enum {
    MOSTLY = 95, /* of a hundred recent outcomes */
    SCOUT_MS = 1000, /* until the first scout; doubles */
    SCOUT_MAX_MS = 10 * 1000,
    PATIENCE_MS = 5 * 60 * 1000, /* once a run; then failures count */
};

void outage_init(struct outage *o, uint64_t targets)
{
    /* Too few targets say nothing of a network; and who scans a few is there to
     * see the failures. */
    *o = (struct outage){ .scout_ms = SCOUT_MS,
                          .given_up = targets < OUTAGE_WINDOW };
    o->told_given_up = o->given_up;
    pthread_mutex_init(&o->lock, NULL);
}

void outage_release(struct outage *o)
{
    pthread_mutex_destroy(&o->lock);
}

/* A lookup that took all the time that the target had. */
static bool ran_out_at_lookup(const struct record *r)
{
    const char *code = record_get(r, REC_code);
    const char *stage = record_get(r, REC_stage);

    return code && strcmp(code, err_row(ERR_DEADLINE)->name) == 0 && stage
           && strcmp(stage, stage_name(STAGE_RESOLVE)) == 0;
}

bool outage_is_sign(const struct record *r)
{
    static const enum err_code signs[] = { ERR_NAME_TEMPORARY, ERR_NAME_TIMEOUT,
                                           ERR_NET_UNREACHABLE };
    const char *code = record_get(r, REC_code);

    for (size_t i = 0; code && i < sizeof(signs) / sizeof(signs[0]); i++)
        if (strcmp(code, err_row(signs[i])->name) == 0)
            return true;
    return ran_out_at_lookup(r);
}

/* With the lock held. */
static void remember(struct outage *o, bool sign)
{
    unsigned char *const slot = &o->recent[o->next++ % OUTAGE_WINDOW];

    o->signs += (unsigned)sign - *slot;
    *slot = sign;
    o->count += o->count < OUTAGE_WINDOW;
}

static void forget(struct outage *o)
{
    memset(o->recent, 0, sizeof(o->recent));
    o->count = o->signs = 0;
}

static void begin_pause(struct outage *o, int64_t now_ms)
{
    o->paused = true;
    o->since_ms = now_ms;
    o->scout_ms = SCOUT_MS;
    o->next_scout_ms = now_ms + SCOUT_MS;
}

static void end_pause(struct outage *o)
{
    o->paused = false;
    forget(o);
}

/* With the lock held: what a sign of outage during a pause means. */
static void still_out(struct outage *o, int64_t now_ms)
{
    if (now_ms - o->since_ms >= PATIENCE_MS) {
        o->given_up = true;
        end_pause(o);
        return;
    }
    o->scout_ms =
        2 * o->scout_ms < SCOUT_MAX_MS ? 2 * o->scout_ms : SCOUT_MAX_MS;
    o->next_scout_ms = now_ms + o->scout_ms;
}

/* With the lock held. */
static bool looks_like_outage(const struct outage *o)
{
    return o->count == OUTAGE_WINDOW
           && o->signs * 100 >= OUTAGE_WINDOW * MOSTLY;
}

/* With the lock held: not enough to pause, enough to ask once more. */
static bool is_suspicious(const struct outage *o)
{
    return 2 * o->signs > o->count;
}

bool outage_note(struct outage *o, bool sign, bool first, int64_t now_ms)
{
    bool again;

    pthread_mutex_lock(&o->lock);
    remember(o, sign);
    if (o->paused && !sign)
        end_pause(o);
    else if (o->paused)
        still_out(o, now_ms);
    else if (!o->given_up && looks_like_outage(o))
        begin_pause(o, now_ms);
    again = sign && !o->given_up && (o->paused || (first && is_suspicious(o)));
    pthread_mutex_unlock(&o->lock);
    return again;
}

bool outage_admits(struct outage *o, int64_t now_ms)
{
    bool admits;

    pthread_mutex_lock(&o->lock);
    admits = !o->paused || now_ms >= o->next_scout_ms;
    if (o->paused && admits)
        o->next_scout_ms = now_ms + SCOUT_MAX_MS;
    pthread_mutex_unlock(&o->lock);
    return admits;
}

enum outage_news outage_news(struct outage *o)
{
    enum outage_news news = OUTAGE_NO_NEWS;

    pthread_mutex_lock(&o->lock);
    if (o->given_up && !o->told_given_up) {
        news = OUTAGE_GIVEN_UP;
        o->told_given_up = true;
        o->told_paused = false;
    } else if (o->paused != o->told_paused) {
        news = o->paused ? OUTAGE_BEGAN : OUTAGE_ENDED;
        o->told_paused = o->paused;
    }
    pthread_mutex_unlock(&o->lock);
    return news;
}
