/* writer -- one thread between the workers and the reports. */
#include "base/clock.h"
#include "base/mem.h"
#include "base/queue.h"
#include "base/thread.h"
#include "lane.h"
#include "report/journal.h"
#include "report/plugin.h"

#include <stdatomic.h>

/* Records that may wait for the writer before the workers do: some 10 MiB. */
enum { QUEUE_ROOM = 1024 };

struct writer {
    struct record_sink sink; /* first: the sink is the writer */
    struct report_config config; /* its specs are not used after the start */
    struct lane *lanes;
    size_t nlanes;
    struct queue *queue;
    atomic_size_t waiting; /* given and not yet written */
    atomic_bool failed;
    pthread_mutex_t lock; /* guards the summary */
    struct summary summary;
    int64_t began_ms;
    pthread_t thread;
    bool running;
    bool finishing; /* set before the queue is closed */
    struct journal *journal; /* NULL: none; set before a record comes */
    struct err journal_error; /* the code says whether it failed */
};

/* The writer owns the record by now, so that no format can forget it. */
static void hide_secrets(const struct writer *w, struct record *r)
{
    for (size_t i = 0; i < FIELDS_COUNT && !w->config.show_secrets; i++) {
        enum field_id id = (enum field_id)i;

        if ((field_rows[id].traits & FIELD_SECRET) && record_known(r, id))
            record_text(r, id, "redacted");
    }
}

static void note(struct writer *w, bool done)
{
    if (!done)
        atomic_store(&w->failed, true);
}

/* A target that was not attempted is still to be done by the next run, and so
 * is one whose record lost a part: it may not even say which target it is. */
static bool is_still_to_do(const struct record *r)
{
    if (record_skipped(r))
        return true;
    for (; r; r = r->more)
        if (r->incomplete)
            return true;
    return false;
}

static bool keep(struct writer *w, const struct record *r)
{
    if (!w->journal || is_still_to_do(r))
        return true;
    return w->journal_error.code == ERR_NONE
           && journal_append(w->journal, r, &w->journal_error);
}

static void write_record(struct writer *w, struct record *r)
{
    note(w, keep(w, r));
    pthread_mutex_lock(&w->lock);
    summary_add(&w->summary, r);
    pthread_mutex_unlock(&w->lock);
    if (w->config.plugin)
        plugin_add(w->config.plugin, r);
    for (struct record *one = r; one; one = one->more)
        hide_secrets(w, one);
    for (size_t i = 0; i < w->nlanes; i++)
        note(w, lane_record(&w->lanes[i], r));
    record_free(r);
}

static void *write_all(void *arg)
{
    struct writer *w = arg;
    struct record *r;

    while ((r = queue_take(w->queue)) != NULL) {
        bool last;

        write_record(w, r);
        last = atomic_fetch_sub(&w->waiting, 1) == 1;
        for (size_t i = 0; last && i < w->nlanes; i++)
            note(w, lane_idle(&w->lanes[i]));
    }
    for (size_t i = 0; w->finishing && i < w->nlanes; i++)
        note(w, lane_finish(&w->lanes[i], &w->summary));
    return NULL;
}

static void take(struct record_sink *sink, struct record *r)
{
    struct writer *w = (struct writer *)sink;

    atomic_fetch_add(&w->waiting, 1);
    if (queue_give(w->queue, r))
        return;
    atomic_fetch_sub(&w->waiting, 1);
    record_free(r);
}

static bool start(struct writer *w, struct err *e)
{
    int sys = thread_start_deaf(&w->thread, 0, write_all, w);

    if (sys != 0)
        return err_sys(e, ERR_SYSTEM, sys, "cannot start the writer");
    w->running = true;
    return true;
}

static bool differs_from_others(const struct writer *w,
                                const struct report_spec *spec, struct err *e)
{
    const struct output *last = &w->lanes[w->nlanes - 1].output;

    for (size_t i = 0; i + 1 < w->nlanes; i++) {
        if (output_same(&w->lanes[i].output, last))
            return err_set(e, ERR_USAGE,
                           "two reports would be written to %s%.200s%s; give "
                           "each a file of its own",
                           spec->file ? "'" : "",
                           spec->file ? spec->file : "standard output",
                           spec->file ? "'" : "");
    }
    return true;
}

static bool open_lanes(struct writer *w, struct err *e)
{
    const struct report_config *c = &w->config;

    w->lanes = mem_new(c->nspecs, sizeof(*w->lanes));
    if (!w->lanes)
        return err_memory(e, "starting the writer");
    for (size_t i = 0; i < c->nspecs; i++) {
        bool opened = lane_open(&w->lanes[w->nlanes++], &c->specs[i], c, e);

        if (!opened || !differs_from_others(w, &c->specs[i], e))
            return false;
    }
    return true;
}

struct writer *writer_new(const struct report_config *config, struct err *e)
{
    struct writer *w = mem_new(1, sizeof(*w));

    e->stage = STAGE_INPUT;
    if (!w) {
        err_memory(e, "starting the writer");
        return NULL;
    }
    w->sink.take = take;
    w->config = *config;
    w->summary.began = clock_wall();
    w->began_ms = clock_now_ms();
    pthread_mutex_init(&w->lock, NULL);
    w->queue = queue_new(QUEUE_ROOM);
    if (!w->queue)
        err_memory(e, "starting the writer");
    else if (open_lanes(w, e) && start(w, e))
        return w;
    writer_free(w);
    return NULL;
}

void writer_keep(struct writer *w, struct journal *j)
{
    w->journal = j;
}

struct record_sink *writer_sink(struct writer *w)
{
    return &w->sink;
}

bool writer_failed(const struct writer *w)
{
    return atomic_load(&w->failed);
}

void writer_totals(struct writer *w, struct report_totals *out)
{
    pthread_mutex_lock(&w->lock);
    *out = w->summary.totals;
    pthread_mutex_unlock(&w->lock);
}

static void stop(struct writer *w)
{
    if (!w->running)
        return;
    queue_close(w->queue);
    pthread_join(w->thread, NULL);
    w->running = false;
}

bool writer_finish(struct writer *w, uint64_t targets_in, bool whole,
                   struct err *e)
{
    w->summary.targets_in = targets_in;
    w->summary.whole = whole;
    w->summary.ended = clock_wall();
    w->summary.ms = clock_now_ms() - w->began_ms;
    w->finishing = true;
    stop(w);
    if (w->journal_error.code != ERR_NONE)
        *e = w->journal_error;
    for (size_t i = 0; i < w->nlanes; i++) {
        if (w->lanes[i].error.code != ERR_NONE && e->code == ERR_NONE)
            *e = w->lanes[i].error;
    }
    return !writer_failed(w);
}

void writer_free(struct writer *w)
{
    if (!w)
        return;
    stop(w);
    for (size_t i = 0; i < w->nlanes; i++)
        lane_release(&w->lanes[i]);
    mem_free(w->lanes);
    queue_free(w->queue);
    pthread_mutex_destroy(&w->lock);
    mem_free(w);
}
