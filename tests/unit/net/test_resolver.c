/* A resolver whose lookups are scripted by the name that is asked for:
 *   "stuck..."  does not come back before the gate is opened
 *   "pair..."   does not come back before two of its kind were asked for
 *   "gone..."   there is no such name
 *   "later..."  the name servers cannot tell now
 *   else        has the address 192.0.2.1
 */
#include "../../../src/net/resolver.h"
#include "../../support/gate.h"
#include "base/fault.h"
#include "base/mem.h"
#include "support.h"

#include <criterion/criterion.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned paired; /* lookups that wait for another one */
static bool joined; /* somebody waits for an answer */
static atomic_uint calls;

static void stand_in_pair(void)
{
    pthread_mutex_lock(&lock);
    paired++;
    pthread_cond_broadcast(&changed);
    while (paired < 2)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

static bool begins(const char *host, const char *with)
{
    return strncmp(host, with, strlen(with)) == 0;
}

static void scripted(void *arg, const char *host, int family,
                     struct answer *out)
{
    (void)arg;
    (void)family;
    *out = (struct answer){ 0 };
    calls++;
    if (begins(host, "stuck"))
        gate_stand();
    if (begins(host, "pair"))
        stand_in_pair();
    if (begins(host, "gone")) {
        err_set(&out->err, ERR_NAME_UNKNOWN, "no such name");
    } else if (begins(host, "later")) {
        err_set(&out->err, ERR_NAME_TEMPORARY, "not now");
    } else {
        out->found.list = mem_new(1, sizeof(struct address));
        out->found.list[0] = address_of("192.0.2.1", 0);
        out->found.count = 1;
    }
}

/* ---- asking ---- */

static struct resolver *resolver;
static struct waiter waiter;
static struct err err;
static struct addresses out;

static void start_with(unsigned threads, unsigned abandoned_max)
{
    struct resolver_config config = { .threads = threads,
                                      .ttl_ms = 60000,
                                      .abandoned_max = abandoned_max };

    resolver = resolver_new_with(&config, scripted, NULL, &err);
    cr_assert_not_null(resolver);
    waiter_thread_init(&waiter);
}

static bool ask_with(struct waiter *w, const char *host)
{
    struct resolve_ask ask = { .host = host,
                               .port = "443",
                               .socktype = SOCK_STREAM,
                               .when = DEADLINE_NEVER };

    err = (struct err){ 0 };
    addresses_release(&out);
    return resolve(resolver, w, &ask, &out, &err);
}

static bool ask(const char *host)
{
    return ask_with(&waiter, host);
}

static void finish(void)
{
    addresses_release(&out);
    cr_assert(resolver_free(resolver));
}

/* Times out as soon as n lookups stand at the gate. */
struct leaver {
    struct waiter waiter;
    unsigned n;
};

static bool leave(struct waiter *w, struct signal_flag *f, deadline_ms when,
                  struct err *e)
{
    (void)f;
    (void)when;
    gate_await(((struct leaver *)w)->n);
    return err_set(e, ERR_TIMED_OUT, "no answer in time");
}

static const struct waiter_ops leaver_ops = { .wait_flag = leave };

/* Asks, and goes away once n lookups are stuck. */
static void ask_and_leave(const char *host, unsigned n)
{
    struct leaver w = { .waiter.ops = &leaver_ops, .n = n };

    cr_assert_not(ask_with(&w.waiter, host));
    cr_assert_eq(err.code, ERR_NAME_TIMEOUT);
    cr_assert_eq(err.stage, STAGE_RESOLVE);
}

/* ---- tests ---- */

Test(resolver, gives_addresses_with_the_port_set)
{
    start_with(2, 2);
    cr_assert(ask("host.test"));
    cr_assert_eq(out.count, 1);
    cr_assert_eq(address_port(&out.list[0]), 443);
    finish();
}

Test(resolver, literals_need_no_thread)
{
    static const char *const hosts[] = { "192.0.2.9", "::1", "fe80::1%lo",
                                         NULL };

    start_with(1, 0);
    for (size_t i = 0; i < 4; i++) {
        cr_assert(ask(hosts[i]), "%s", err.msg);
        cr_assert_eq(address_port(&out.list[0]), 443);
    }
    cr_assert_eq(calls, 0);
    finish();
}

Test(resolver, a_bad_port_is_told_before_anything_is_looked_up)
{
    struct resolve_ask bad = { .host = "host.test",
                               .port = "no-such",
                               .when = DEADLINE_NEVER };

    start_with(1, 0);
    cr_assert_not(resolve(resolver, &waiter, &bad, &out, &err));
    cr_assert_eq(err.code, ERR_ADDRESS);
    cr_assert_eq(calls, 0);
    finish();
}

Test(resolver, an_answer_is_kept_also_for_other_ports)
{
    struct resolve_ask other = { .host = "HOST.test",
                                 .port = "25",
                                 .when = DEADLINE_NEVER };

    start_with(1, 0);
    cr_assert(ask("host.test"));
    addresses_release(&out);
    cr_assert(resolve(resolver, &waiter, &other, &out, &err));
    cr_assert_eq(address_port(&out.list[0]), 25);
    cr_assert_eq(calls, 1);
    finish();
}

Test(resolver, an_unknown_name_is_kept_and_a_temporary_failure_is_not)
{
    start_with(1, 0);
    for (int i = 0; i < 2; i++) {
        cr_assert_not(ask("gone.test"));
        cr_assert_eq(err.code, ERR_NAME_UNKNOWN);
        cr_assert_str_eq(err.msg, "no such name");
        cr_assert_not(ask("later.test"));
        cr_assert_eq(err.code, ERR_NAME_TEMPORARY);
    }
    cr_assert_eq(calls, 3);
    finish();
}

/* Opens the gate once two of its kind wait. */
static atomic_uint waiting;

static bool wait_as_second(struct waiter *w, struct signal_flag *f,
                           deadline_ms when, struct err *e)
{
    (void)w;
    if (++waiting == 2)
        gate_open();
    return wait_flag(&waiter, f, when, e);
}

static void *ask_stuck(void *arg)
{
    static const struct waiter_ops ops = { .wait_flag = wait_as_second };
    struct resolve_ask stuck = { .host = "stuck.test",
                                 .port = "1",
                                 .when = DEADLINE_NEVER };
    struct waiter w = { .ops = &ops };
    struct addresses mine;
    struct err e = { 0 };
    bool ok = resolve(resolver, &w, &stuck, &mine, &e);

    addresses_release(&mine);
    return ok ? arg : NULL;
}

Test(resolver, equal_questions_at_one_time_are_asked_once)
{
    pthread_t other;
    void *answered;

    start_with(4, 4);
    cr_assert_eq(pthread_create(&other, NULL, ask_stuck, resolver), 0);
    cr_assert_not_null(ask_stuck(resolver));
    pthread_join(other, &answered);
    cr_assert_not_null(answered);
    cr_assert_eq(calls, 1);
    finish();
}

Test(resolver, a_lookup_that_hangs_is_left_at_the_deadline)
{
    start_with(1, 1);
    ask_and_leave("stuck.test", 1);
    cr_assert_str_eq(err.msg, "'stuck.test' was not resolved in time");
    gate_open();
    cr_assert(ask("stuck.test"));
    finish();
}

Test(resolver, a_late_answer_is_kept)
{
    start_with(1, 1);
    ask_and_leave("stuck.test", 1);
    gate_open();
    cr_assert(ask("stuck.test"));
    cr_assert_eq(calls, 1);
    finish();
}

Test(resolver, a_lookup_that_was_not_begun_says_so_and_is_taken_back)
{
    pthread_t other;

    start_with(1, 0);
    cr_assert_eq(pthread_create(&other, NULL, ask_stuck, NULL), 0);
    gate_await(1);
    ask_and_leave("host.test", 1);
    cr_assert_not_null(strstr(err.msg, "all resolver threads were busy"), "%s",
                       err.msg);
    gate_open();
    pthread_join(other, NULL);
    cr_assert_eq(calls, 1);
    finish();
}

Test(resolver, a_stuck_thread_is_replaced)
{
    start_with(1, 2);
    ask_and_leave("stuck1", 1);
    cr_assert(ask("host1.test"));
    ask_and_leave("stuck2", 2);
    cr_assert(ask("host2.test"));
    gate_open();
    cr_assert(ask("stuck1"));
    cr_assert(ask("stuck2"));
    finish();
}

static bool tell_and_wait(struct waiter *w, struct signal_flag *f,
                          deadline_ms when, struct err *e)
{
    (void)w;
    pthread_mutex_lock(&lock);
    joined = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return wait_flag(&waiter, f, when, e);
}

static void *ask_for(void *host)
{
    static const struct waiter_ops ops = { .wait_flag = tell_and_wait };
    struct resolve_ask one = { .host = host, .when = DEADLINE_NEVER };
    struct waiter w = { .ops = &ops };
    struct addresses mine;
    struct err e = { 0 };
    bool ok = resolve(resolver, &w, &one, &mine, &e);

    addresses_release(&mine);
    return ok ? host : NULL;
}

static void join(pthread_t thread)
{
    void *answered;

    pthread_join(thread, &answered);
    cr_assert_not_null(answered);
}

/* Two threads beside the one that is stuck, and both idle. */
static void ask_for_a_pair(void)
{
    char pair[] = "pair1";
    pthread_t other;

    cr_assert_eq(pthread_create(&other, NULL, ask_for, pair), 0);
    cr_assert(ask("pair2"));
    join(other);
}

/* Somebody waits again for a lookup that was taken for stuck: now there is one
 * thread too many, and the next lookup may wake the one that has to go. */
Test(resolver, a_thread_too_many_leaves_its_lookup_to_another)
{
    struct resolve_ask next = { .host = "host.test" };
    char stuck[] = "stuck1";
    pthread_t other;

    start_with(2, 2);
    ask_and_leave("stuck1", 1);
    ask_for_a_pair();
    joined = false;
    cr_assert_eq(pthread_create(&other, NULL, ask_for, stuck), 0);
    pthread_mutex_lock(&lock);
    while (!joined)
        pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    addresses_release(&out);
    err = (struct err){ 0 };
    next.when = deadline_in(30000);
    cr_assert(resolve(resolver, &waiter, &next, &out, &err), "%s", err.msg);
    gate_open();
    join(other);
    finish();
}

Test(resolver, too_many_stuck_lookups_make_the_next_fail_quickly)
{
    start_with(2, 1);
    ask_and_leave("stuck1", 1);
    ask_and_leave("stuck2", 2);
    cr_assert_not(ask("host.test"));
    cr_assert_eq(err.code, ERR_NAME_TIMEOUT);
    cr_assert_not_null(strstr(err.msg, "the resolver is stuck"), "%s", err.msg);
    cr_assert(ask("127.0.0.1"));
    gate_open();
    cr_assert(ask("stuck1"));
    cr_assert(ask("stuck2"));
    cr_assert(ask("host.test"));
    finish();
}

Test(resolver, what_hangs_is_left_behind_in_the_end)
{
    start_with(2, 2);
    cr_assert(ask("host.test"));
    ask_and_leave("stuck", 1);
    addresses_release(&out);
    cr_assert_not(resolver_free(resolver));
}

Test(resolver, without_questions_there_is_nothing_to_end)
{
    start_with(8, 8);
    finish();
    cr_assert(resolver_free(NULL));
}

Test(resolver, our_own_faults_are_no_answer)
{
    long nth = 0;

    fault_arm(1);
    cr_assert_null(
        resolver_new(&(struct resolver_config){ .threads = 1 }, &err));
    cr_assert_eq(err.code, ERR_NO_MEMORY);
    start_with(1, 0);
    for (;;) {
        fault_arm(++nth);
        if (ask("host.test"))
            break;
        cr_assert_eq(err_row(err.code)->status, STATUS_INTERNAL, "%s", err.msg);
        cr_assert_null(out.list);
    }
    cr_assert_geq(nth, 4);
    fault_arm(1);
    cr_assert_not(ask("host.test"));
    cr_assert_eq(err.code, ERR_NO_MEMORY);
    fault_arm(-1);
    finish();
}

/* ---- many names at once ---- */

enum { ASKERS = 16, NAMES = 2000 };

static const char *const kinds[] = { "host", "gone", "later", "stuck" };
static const enum err_code codes[] = { ERR_NONE, ERR_NAME_UNKNOWN,
                                       ERR_NAME_TEMPORARY, ERR_NAME_TIMEOUT };
static atomic_uint next_name, wrong, silent;

static void ask_name(struct waiter *w, unsigned n)
{
    char host[32];
    struct resolve_ask one = { .host = host, .port = "443" };
    struct addresses mine;
    struct err e = { 0 };
    /* one in a hundred names is silent, the others answer */
    unsigned kind = n % 100 == 99 ? 3 : n % 3;

    snprintf(host, sizeof(host), "%s%u.test", kinds[kind], n);
    one.when = kind == 3 ? deadline_in(20) : DEADLINE_NEVER;
    bool ok = resolve(resolver, w, &one, &mine, &e);

    wrong += e.code != codes[kind] || ok != (e.code == ERR_NONE);
    silent += kind == 3;
    addresses_release(&mine);
}

static void *ask_names(void *arg)
{
    struct waiter w;
    unsigned n;

    waiter_thread_init(&w);
    while ((n = next_name++) < NAMES)
        ask_name(&w, n);
    return arg;
}

Test(resolver, two_thousand_names_end_with_the_right_codes)
{
    pthread_t askers[ASKERS];

    start_with(8, 64);
    for (size_t i = 0; i < ASKERS; i++)
        cr_assert_eq(pthread_create(&askers[i], NULL, ask_names, NULL), 0);
    for (size_t i = 0; i < ASKERS; i++)
        pthread_join(askers[i], NULL);
    cr_assert_eq(wrong, 0);
    cr_assert_eq(silent, 20);
    cr_assert_not(resolver_free(resolver));
}
