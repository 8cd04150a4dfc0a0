/* addresses -- a target whose every address is to be probed. */
#include "base/hostport.h"
#include "probe_room.h"

static bool wants_all(const struct target *t)
{
    return options_has(&t->words, OPT_all_addresses) && t->host && !t->address
           && !hostport_is_address(t->host);
}

static bool look_up(const struct probe_env *env, struct waiter *w,
                    const struct target *t, const struct plan_settings *s,
                    struct addresses *out)
{
    const struct resolve_ask ask = { .host = t->host,
                                     .port = t->port,
                                     .family = s->family,
                                     .socktype = s->socktype,
                                     .when = deadline_in(s->connect_ms) };
    struct err e = { 0 };

    /* Behind a proxy it is the proxy that looks names up. */
    return !s->proxy_host && resolve(env->resolver, w, &ask, out, &e);
}

bool probe_addresses(const struct probe_env *env, struct waiter *w,
                     const struct target *t, struct addresses *out)
{
    struct err e = { 0 };
    const struct plan *plan;
    bool found;

    *out = (struct addresses){ 0 };
    if (!wants_all(t))
        return false;
    plan = plan_get(env->plans, &t->words, &e);
    if (!plan)
        return false;
    found = look_up(env, w, t, plan_settings(plan), out);
    plan_put(plan);
    return found;
}
