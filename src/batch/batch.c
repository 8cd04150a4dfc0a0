/* batch -- the order of a run: words, lists, plans, outputs, scan, verdict. */
#include "batch_room.h"

#include "base/text.h"
#include "net/courtesy.h"
#include "report/holding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    COMPLAINTS_MAX = 64 * 1024,
    COMPLAINTS_SHOWN = 20,
    RESOLVER_THREADS = 64,
    RESOLVER_TTL_MS = 60 * 1000,
    RESOLVER_ABANDONED_MAX = 64,
};

/* All that a run holds. */
struct run {
    struct batch_settings settings;
    struct target_stream *targets;
    struct plan_cache *plans;
    struct writer *writer;
    struct plugin *plugin; /* NULL: none */
    struct changes changes;
    struct feeding feeding;
    struct probe_env env;
    struct scan_guard guard;
    struct stop_request asked;
    struct holding held;
    bool wanted[FIELDS_COUNT];
    struct err why; /* the first complaint */
    bool resolver_hangs; /* a lookup never came back: no exit handlers then */
};

void batch_complain(const struct err *e)
{
    struct buf text;

    buf_init(&text, COMPLAINTS_MAX);
    text_encode(&text, e->msg, strlen(e->msg), TEXT_BLOCK);
    fprintf(stderr, "tlsfleet: %s\n", buf_string(&text));
    buf_release(&text);
}

static void complain(struct run *run, const struct err *e)
{
    batch_complain(e);
    if (run->why.code == ERR_NONE)
        run->why = *e;
}

static bool open_targets(struct run *run, struct err *e)
{
    struct buf complaints;

    buf_init(&complaints, COMPLAINTS_MAX);
    run->targets = targets_open(&run->settings.source, &complaints, e);
    if (!run->targets && complaints.len > 0) {
        fputs(buf_string(&complaints), stderr);
        run->why = *e;
    } else if (!run->targets) {
        complain(run, e);
    }
    buf_release(&complaints);
    return run->targets != NULL;
}

static bool build_plan(struct run *run, const struct option_set *words,
                       struct err *e)
{
    const bool many = targets_count(run->targets) > 1;
    const struct plan *plan = NULL;

    if (probe_check_files(words, many, e))
        plan = plan_get(run->plans, words, e);
    plan_put(plan);
    return plan != NULL;
}

/* A file that defaults, a profile or the command line name must be right
 * before anything is connected.  All of them are tried: what is wrong is told,
 * the last of it by the caller. */
static bool build_common_plans(struct run *run, struct err *e)
{
    /* Who does not see the end of a run is not there to be asked, either. */
    const struct plan_cache_config config = { .asks = isatty(STDERR_FILENO) };
    const struct option_set *words;
    const char *profile;
    unsigned wrong = 0;

    if (!plan_process_begin(run->settings.source.command, e))
        return false;
    run->plans = plan_cache_new(&config, e);
    if (!run->plans)
        return false;
    for (size_t i = 0; wrong < COMPLAINTS_SHOWN
                       && (words = targets_common(run->targets, i, &profile));
         i++) {
        struct err why = { .stage = e->stage };

        if (build_plan(run, words, &why))
            continue;
        targets_locate(run->targets, i, &why);
        if (strcmp(why.msg, e->msg) == 0) /* of the defaults, once more */
            continue;
        if (wrong++ > 0)
            complain(run, e);
        *e = why;
    }
    plan_cache_ask_no_more(run->plans);
    return wrong == 0;
}

/* Shows what -quiet_ok kept back unless all is well. */
static int show(struct holding *held, int status)
{
    struct err e = { 0 };

    if (holding_end(held, status != EXIT_CLEAN, &e))
        return status;
    batch_complain(&e);
    return EXIT_INCOMPLETE;
}

/* What a scan says that is not even drained. */
static void last_words(void *arg)
{
    struct run *run = arg;

    if (run->settings.nagios)
        nagios_say(NULL, EXIT_INCOMPLETE, "the scan was ended at once");
    show(&run->held, EXIT_INCOMPLETE);
}

/* From here on the second signal ends the run, wherever it waits. */
static void heed_signals(struct run *run)
{
    struct scan_config *c = &run->settings.scan;

    c->env = &run->env;
    c->asked = &run->asked;
    c->last_words = last_words;
    c->last_arg = run;
    scan_block_signals();
    scan_guard_begin(&run->guard, c);
}

/* The journal last: what an earlier run left there is touched only when nothing
 * can keep this one from its scan. */
static bool open_outputs(struct run *run, struct err *e)
{
    struct report_config *c = &run->settings.report;

    if (run->settings.nagios
        && !(run->plugin = plugin_new(&run->settings.plugin)))
        return err_memory(e, "starting the scan");
    c->plugin = run->plugin;
    c->over_line = scan_has_line(run->settings.scan.progress);
    run->writer = writer_new(c, e);
    if (!run->writer
        || !feeding_begin(&run->feeding, &run->settings, run->targets, e))
        return false;
    writer_keep(run->writer, run->feeding.journal);
    return true;
}

static bool make_ready(struct run *run, struct err *e)
{
    const struct resolver_config resolver = {
        .threads = RESOLVER_THREADS,
        .ttl_ms = RESOLVER_TTL_MS,
        .abandoned_max = RESOLVER_ABANDONED_MAX,
    };

    if (!plan_random_ready(e) || !build_common_plans(run, e))
        return false;
    heed_signals(run);
    batch_wants(&run->settings, run->wanted, &run->env);
    run->env.plans = run->plans;
    run->env.wanted = run->wanted;
    run->env.secrets = run->settings.report.show_secrets;
    run->env.resolver = resolver_new(&resolver, e);
    if (!run->env.resolver)
        return false;
    run->env.courtesy =
        courtesy_new(run->settings.per_address, run->settings.rate);
    run->env.taken = taken_new();
    run->env.crls = crl_cache_new();
    if (!run->env.courtesy || !run->env.taken || !run->env.crls)
        return err_memory(e, "starting the scan");
    courtesy_heed(run->env.courtesy, &run->env.stop);
    return changes_open(&run->changes, run->settings.source.command, e)
           && open_outputs(run, e);
}

static bool output_failed(void *arg)
{
    return writer_failed(arg);
}

static void fit_workers(struct run *run)
{
    struct scan_config *c = &run->settings.scan;
    const uint64_t targets = targets_count(run->targets);
    const unsigned fit = scan_fit_workers(c->workers);

    if (fit < c->workers)
        fprintf(stderr,
                "tlsfleet: the descriptor limit (ulimit -n) allows %u workers, "
                "not %u\n",
                fit, c->workers);
    c->workers = targets < fit ? (unsigned)targets : fit;
}

static void plug(struct run *run, const struct scan_feed *feed)
{
    struct scan_config *c = &run->settings.scan;

    c->feed = feed;
    c->sink = changes_before(&run->changes, writer_sink(run->writer));
    c->output_failed = output_failed;
    c->output_arg = run->writer;
}

/* A cut scan does not know what is gone. */
static void end_changes(struct run *run, const struct scan_result *result)
{
    struct err e = { 0 };

    if (!result->stopped && !changes_end(&run->changes, run->targets, &e))
        complain(run, &e);
}

/* What an earlier run found, then the rest; true when all was probed. */
static bool probe_all(struct run *run, struct scan_result *result,
                      struct err *e)
{
    const struct scan_feed feed = { .next = feeding_next,
                                    .arg = &run->feeding,
                                    .count = feeding_left(&run->feeding) };
    bool done;

    fit_workers(run);
    plug(run, &feed);
    if (!feeding_replay(&run->feeding, run->settings.scan.sink, e))
        return false;
    scan_guard_end(&run->guard);
    done = scan_run(&run->settings.scan, result, e);
    scan_guard_begin(&run->guard, &run->settings.scan);
    return done && !result->stopped;
}

/* The reports under their names, then the journal away. */
static bool finish(struct run *run, uint64_t fed, bool whole)
{
    const struct journal *j = run->feeding.journal;
    struct err e = { 0 };
    bool written;

    written =
        writer_finish(run->writer, fed + (j ? journal_count(j) : 0), whole, &e)
        && feeding_end(&run->feeding, whole, &e);
    if (!written)
        complain(run, &e);
    return written;
}

static enum exit_status carry_out(struct run *run, struct err *e)
{
    struct scan_result result = { 0 };
    struct report_totals totals;
    const bool whole = probe_all(run, &result, e);

    if (e->code != ERR_NONE)
        complain(run, e);
    if (result.workers > 0 && result.workers < run->settings.scan.workers)
        fprintf(stderr, "tlsfleet: only %u of %u workers could be started\n",
                result.workers, run->settings.scan.workers);
    end_changes(run, &result);
    if (!finish(run, result.fed, whole) || !whole)
        return EXIT_INCOMPLETE;
    writer_totals(run->writer, &totals);
    return batch_verdict(&run->settings, &totals);
}

static void release(struct run *run)
{
    struct err e = { 0 };

    writer_free(run->writer);
    plugin_free(run->plugin);
    if (!feeding_end(&run->feeding, false, &e))
        complain(run, &e);
    changes_close(&run->changes);
    courtesy_free(run->env.courtesy);
    taken_free(run->env.taken);
    crl_cache_free(run->env.crls);
    if (run->env.resolver)
        run->resolver_hangs = !resolver_free(run->env.resolver);
    if (!run->resolver_hangs)
        plan_cache_free(run->plans);
    targets_close(run->targets);
    batch_settings_release(&run->settings);
}

static enum exit_status run_all(struct run *run,
                                const struct command_line *line)
{
    struct err e = { .stage = STAGE_CONFIG };
    enum exit_status status;

    if (!batch_settings_read(&run->settings, line, &e)) {
        complain(run, &e);
        return EXIT_USAGE;
    }
    if (!open_targets(run, &e))
        return EXIT_USAGE;
    if (run->settings.dry_run) {
        if (build_common_plans(run, &e) && batch_dry_run(run->targets, &e))
            return EXIT_CLEAN;
        complain(run, &e);
        return e.code == ERR_OUTPUT ? EXIT_INCOMPLETE : EXIT_USAGE;
    }
    if (!make_ready(run, &e)) {
        complain(run, &e);
        return e.code == ERR_OUTPUT ? EXIT_INCOMPLETE : EXIT_USAGE;
    }
    status = carry_out(run, &e);
    err_clear(&e);
    if (plan_process_end(&line->words, &e))
        return status;
    complain(run, &e);
    return EXIT_INCOMPLETE;
}

int batch_run(const struct command_line *line)
{
    struct run run = { .held = HOLDING_NOTHING };
    struct err e = { 0 };
    int status;

    scan_prepare_signals();
    if (options_has(&line->words, OPT_quiet_ok)
        && !holding_begin(&run.held, &e)) {
        batch_complain(&e);
        return EXIT_INCOMPLETE;
    }
    status = (int)run_all(&run, line);
    scan_guard_end(&run.guard);
    scan_unblock_signals();
    if (options_has(&line->words, OPT_nagios))
        status = nagios_say(run.plugin, (enum exit_status)status, run.why.msg);
    release(&run);
    status = show(&run.held, status);
    /* A lookup that never returns still uses its thread and libc's state. */
    if (run.resolver_hangs)
        _exit(status);
    return status;
}
