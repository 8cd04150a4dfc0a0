/* opened -- the stages of one attempt, one by one. */
#include "probe/opened.h"

#include "base/mem.h"
#include "probe_room.h"

#include <openssl/err.h>

enum {
    PATIENCE_MS = 60 * 1000,
    SESSION_MAX = 256 * 1024, /* bytes of a session as PEM */
};

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
    SSL_SESSION_free(o->attempt.session);
    dialog_notes_release(&o->notes);
    plan_put(o->probe.plan);
    record_free(o->probe.record);
    mem_free(o);
}

bool opened_dial(struct opened *o, struct err *e)
{
    struct attempt *a = &o->attempt;

    ERR_clear_error();
    a->connect_by = stage_budget(&o->probe, o->settings.connect_ms);
    if (!(a->again ? dial_again(a, e) : dial(a, e)))
        return false;
    o->attempt.conn.fd = o->attempt.fd;
    return true;
}

bool opened_speak(struct opened *o, struct err *e)
{
    o->attempt.handshake_by = stage_budget(&o->probe, o->settings.handshake_ms);
    return speak(&o->attempt, e);
}

bool opened_shake(struct opened *o, struct err *e)
{
    struct conn *c = &o->attempt.conn;
    const int64_t start = clock_now_us();

    if (!prepare_conn(&o->attempt, e) || !tls_handshake(c, e))
        return false;
    o->attempt.shaken_us = clock_now_us() - start;
    c->when = DEADLINE_NEVER;
    return check_revocation(&o->attempt, e);
}

/* The newest session becomes the one to offer. */
static void remember(struct attempt *a)
{
    SSL_SESSION *newest = tls_copy_session(&a->conn);

    if (!newest)
        return;
    SSL_SESSION_free(a->session);
    a->session = newest;
}

bool opened_await(struct opened *o, struct err *e)
{
    return tls_await_ticket(&o->attempt.conn, grace_ms(&o->attempt), e);
}

bool opened_drop(struct opened *o, struct err *e)
{
    struct attempt *a = &o->attempt;

    if (!opened_await(o, e))
        return false;
    remember(a);
    tls_shutdown(&a->conn);
    conn_release(&a->conn);
    opened_close(o);
    a->again = true;
    return true;
}

bool opened_save(struct opened *o, struct err *e)
{
    struct buf text;
    bool saved;

    if (!options_has(&o->ask.target->words, OPT_sess_out))
        return true;
    remember(&o->attempt);
    if (!o->attempt.session)
        return true;
    buf_init(&text, SESSION_MAX);
    tls_print_session(&text, o->attempt.session);
    saved = outfile_write(&o->probe, OPT_sess_out, &text, e);
    buf_wipe(&text);
    return saved;
}

void opened_close(struct opened *o)
{
    net_close(o->attempt.fd);
    o->attempt.fd = -1;
    o->attempt.conn.fd = -1;
}

const struct address *opened_peer(const struct opened *o)
{
    return &o->attempt.peer;
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
    ask.again = a->again;
    inspect_block(&a->conn, &ask, out);
    return true;
}

void opened_brief(struct opened *o, struct buf *out)
{
    const struct inspect_ask ask = look_ask(&o->attempt);

    inspect_brief(&o->attempt.conn, &ask, out);
}

void opened_ticket(struct opened *o, struct buf *out)
{
    const struct inspect_ask ask = look_ask(&o->attempt);

    inspect_ticket(&o->attempt.conn, &ask, out);
}
