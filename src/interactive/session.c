/* session -- words, one connection, a terminal, an exit status. */
#include "interactive_room.h"

#include "base/mem.h"
#include "plan/refusal.h"

#include <signal.h>
#include <unistd.h>

enum {
    WORDS_MAX = 64 * 1024, /* bytes of s_client's lines about the words */
    RESOLVER_THREADS = 2,
};

/* What s_client says while it reads the words. */
static bool read_words(const struct argv *argv)
{
    struct buf lines;
    bool good;

    buf_init(&lines, WORDS_MAX);
    good = usage_replay(argv, &lines);
    say_lines(&lines);
    buf_release(&lines);
    return good;
}

/* What s_client says before it connects. */
static void remark(struct session *s)
{
    const struct option_set *words = &s->target->words;

    if (options_has(words, OPT_psk) && options_has(words, OPT_debug))
        buf_text(&s->screen.out, "PSK key given, setting client callback\n");
    plan_remarks(words, &s->screen.err);
    screen_flush(&s->screen);
}

static bool set_up_env(struct session *s, struct err *e)
{
    const struct resolver_config resolver = { .threads = RESOLVER_THREADS };
    const struct plan_cache_config config = { .as_s_client = true,
                                              .asks = true };

    s->env.wanted = s->wanted;
    s->env.want_log = s->env.want_block = true;
    s->env.secrets = true;
    if (!plan_process_begin(&s->target->words, e))
        return false;
    s->env.plans = plan_cache_new(&config, e);
    if (!s->env.plans)
        return false;
    s->env.crls = crl_cache_new();
    if (!s->env.crls)
        return err_memory(e, "the session");
    s->env.resolver = resolver_new(&resolver, e);
    return s->env.resolver != NULL;
}

static bool set_up_streams(struct session *s, struct err *e)
{
    const struct option_set *words = &s->target->words;
    const bool quiet =
        options_has(words, OPT_quiet) || options_has(words, OPT_brief);
    const struct screen_ask ask = {
        .waiter = &s->waiter,
        .msg_file = options_text(words, OPT_msgfile, NULL),
        .silent = quiet && !options_has(words, OPT_debug),
        .raw = options_has(words, OPT_raw),
        .messages =
            options_has(words, OPT_msg) || options_has(words, OPT_trace),
    };

    waiter_thread_init(&s->waiter);
    return screen_init(&s->screen, &ask, e) && input_init(&s->input, words, e);
}

static bool set_up(struct session *s, const struct command_line *line,
                   struct err *e)
{
    struct opened_ask ask;

    s->target = mem_new(1, sizeof(*s->target));
    if (!s->target)
        return err_memory(e, "the session");
    if (!session_target(s->target, line, e) || !set_up_streams(s, e)
        || !set_up_env(s, e))
        return false;
    ask = (struct opened_ask){
        .env = &s->env,
        .waiter = &s->waiter,
        .target = s->target,
        .lines = screen_lines(&s->screen),
        .tried = tell_tried,
        .tried_arg = s,
    };
    s->open = opened_new(&ask, e);
    if (!s->open)
        return false;
    s->settings = opened_settings(s->open);
    remark(s);
    return true;
}

static void release(struct session *s)
{
    opened_free(s->open);
    screen_release(&s->screen);
    input_release(&s->input);
    crl_cache_free(s->env.crls);
    if (s->env.resolver)
        s->resolver_hangs = !resolver_free(s->env.resolver);
    if (!s->resolver_hangs)
        plan_cache_free(s->env.plans);
    target_free(s->target);
}

/* As the openssl program, which gives away the status of the session. */
static void leave(struct session *s)
{
    const struct option_set *words = &s->target->words;
    struct err e = { .code = ERR_NONE };

    if (plan_process_end(words, &e))
        return;
    plan_writerand_refusal(options_text(words, OPT_writerand, ""),
                           &s->screen.err);
    screen_flush(&s->screen);
    s->status = 1;
}

static void talk(struct session *s)
{
    bool open = session_open(s);

    if (open && options_has(&s->target->words, OPT_no_interactive)) {
        s->status = 0;
        return;
    }
    while (open) {
        session_talk(s);
        open = s->reconnects && session_reopen(s);
    }
}

static void run(struct session *s, const struct command_line *line)
{
    struct err e = { .code = ERR_NONE };

    s->status = 1;
    if (!set_up(s, line, &e)) {
        tell_refusal(&s->argv, s, &e);
        return;
    }
    talk(s);
    session_close(s);
    leave(s);
}

/* Words that can be read. */
static int run_line(const struct command_line *line, const struct argv *argv)
{
    struct session *s = mem_new(1, sizeof(*s));
    int status;

    if (!s)
        return 1;
    s->argv = *argv;
    run(s, line);
    release(s);
    status = s->status;
    /* A lookup that never returns still uses its thread and libc's state. */
    if (s->resolver_hangs)
        _exit(status);
    mem_free(s);
    return status;
}

/* s_client only points to its help. */
static void tell_hosts(const struct command_line *line)
{
    struct err e = { .code = ERR_NONE };

    if (line->nhosts > 1
        && !err_set(&e, ERR_USAGE,
                    "a session has one target, and here are %zu: leave out "
                    "-interactive, or '%s'",
                    line->nhosts, line->hosts[1]))
        tell_ours(&e);
}

int interactive_run(const struct command_line *line, char *const words[],
                    size_t count, const struct err *e)
{
    const struct argv argv = { .words = words, .count = count };

    signal(SIGPIPE, SIG_IGN);
    if (line && read_words(&argv))
        return run_line(line, &argv);
    if (line)
        tell_hosts(line);
    else if (read_words(&argv))
        tell_refusal(&argv, NULL, e);
    else
        tell_ours(e);
    return 1;
}
