/* probe -- the story of one target. */
#include "probe_room.h"

#include "base/mem.h"
#include "net/courtesy.h"

#include <openssl/err.h>
#include <string.h>

enum {
    BACK_OFF_MS = 250, /* before the second attempt; doubles from then on */
    BACK_OFF_MAX_MS = 4000,
    LINES_MAX = 1024 * 1024, /* bytes of a connection's own lines */
};

static bool is_time_out(enum err_code code)
{
    return err_row(code)->status == STATUS_TIMEOUT;
}

void judge_late(const struct probe_env *env, int64_t budget_ms, struct err *e)
{
    const int64_t late_us = atomic_load(&env->late_us);

    if (!is_time_out(e->code) || budget_ms <= 0
        || late_us / 1000 <= budget_ms / 4)
        return;
    err_clear(e);
    err_set(e, ERR_OVERLOAD, "our threads ran %lld ms late; use fewer -workers",
            (long long)(late_us / 1000));
}

/* A time-out says which clock ran out. */
static void judge_time_out(const struct probe *p, struct err *e)
{
    judge_late(p->env, p->settings->handshake_ms, e);
    if (is_time_out(e->code) && deadline_left(p->deadline) == 0) {
        err_clear(e);
        err_set(e, ERR_DEADLINE, "no result within the deadline of %.1f s",
                (double)p->settings->deadline_ms / 1000.0);
    }
}

deadline_ms stage_budget(const struct probe *p, int64_t ms)
{
    return deadline_sooner(p->deadline, deadline_in(ms));
}

bool open_session(struct attempt *a, struct err *e)
{
    a->handshake_by = stage_budget(a->probe, a->probe->settings->handshake_ms);
    return speak(a, e) && shake_hands(a, e) && converse(a, e);
}

static bool open_conn(struct attempt *a, struct err *e)
{
    a->connect_by = stage_budget(a->probe, a->probe->settings->connect_ms);
    return dial(a, e) && open_session(a, e);
}

static bool attempt_once(struct probe *p, struct probe_end *end, struct err *e)
{
    struct attempt a = { .probe = p, .fd = -1 };
    bool done;

    ERR_clear_error();
    mem_forget();
    buf_init(&a.err, LINES_MAX);
    buf_init(&a.out, LINES_MAX);
    buf_clear(&p->messages);
    a.sni = plan_sni(p->plan, p->target->host);
    done = open_conn(&a, e);
    judge_time_out(p, e);
    look(&a, done);
    if (done && p->settings->reconnect) {
        done = reconnect(&a, e);
        judge_time_out(p, e);
    }
    if (done)
        tls_shutdown(&a.conn);
    keep_lines(&a);
    keep_session(&a);
    SSL_SESSION_free(a.session);
    conn_release(&a.conn);
    buf_release(&a.err);
    buf_release(&a.out);
    net_close(a.fd);
    courtesy_leave(a.courtesy, &a.peer);
    ERR_clear_error();
    *end = (struct probe_end){ .held = a.full, .peer = a.peer };
    if (mem_refused() || p->record->incomplete) {
        err_clear(e);
        err_memory(e, "the findings were thrown away");
    }
    return !a.full;
}

/* Whether a reason may pass, there is time for another try, and the scan still
 * wants it.  Our own lack of memory is tried again without being asked. */
static bool try_again(const struct probe *p, unsigned attempts,
                      const struct err *e)
{
    unsigned allowed = p->settings->retries + 1;

    if (e->code == ERR_NO_MEMORY && allowed < 2)
        allowed = 2;
    return e->code != ERR_NONE && err_row(e->code)->may_pass
           && attempts < allowed && !atomic_load(&p->env->stop)
           && deadline_left(p->deadline) != 0;
}

static bool back_off(const struct probe *p, unsigned attempts)
{
    int64_t ms = BACK_OFF_MS;
    struct err e = { 0 };
    deadline_ms when;

    while (--attempts > 0 && ms < BACK_OFF_MAX_MS)
        ms *= 2;
    when = deadline_in(ms);
    return when < p->deadline && wait_until(p->waiter, when, &e);
}

/* Dates were compared with a clock that was wrong before or is wrong now. */
static void note_steps(const struct probe *p, unsigned steps_before)
{
    static const char note[] = "the clock of this machine was set meanwhile";

    if (atomic_load(&p->env->clock_steps) != steps_before)
        record_add(p->record, REC_warnings, note, sizeof(note) - 1);
}

static bool attempt_all(struct probe *p, struct probe_end *end, struct err *e)
{
    const unsigned steps = atomic_load(&p->env->clock_steps);
    const int64_t start = clock_now_us();
    unsigned attempts = 0;

    do {
        record_clear(p->record);
        identify_target(p->target, p->record);
        identify_plan(p);
        err_clear(e);
        e->stage = STAGE_RESOLVE;
        if (!attempt_once(p, end, e))
            return false;
        attempts++;
    } while (try_again(p, attempts, e) && back_off(p, attempts));
    record_since(p->record, REC_ms_total, start + 1000 * p->held_ms);
    record_number(p->record, REC_attempts, attempts);
    note_steps(p, steps);
    return true;
}

/* A record that lost a part on the way says at least what became of its
 * target, and nothing that it found. */
static void conclude(const struct target *t, struct record *r, struct err *e)
{
    record_outcome(r, e);
    judge_target(t, r);
    if (!r->incomplete)
        return;
    record_clear(r);
    err_clear(e);
    err_memory(e, "the findings were thrown away");
    identify_target(t, r);
    record_outcome(r, e);
    judge_target(t, r);
}

struct probe_end probe_run(const struct probe_env *env, struct waiter *w,
                           const struct target *t, struct record *r)
{
    struct probe p = { .env = env, .waiter = w, .target = t, .record = r };
    struct err e = { .stage = STAGE_CONFIG };
    struct probe_end end = { 0 };

    memcpy(p.wanted, env->wanted, sizeof(p.wanted));
    want_expected(t, p.wanted);
    identify_target(t, r);
    p.plan = plan_get(env->plans, &t->words, &e);
    if (p.plan) {
        p.settings = plan_settings(p.plan);
        p.deadline = deadline_in(p.settings->deadline_ms);
        buf_init(&p.messages, LINES_MAX);
        buf_init(&p.session, LINES_MAX);
        if (attempt_all(&p, &end, &e))
            write_files(&p, &e);
        else
            record_clear(r);
        buf_release(&p.messages);
        buf_wipe(&p.session);
        plan_put(p.plan);
    }
    if (!end.held)
        conclude(t, r, &e);
    return end;
}

void probe_skip(const struct target *t, const struct err *why, struct record *r)
{
    identify_target(t, r);
    record_outcome(r, why);
    judge_target(t, r);
}
