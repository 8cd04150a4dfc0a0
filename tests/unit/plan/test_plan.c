#include "../../../src/plan/plan_room.h"
#include "say.h"

#include "base/fault.h"
#include "base/mem.h"

#include <criterion/criterion.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NO_TRUST "-no-CAfile", "-no-CApath", "-no-CAstore"

/* ---- sharing ---- */

Test(plan, equal_words_share_one_plan)
{
    struct plan_cache *cache = new_cache();
    const struct plan *a = get_plan(cache, WORDS(NO_TRUST, "-alpn", "h2"));
    const struct plan *b = get_plan(cache, WORDS(NO_TRUST, "-alpn", "h2"));

    cr_assert(a == b);
    plan_put(a);
    plan_put(b);
    plan_cache_free(cache);
}

Test(plan, words_that_bite_elsewhere_share_one_context)
{
    struct plan_cache *cache = new_cache();
    const struct plan *a = get_plan(cache, WORDS(NO_TRUST, "-servername", "a"));
    const struct plan *b = get_plan(cache, WORDS(NO_TRUST, "-retries", "7"));

    cr_assert(a != b);
    cr_assert(ctx_of(a) == ctx_of(b));
    plan_put(a);
    plan_put(b);
    plan_cache_free(cache);
}

Test(plan, different_context_words_share_the_trust_store_only)
{
    struct plan_cache *cache = new_cache();
    const struct plan *a = get_plan(cache, WORDS(NO_TRUST, "-alpn", "h2"));
    const struct plan *b = get_plan(cache, WORDS(NO_TRUST, "-alpn", "h3"));
    const struct plan *c = get_plan(cache, WORDS("-no-CAfile", "-no-CApath"));

    cr_assert(ctx_of(a) != ctx_of(b));
    cr_assert(plan_store(a) == plan_store(b));
    cr_assert(plan_store(a) != plan_store(c));
    plan_put(a);
    plan_put(b);
    plan_put(c);
    plan_cache_free(cache);
}

static uint64_t compression(struct plan_cache *cache, const struct words *words)
{
    const struct plan *p = get_plan(cache, words);
    uint64_t options = SSL_CTX_get_options(ctx_of(p)) & SSL_OP_NO_COMPRESSION;

    plan_put(p);
    return options;
}

Test(plan, the_order_of_ssl_conf_words_counts)
{
    struct plan_cache *cache = new_cache();

    cr_assert(compression(cache, WORDS(NO_TRUST, "-comp", "-no_comp")));
    cr_assert_not(compression(cache, WORDS(NO_TRUST, "-no_comp", "-comp")));
    plan_cache_free(cache);
}

Test(plan, a_version_flag_comes_after_the_limits_wherever_it_stands)
{
    struct plan_cache *cache = new_cache();
    const struct plan *p =
        get_plan(cache, WORDS(NO_TRUST, "-tls1_2", "-min_protocol", "TLSv1.3"));

    cr_assert_eq(SSL_CTX_get_min_proto_version(ctx_of(p)), TLS1_2_VERSION);
    plan_put(p);
    plan_cache_free(cache);
}

/* ---- what every context has ---- */

Test(plan, a_context_is_fit_for_sharing)
{
    struct plan_cache *cache = new_cache();
    const struct plan *p = get_plan(cache, WORDS(NO_TRUST));
    SSL_CTX *ctx = ctx_of(p);

    cr_assert_not(SSL_CTX_get_mode(ctx) & SSL_MODE_AUTO_RETRY);
    cr_assert(SSL_CTX_get_mode(ctx) & SSL_MODE_RELEASE_BUFFERS);
    cr_assert_eq(SSL_CTX_get_session_cache_mode(ctx), SSL_SESS_CACHE_OFF);
    cr_assert(SSL_CTX_get_verify_callback(ctx) == tls_verify_callback);
    cr_assert_eq(SSL_CTX_get_verify_mode(ctx), SSL_VERIFY_NONE);
    plan_put(p);
    plan_cache_free(cache);
}

Test(plan, the_defaults_are_those_of_the_manual)
{
    struct plan_cache *cache = new_cache();
    const struct plan *p = get_plan(cache, WORDS(NO_TRUST));
    const struct plan_settings *s = plan_settings(p);

    cr_assert_eq(s->deadline_ms, 30000);
    cr_assert_eq(s->connect_ms, 10000);
    cr_assert_eq(s->handshake_ms, 10000);
    cr_assert_eq(s->retries, 1);
    cr_assert_eq(s->family, AF_UNSPEC);
    cr_assert_eq(s->socktype, SOCK_STREAM);
    cr_assert_eq(s->verify.depth, -1);
    cr_assert_not(s->verify.return_error || s->verify.quiet);
    cr_assert(s->verify.nameopt);
    cr_assert(!s->bind_host && !s->unix_path && !s->proxy_host && !s->starttls
              && !s->servername);
    plan_put(p);
    plan_cache_free(cache);
}

Test(plan, contexts_that_log_to_one_path_share_one_log)
{
    struct plan_cache *cache = new_cache();
    char dir[] = "/tmp/tlsfleet-unit-XXXXXX", path[64];
    const struct plan *a, *b;

    cr_assert_not_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/keys", dir);
    a = get_plan(cache, WORDS(NO_TRUST, "-keylogfile", path, "-alpn", "h2"));
    b = get_plan(cache, WORDS(NO_TRUST, "-keylogfile", path, "-alpn", "h3"));
    cr_assert(ctx_of(a) != ctx_of(b));
    cr_assert_eq(cache_count(cache->keylogs), 1);
    plan_put(a);
    plan_put(b);
    plan_cache_free(cache);
    unlink(path);
    rmdir(dir);
}

/* ---- failures ---- */

Test(plan, a_failure_is_told_again_without_looking_again)
{
    struct plan_cache *cache = new_cache();
    const struct words *words =
        WORDS(NO_TRUST, "-CAfile", "/nonexistent/root.pem");
    struct err first = get_refusal(cache, words);
    size_t trusts = cache_count(cache->trusts);
    struct err again = get_refusal(cache, words);

    cr_assert_eq(first.code, ERR_FILE);
    cr_assert_str_eq(first.msg, again.msg);
    cr_assert_eq(trusts, 1);
    cr_assert_eq(cache_count(cache->plans), 1);
    plan_cache_free(cache);
}

Test(plan, words_that_leave_nothing_to_offer_are_a_fault_of_configuration)
{
    struct plan_cache *cache = new_cache();
    struct err e = get_refusal(cache, WORDS(NO_TRUST, "-no_tls1", "-no_tls1_1",
                                            "-no_tls1_2", "-no_tls1_3"));

    cr_assert_eq(e.code, ERR_NO_CIPHERS);
    plan_cache_free(cache);
}

Test(plan, s_client_leaves_them_to_the_handshake)
{
    const struct words rows[] = {
        { { NO_TRUST, "-no_tls1", "-no_tls1_1", "-no_tls1_2", "-no_tls1_3" } },
        { { NO_TRUST, "-dtls", "-mtu", "10" } },
    };
    const struct plan_cache_config config = { .as_s_client = true };
    struct err e = { 0 };
    struct plan_cache *cache = plan_cache_new(&config, &e);

    cr_assert_not_null(cache, "%s", e.msg);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct plan *p = get_plan(cache, &rows[i]);
        SSL *ssl = plan_ssl(p, "a.b", &e);

        cr_expect_not_null(ssl, "%s", e.msg);
        SSL_free(ssl);
        plan_put(p);
    }
    plan_cache_free(cache);
}

Test(plan, the_first_thing_that_memory_fails_for_is_told_and_not_kept)
{
    struct plan_cache *cache = new_cache();
    struct option_set set = say(WORDS(NO_TRUST, "-alpn", "h2", "-bind", "h:1",
                                      "-xcert", "/nonexistent"));
    struct err e = { 0 };
    long faults;

    fault_arm(0);
    cr_assert_null(plan_get(cache, &set, &e));
    faults = fault_seen();
    plan_cache_free(cache);
    cr_assert_gt(faults, 5);
    for (long nth = 1; nth <= faults; nth++) {
        fault_arm(-1);
        cache = new_cache();
        e = (struct err){ 0 };
        fault_arm(nth);
        cr_assert_null(plan_get(cache, &set, &e));
        fault_arm(-1);
        cr_assert_eq(e.code, ERR_NO_MEMORY, "fault %ld: %s", nth, e.msg);
        cr_assert_eq(cache_count(cache->plans), 0);
        plan_cache_free(cache);
    }
    options_release(&set);
}

/* ---- bounds and threads ---- */

static const struct plan *numbered(struct plan_cache *cache, unsigned n)
{
    char name[32];

    snprintf(name, sizeof(name), "h%u.example", n);
    return get_plan(cache, WORDS(NO_TRUST, "-verify_hostname", name));
}

Test(plan, the_caches_are_bounded)
{
    struct err e = { 0 };
    struct plan_cache *cache = plan_cache_new(
        &(struct plan_cache_config){ .contexts_max = 3, .plans_max = 5 }, &e);

    for (unsigned n = 0; n < 40; n++)
        plan_put(numbered(cache, n));
    cr_assert_eq(cache_count(cache->plans), 5);
    /* Kept plans hold their contexts. */
    cr_assert_leq(cache_count(cache->contexts), 5);
    cr_assert_eq(cache_count(cache->trusts), 1);
    plan_cache_free(cache);
}

enum { THREADS = 8, ROUNDS = 200, KEYS = 24 };

struct crowd {
    struct plan_cache *cache;
    atomic_uint next, wrong;
};

static void *ask_often(void *arg)
{
    struct crowd *crowd = arg;
    unsigned me = atomic_fetch_add(&crowd->next, 1);

    for (unsigned i = 0; i < ROUNDS; i++) {
        const unsigned n = (i * 7 + me * 5) % KEYS;
        const struct plan *p = numbered(crowd->cache, n);
        struct err e = { 0 };
        SSL *ssl = plan_ssl(p, "www.example.com", &e);
        char name[32];

        snprintf(name, sizeof(name), "h%u.example", n);
        if (!ssl
            || strcmp(X509_VERIFY_PARAM_get0_host(SSL_get0_param(ssl), 0), name)
                   != 0)
            atomic_fetch_add(&crowd->wrong, 1);
        SSL_free(ssl);
        plan_put(p);
    }
    return NULL;
}

Test(plan, many_threads_each_get_their_own_words)
{
    struct err e = { 0 };
    struct crowd crowd = { .cache = plan_cache_new(
                               &(struct plan_cache_config){ .contexts_max = 4,
                                                            .plans_max = 8 },
                               &e) };
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        cr_assert(pthread_create(&threads[i], NULL, ask_often, &crowd) == 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    cr_assert_eq(crowd.wrong, 0);
    cr_assert_leq(cache_count(crowd.cache->plans), 8);
    plan_cache_free(crowd.cache);
}
