/* dial -- from a target to a connected socket. */
#include "probe_room.h"

#include "net/courtesy.h"

#include <stdio.h>

/* Where to connect: through a proxy the proxy, else the address that was given
 * for the name, else the name. */
static void choose(const struct attempt *a, struct resolve_ask *ask)
{
    const struct plan_settings *s = a->probe->settings;
    const struct target *t = a->probe->target;

    ask->family = s->family;
    ask->socktype = s->socktype;
    ask->when = a->connect_by;
    if (s->proxy_host) {
        ask->host = s->proxy_host;
        ask->port = s->proxy_port ? s->proxy_port : t->port;
    } else {
        ask->host = t->address ? t->address : t->host;
        ask->port = t->port;
    }
}

/* What is wrong with the way to the proxy is not said of the target. */
static bool proxy_reason(const struct attempt *a, struct err *e)
{
    const struct err why = *e;
    const bool ours = err_row(why.code)->status == STATUS_INTERNAL;

    if (!a->probe->settings->proxy_host || ours)
        return false;
    *e = (struct err){ .stage = why.stage, .sys = why.sys };
    return err_set(e, why.code == ERR_ADDRESS ? ERR_USAGE : why.code,
                   "the proxy: %s", why.msg);
}

static bool find(const struct attempt *a, struct addresses *out, struct err *e)
{
    const struct probe *p = a->probe;
    const int64_t start = clock_now_us();
    struct resolve_ask ask = { 0 };
    bool found;

    e->stage = STAGE_RESOLVE;
    choose(a, &ask);
    found = resolve(p->env->resolver, p->waiter, &ask, out, e);
    record_since(p->record, REC_ms_resolve, start);
    return found || proxy_reason(a, e);
}

/* That an address of ours is not found is no fault of the target. */
static bool bind_reason(struct err *e)
{
    const struct err why = *e;

    if (err_row(why.code)->status != STATUS_FAILED && why.code != ERR_ADDRESS)
        return false;
    *e = (struct err){ .stage = why.stage, .sys = why.sys };
    return err_set(e, ERR_BIND_FAILED, "the address to connect from: %s",
                   why.msg);
}

static bool find_bind(const struct attempt *a, struct addresses *out,
                      struct err *e)
{
    const struct plan_settings *s = a->probe->settings;
    const struct resolve_ask ask = { .host = s->bind_host,
                                     .port = s->bind_port,
                                     .family = s->family,
                                     .socktype = s->socktype,
                                     .when = a->connect_by };

    if (!s->bind_host && !s->bind_port)
        return true;
    return resolve(a->probe->env->resolver, a->probe->waiter, &ask, out, e)
           || bind_reason(e);
}

static void note_ends(const struct attempt *a, const struct address *to)
{
    struct record *r = a->probe->record;
    char text[ADDRESS_TEXT_MAX + 8];

    if (!a->probe->settings->proxy_host) {
        address_print(to, text);
        record_text(r, REC_address, text);
        if (address_port(to) != 0)
            record_number(r, REC_port, address_port(to));
    }
    net_local_name(a->fd, text, sizeof(text));
    record_text(r, REC_source_address, text);
}

/* With several addresses, what each of the others said is worth knowing. */
static void note_tried(void *arg, const struct address *to, const struct err *e)
{
    struct attempt *a = arg;
    char where[ADDRESS_TEXT_MAX], text[ADDRESS_TEXT_MAX + ERR_MSG_MAX + 8];
    int n;

    if (a->opened) {
        a->opened->tried(a->opened->tried_arg, e);
        return;
    }
    address_print(to, where);
    n = snprintf(text, sizeof(text), "%s: %s", where, e->msg);
    if (n > 0)
        record_add(a->probe->record, REC_warnings, text, (size_t)n);
}

/* A proxy is ours and may be knocked at as often as we like; and a further
 * connection of the target has the place of the one before. */
static void be_courteous(struct attempt *a, struct connect_ask *ask,
                         struct connect_held *held)
{
    ask->held = held;
    if (!a->probe->settings->proxy_host && !a->courtesy)
        ask->courtesy = a->probe->env->courtesy;
}

/* What we made the target wait is not its time. */
static void give_back(struct attempt *a, const struct connect_held *held)
{
    a->probe->held_ms += held->paced_ms;
    if (a->probe->deadline != DEADLINE_NEVER)
        a->probe->deadline += held->paced_ms;
}

static bool connect_to(struct attempt *a, const struct addresses *to,
                       const struct addresses *bind, struct err *e)
{
    const struct probe *p = a->probe;
    const int64_t start = clock_now_us();
    struct connect_held held = { 0 };
    struct connect_ask ask = {
        .to = to,
        .bind = bind->count > 0 ? bind : NULL,
        .socktype = p->settings->socktype,
        .fast_open = p->settings->fast_open,
        .when = a->connect_by,
        .tried = to->count > 1 || a->opened ? note_tried : NULL,
        .tried_arg = a,
    };
    size_t which = 0;
    bool done;

    e->stage = STAGE_CONNECT;
    be_courteous(a, &ask, &held);
    if (to->count == 1 && !p->settings->proxy_host)
        note_ends(a, &to->list[0]);
    done = net_connect(p->waiter, &ask, &a->fd, &which, e);
    give_back(a, &held);
    if (to->count > 0)
        a->peer = to->list[which];
    a->full = held.full;
    if (!done)
        return e->code != ERR_BIND_FAILED && proxy_reason(a, e);
    if (ask.courtesy)
        a->courtesy = ask.courtesy;
    record_number(p->record, REC_ms_connect,
                  clock_now_us() - start - 1000 * held.paced_ms);
    note_ends(a, &a->peer);
    return true;
}

bool dial(struct attempt *a, struct err *e)
{
    struct addresses to = { 0 }, bind = { 0 };
    struct address local;
    bool done = false;

    if (a->probe->target->path) {
        const struct addresses one = { .list = &local, .count = 1 };

        e->stage = STAGE_CONNECT;
        done = address_unix(&local, a->probe->target->path, e)
               && connect_to(a, &one, &bind, e);
    } else {
        done = find(a, &to, e) && find_bind(a, &bind, e)
               && connect_to(a, &to, &bind, e);
    }
    addresses_release(&to);
    addresses_release(&bind);
    return done;
}

/* A further connection is a new one to whoever counts them by the second. */
static bool take_turn(struct attempt *a, struct err *e)
{
    const int64_t began = clock_now_ms();
    struct connect_held held = { 0 };

    if (!a->courtesy)
        return true;
    if (!courtesy_pace(a->courtesy, a->probe->waiter, e))
        return false;
    held.paced_ms = clock_now_ms() - began;
    a->connect_by += a->connect_by != DEADLINE_NEVER ? held.paced_ms : 0;
    give_back(a, &held);
    return true;
}

bool dial_again(struct attempt *a, struct err *e)
{
    struct address same = a->peer;
    const struct addresses to = { .list = &same, .count = 1 };
    struct addresses bind = { 0 };
    bool done;

    e->stage = STAGE_CONNECT;
    done = take_turn(a, e) && find_bind(a, &bind, e)
           && connect_to(a, &to, &bind, e);
    addresses_release(&bind);
    return done;
}
