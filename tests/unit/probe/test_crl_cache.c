/* A network that is scripted by what is asked for:
 *   "stuck..."  does not answer before the gate is opened
 *   "gone..."   there is nothing
 *   "silent..." does not answer in time
 *   "broken..." we could not ask
 *   else        a list, of as many bytes as "size" says
 */
#include "../../../src/probe/crl.h"
#include "../../support/gate.h"

#include "base/fault.h"

#include <criterion/criterion.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static atomic_uint calls;
static size_t size;

static bool begins(const char *url, const char *with)
{
    return strncmp(url, with, strlen(with)) == 0;
}

static bool scripted(const struct crl_ask *ask, struct crl *out, struct err *e)
{
    calls++;
    if (begins(ask->url, "stuck"))
        gate_stand();
    if (strstr(ask->url, "gone"))
        return err_set(e, ERR_FETCH, "there is nothing");
    if (strstr(ask->url, "silent"))
        return err_set(e, ERR_TIMED_OUT, "no answer");
    if (strstr(ask->url, "broken"))
        return err_set(e, ERR_NO_DESCRIPTORS, "no descriptors");
    *out = (struct crl){ .crl = X509_CRL_new(), .size = size };
    return true;
}

static struct crl_cache *cache;
static struct waiter waiter;
static struct err err;

static void set_up(void)
{
    size = 100;
    cache = crl_cache_new_with(scripted);
    cr_assert(cache);
    waiter_thread_init(&waiter);
}

static void tear_down(void)
{
    crl_cache_free(cache);
}

TestSuite(crl_cache, .init = set_up, .fini = tear_down);

static bool ask_with(struct crl_ask ask)
{
    struct crl list;
    bool found;

    err = (struct err){ 0 };
    ask.waiter = &waiter;
    found = crl_cache_get(cache, &ask, &list, &err);
    cr_expect_eq(found, list.crl != NULL);
    cr_expect_eq(found, err.code == ERR_NONE);
    if (found)
        cr_expect_eq(list.size, size);
    crl_release(&list);
    return found;
}

static bool ask_by(const char *url, deadline_ms when)
{
    return ask_with((struct crl_ask){ .url = url, .when = when });
}

static bool ask(const char *url)
{
    return ask_by(url, DEADLINE_NEVER);
}

/* ---- one after the other ---- */

Test(crl_cache, are_asked_for_once)
{
    cr_expect(ask("a"));
    cr_expect(ask("b"));
    cr_expect(ask("a"));
    cr_expect_eq(calls, 2);
}

Test(crl_cache, that_are_not_there_are_not_asked_for_again)
{
    for (int i = 0; i < 2; i++) {
        cr_expect_not(ask("gone"));
        cr_expect_eq(err.code, ERR_FETCH);
        cr_expect_str_eq(err.msg, "there is nothing");
    }
    cr_expect_eq(calls, 1);
}

Test(crl_cache, that_do_not_come_are_not_asked_for_again_after_a_fair_time)
{
    cr_expect_not(ask_by("silent", deadline_in(0)));
    cr_expect_not(ask_by("silent", deadline_in(0)));
    cr_expect_eq(calls, 2);
    cr_expect_not(ask_by("silent", deadline_in(3600 * 1000)));
    cr_expect_eq(calls, 3);
    cr_expect_not(ask_by("silent", deadline_in(3600 * 1000)));
    cr_expect_eq(err.code, ERR_TIMED_OUT);
    cr_expect_eq(calls, 3);
}

Test(crl_cache, are_asked_for_again_after_a_fault_of_ours)
{
    cr_expect_not(ask("broken"));
    cr_expect_eq(err.code, ERR_NO_DESCRIPTORS);
    cr_expect_not(ask("broken"));
    cr_expect_eq(calls, 2);
}

Test(crl_cache, are_kept_apart_by_who_may_ask_where_and_verifies_with_what)
{
    OSSL_LIB_CTX *library = OSSL_LIB_CTX_new();

    cr_expect(ask("a"));
    cr_expect(ask_with((struct crl_ask){
        .url = "a", .when = DEADLINE_NEVER, .near = REACH_PRIVATE }));
    cr_expect(ask_with((struct crl_ask){
        .url = "a", .when = DEADLINE_NEVER, .anywhere = true }));
    cr_expect(ask_with((struct crl_ask){
        .url = "a", .when = DEADLINE_NEVER, .library = library }));
    cr_expect(ask_with((struct crl_ask){
        .url = "a", .when = DEADLINE_NEVER, .propq = "x=y" }));
    cr_expect_eq(calls, 5);
    cr_expect(ask("a"));
    cr_expect_eq(calls, 5);
    OSSL_LIB_CTX_free(library);
}

Test(crl_cache, are_kept_up_to_a_number_of_bytes)
{
    size = 24 * 1024 * 1024;
    cr_expect(ask("a"));
    cr_expect(ask("b"));
    cr_expect(ask("a"));
    cr_expect_eq(calls, 2);
    cr_expect(ask("c"));
    cr_expect(ask("b"));
    cr_expect_eq(calls, 3);
    cr_expect(ask("a"));
    cr_expect_eq(calls, 4);
}

Test(crl_cache, are_kept_up_to_a_number)
{
    char url[16];

    for (int i = 0; i < 1025; i++) {
        snprintf(url, sizeof(url), "gone%d", i);
        cr_expect_not(ask(url));
    }
    cr_expect_eq(calls, 1025);
    cr_expect_not(ask("gone1024"));
    cr_expect_eq(calls, 1025);
    cr_expect_not(ask("gone0"));
    cr_expect_eq(calls, 1026);
}

Test(crl_cache, without_memory_are_a_fault_of_ours)
{
    long n = 0;

    do {
        crl_cache_free(cache);
        cache = crl_cache_new_with(scripted);
        fault_arm(++n);
        if (!ask("a"))
            cr_expect_eq(err.code, ERR_NO_MEMORY, "%ld: %s", n, err.msg);
    } while (fault_seen() >= n);
    fault_arm(0);
    cr_expect_gt(n, 3);
    cr_expect(ask("a"));
}

/* ---- at the same time ---- */

struct asker {
    pthread_t thread;
    struct waiter waiter;
    const char *url;
    struct err e;
    bool found;
};

static void *ask_too(void *arg)
{
    struct asker *a = arg;
    const struct crl_ask what = { .url = a->url,
                                  .waiter = &a->waiter,
                                  .when = DEADLINE_NEVER };
    struct crl list;

    waiter_thread_init(&a->waiter);
    a->found = crl_cache_get(cache, &what, &list, &a->e);
    crl_release(&list);
    return NULL;
}

enum { ASKERS = 8 };

/* They all ask while the first still waits for an answer; or nearly all. */
static void ask_together(struct asker askers[ASKERS], const char *url)
{
    for (size_t i = 0; i < ASKERS; i++) {
        askers[i].url = url;
        cr_assert_eq(
            pthread_create(&askers[i].thread, NULL, ask_too, &askers[i]), 0);
    }
    gate_await(1);
    gate_open();
    for (size_t i = 0; i < ASKERS; i++)
        pthread_join(askers[i].thread, NULL);
}

Test(crl_cache, wanted_by_many_are_asked_for_by_one)
{
    struct asker askers[ASKERS] = { 0 };

    ask_together(askers, "stuck");
    for (size_t i = 0; i < ASKERS; i++)
        cr_expect(askers[i].found, "%s", askers[i].e.msg);
    cr_expect_eq(calls, 1);
}

Test(crl_cache, wanted_by_many_that_are_not_there_are_told_to_all)
{
    struct asker askers[ASKERS] = { 0 };

    ask_together(askers, "stuck and gone");
    for (size_t i = 0; i < ASKERS; i++)
        cr_expect_eq(askers[i].e.code, ERR_FETCH, "%s", askers[i].e.msg);
    cr_expect_eq(calls, 1);
}

Test(crl_cache, of_a_fault_of_ours_each_has_its_own)
{
    struct asker askers[ASKERS] = { 0 };

    ask_together(askers, "stuck and broken");
    for (size_t i = 0; i < ASKERS; i++)
        cr_expect_eq(askers[i].e.code, ERR_NO_DESCRIPTORS);
    cr_expect_eq(calls, ASKERS);
}

Test(crl_cache, are_waited_for_up_to_the_own_deadline)
{
    struct asker first = { .url = "stuck" };

    cr_assert_eq(pthread_create(&first.thread, NULL, ask_too, &first), 0);
    gate_await(1);
    cr_expect_not(ask_by("stuck", deadline_in(0)));
    cr_expect_eq(err.code, ERR_TIMED_OUT);
    gate_open();
    pthread_join(first.thread, NULL);
    cr_expect(first.found);
    cr_expect(ask_by("stuck", deadline_in(0)));
    cr_expect_eq(calls, 1);
}
