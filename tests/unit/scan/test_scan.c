/* The pool without a network: targets whose address is bad need no probe. */
#include "scan.h"

#include "base/mem.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>

enum { TARGETS = 500 };

TestSuite(scan, .init = scan_block_signals);

struct feed {
    uint64_t given;
    uint64_t fail_at; /* 0: never */
    bool valid; /* targets that would have to be probed */
};

static struct target *feed_next(void *arg, uint64_t *seq, struct err *e)
{
    struct feed *f = arg;
    struct target *t;
    char text[32];

    if (f->fail_at != 0 && f->given == f->fail_at) {
        err_set(e, ERR_FILE, "the list went away");
        return NULL;
    }
    if (f->given == TARGETS)
        return NULL;
    t = mem_new(1, sizeof(*t));
    snprintf(text, sizeof(text), "host%llu", (unsigned long long)f->given);
    *seq = f->given;
    t->index = ++f->given;
    t->text = mem_text(text);
    t->host = mem_text(text);
    t->port = mem_text("443");
    if (!f->valid)
        err_set(&t->invalid, ERR_ADDRESS, "no address");
    return t;
}

struct tray {
    struct record_sink sink;
    pthread_mutex_t lock;
    unsigned seen[TARGETS];
    unsigned by_status[STATUS_COUNT];
};

static void tray_take(struct record_sink *sink, struct record *r)
{
    struct tray *tray = (struct tray *)(void *)sink;

    pthread_mutex_lock(&tray->lock);
    if (r->seq < TARGETS)
        tray->seen[r->seq]++;
    tray->by_status[record_status(r)]++;
    pthread_mutex_unlock(&tray->lock);
    record_free(r);
}

static struct tray *tray_new(void)
{
    struct tray *tray = mem_new(1, sizeof(*tray));

    tray->sink.take = tray_take;
    pthread_mutex_init(&tray->lock, NULL);
    return tray;
}

static bool run(struct feed *f, struct tray *tray, bool stopped,
                struct scan_result *result, struct err *e)
{
    const struct scan_feed feed = { .next = feed_next,
                                    .arg = f,
                                    .count = TARGETS };
    struct probe_env env = { .stop = stopped };
    const struct scan_config config = { .feed = &feed,
                                        .env = &env,
                                        .sink = &tray->sink,
                                        .workers = 7,
                                        .max_runtime_ms = -1,
                                        .progress = PROGRESS_NONE };

    return scan_run(&config, result, e);
}

Test(scan, every_target_gets_exactly_one_record)
{
    struct tray *tray = tray_new();
    struct scan_result result;
    struct feed f = { 0 };
    struct err e = { 0 };

    cr_assert(run(&f, tray, false, &result, &e), "%s", e.msg);
    cr_expect_eq(result.fed, TARGETS);
    for (size_t i = 0; i < TARGETS; i++)
        cr_expect_eq(tray->seen[i], 1, "record %zu came %u times", i,
                     tray->seen[i]);
    cr_expect_eq(tray->by_status[STATUS_INVALID], TARGETS);
    mem_free(tray);
}

Test(scan, a_stopped_scan_still_accounts_for_every_target)
{
    struct tray *tray = tray_new();
    struct scan_result result;
    struct feed f = { .valid = true };
    struct err e = { 0 };

    cr_assert(run(&f, tray, true, &result, &e), "%s", e.msg);
    cr_expect(result.stopped);
    cr_expect_eq(tray->by_status[STATUS_NOT_ATTEMPTED], TARGETS);
    mem_free(tray);
}

Test(scan, a_stop_that_skipped_nothing_leaves_the_scan_whole)
{
    struct tray *tray = tray_new();
    struct scan_result result;
    struct feed f = { 0 };
    struct err e = { 0 };

    cr_assert(run(&f, tray, true, &result, &e), "%s", e.msg);
    cr_expect_not(result.stopped);
    mem_free(tray);
}

Test(scan, a_feed_that_fails_ends_the_scan_with_its_reason)
{
    struct tray *tray = tray_new();
    struct feed f = { .fail_at = 40 };
    struct scan_result result;
    struct err e = { 0 };

    cr_expect_not(run(&f, tray, false, &result, &e));
    cr_expect_eq(e.code, ERR_FILE);
    cr_expect_eq(result.fed, 40);
    cr_expect_eq(tray->by_status[STATUS_INVALID], 40);
    mem_free(tray);
}

Test(scan, workers_never_exceed_what_the_descriptors_allow)
{
    cr_expect_eq(scan_fit_workers(1), 1);
    cr_expect_leq(scan_fit_workers(4000000), 4000000);
    cr_expect_geq(scan_fit_workers(4000000), 1);
}
