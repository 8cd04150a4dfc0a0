/* opened -- the stages of one attempt, one by one. */
#include "probe/opened.h"

#include "base/mem.h"
#include "probe_room.h"

#include <openssl/err.h>

enum { PATIENCE_MS = 60 * 1000 };

struct opened {
    struct opened_ask ask;
    struct probe probe;
    struct plan_settings settings; /* the plan's, with other limits */
    struct attempt attempt;
    struct dialog_notes notes;
};

static int64_t patience(const struct opened *o, enum option_id id, int64_t said)
{
    return options_has(&o->ask.target->words, id) ? said : PATIENCE_MS;
}

static void be_patient(struct opened *o)
{
    struct plan_settings *s = &o->settings;

    *s = *plan_settings(o->probe.plan);
    s->connect_ms = patience(o, OPT_connect_timeout, s->connect_ms);
    s->handshake_ms = patience(o, OPT_handshake_timeout, s->handshake_ms);
    if (!options_has(&o->ask.target->words, OPT_deadline))
        s->deadline_ms = -1;
    s->trace.queue = true;
}

static bool set_up(struct opened *o, struct err *e)
{
    struct probe *p = &o->probe;

    p->record = record_new();
    if (!p->record)
        return err_memory(e, "a connection");
    p->plan = plan_get(p->env->plans, &p->target->words, e);
    if (!p->plan)
        return false;
    be_patient(o);
    p->settings = &o->settings;
    p->deadline = deadline_in(o->settings.deadline_ms);
    o->attempt.sni = plan_sni(p->plan, p->target->host);
    return true;
}

struct opened *opened_new(const struct opened_ask *ask, struct err *e)
{
    struct opened *o = mem_new(1, sizeof(*o));

    e->stage = STAGE_CONFIG;
    if (!o) {
        err_memory(e, "a connection");
        return NULL;
    }
    o->ask = *ask;
    o->probe = (struct probe){ .env = ask->env,
                               .waiter = ask->waiter,
                               .target = ask->target };
    o->attempt = (struct attempt){ .probe = &o->probe,
                                   .fd = -1,
                                   .conn = { .fd = -1 },
                                   .opened = &o->ask,
                                   .notes = &o->notes };
    dialog_notes_init(&o->notes);
    if (set_up(o, e))
        return o;
    opened_free(o);
    return NULL;
}

void opened_free(struct opened *o)
{
    if (!o)
        return;
    opened_close(o);
    conn_release(&o->attempt.conn);
    dialog_notes_release(&o->notes);
    plan_put(o->probe.plan);
    record_free(o->probe.record);
    mem_free(o);
}

static deadline_ms budget(const struct opened *o, int64_t ms)
{
    return deadline_sooner(o->probe.deadline, deadline_in(ms));
}

bool opened_dial(struct opened *o, struct err *e)
{
    ERR_clear_error();
    o->attempt.connect_by = budget(o, o->settings.connect_ms);
    if (!dial(&o->attempt, e))
        return false;
    o->attempt.conn.fd = o->attempt.fd;
    return true;
}

bool opened_speak(struct opened *o, struct err *e)
{
    o->attempt.handshake_by = budget(o, o->settings.handshake_ms);
    return speak(&o->attempt, e);
}

bool opened_shake(struct opened *o, struct err *e)
{
    struct conn *c = &o->attempt.conn;

    if (!prepare_conn(&o->attempt, e) || !tls_handshake(c, e))
        return false;
    c->when = DEADLINE_NEVER;
    return true;
}

void opened_close(struct opened *o)
{
    net_close(o->attempt.fd);
    o->attempt.fd = -1;
    o->attempt.conn.fd = -1;
}

const struct plan_settings *opened_settings(const struct opened *o)
{
    return &o->settings;
}

const struct dialog_notes *opened_notes(const struct opened *o)
{
    return &o->notes;
}

struct conn *opened_conn(struct opened *o)
{
    return &o->attempt.conn;
}

bool opened_block(struct opened *o, struct buf *out, struct err *e)
{
    struct attempt *a = &o->attempt;
    struct inspect_ask ask;

    if (!a->conn.ssl && !prepare_conn(a, e))
        return false;
    ask = look_ask(a);
    inspect_block(&a->conn, &ask, out);
    return true;
}

void opened_brief(struct opened *o, struct buf *out)
{
    const struct inspect_ask ask = look_ask(&o->attempt);

    inspect_brief(&o->attempt.conn, &ask, out);
}
