/* Providers, property queries and what openssl.cnf says of them.  "legacy" is
 * a provider that OpenSSL loads from a file; "null" is in the library. */
#include "../../../src/plan/library.h"
#include "pki.h"
#include "say.h"

#include <criterion/criterion.h>

#include <openssl/provider.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define NO_TRUST "-no-CAfile", "-no-CApath", "-no-CAstore"

static OSSL_LIB_CTX *library_of(const struct plan *p)
{
    const char *query;

    return plan_library(p, &query);
}

static bool has_provider(const struct plan *p, const char *name)
{
    return OSSL_PROVIDER_available(library_of(p), name);
}

Test(library, a_provider_is_there_for_the_targets_that_name_it_only)
{
    struct plan_cache *cache = new_cache();
    const struct plan *plain = get_plan(cache, WORDS(NO_TRUST));
    const struct plan *named = get_plan(
        cache, WORDS(NO_TRUST, "-provider", "default", "-provider", "null"));

    cr_assert_null(library_of(plain));
    cr_assert(has_provider(named, "null"));
    cr_assert(has_provider(named, "default"));
    cr_assert_not(has_provider(plain, "null"));
    plan_put(plain);
    plan_put(named);
    plan_cache_free(cache);
}

Test(library, equal_providers_share_a_library_and_different_ones_do_not)
{
    struct plan_cache *cache = new_cache();
    const struct plan *a =
        get_plan(cache, WORDS(NO_TRUST, "-provider", "default"));
    const struct plan *b =
        get_plan(cache, WORDS(NO_TRUST, "-provider", "default", "-alpn", "h2"));
    const struct plan *c = get_plan(
        cache, WORDS(NO_TRUST, "-provider", "default", "-provider", "null"));

    cr_assert(library_of(a) == library_of(b));
    cr_assert(library_of(a) != library_of(c));
    cr_assert(ctx_of(a) != ctx_of(b));
    plan_put(a);
    plan_put(b);
    plan_put(c);
    plan_cache_free(cache);
}

Test(library, a_query_works_in_the_library_of_openssl)
{
    struct plan_cache *cache = new_cache();
    const struct plan *p =
        get_plan(cache, WORDS(NO_TRUST, "-propquery", "provider=default"));
    const char *query = NULL;

    cr_assert_null(plan_library(p, &query));
    cr_assert_str_eq(query, "provider=default");
    plan_put(p);
    plan_cache_free(cache);
}

Test(library, a_certificate_is_read_with_the_providers_that_are_named)
{
    struct plan_cache *cache = new_cache();
    const struct plan *p;
    struct pki pki;

    pki_new(&pki);
    p = get_plan(cache,
                 WORDS("-CAfile", pki_file(&pki, "root.pem"), "-verifyCApath",
                       pki_file(&pki, "hashed"), "-cert",
                       pki_file(&pki, "pair.pem"), "-provider", "default"));
    cr_assert_eq(sk_X509_OBJECT_num(X509_STORE_get0_objects(plan_store(p))), 1);
    plan_put(p);
    pki_free(&pki);
    plan_cache_free(cache);
}

/* The first two words are the option and value of the sentence. */
static const struct {
    struct words words;
    enum err_code code;
    const char *part; /* of the sentence */
} refusals[] = {
    { { { "-provider", "nosuch" } }, ERR_FILE, "unable to load provider" },
    { { { "-provider", "nosuch" } }, ERR_FILE, "-provider-path" },
    { { { "-provider", "null" } }, ERR_NO_CIPHERS, "'default'" },
    { { { "-propquery", "fips=yes" } }, ERR_NO_CIPHERS, "no cipher" },
    { { { "-propquery", "fips=yes", "-provider", "default" } },
      ERR_NO_CIPHERS,
      "no cipher" },
};

Test(library, what_cannot_be_loaded_or_leaves_nothing_is_refused)
{
    struct plan_cache *cache = new_cache();

    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        struct err e = get_refusal(cache, &refusals[i].words);

        cr_expect_eq(e.code, refusals[i].code, "row %zu: %s", i, e.msg);
        for (size_t j = 0; j < 2; j++)
            cr_expect(strstr(e.msg, refusals[i].words.word[j]), "row %zu: %s",
                      i, e.msg);
        cr_expect(strstr(e.msg, refusals[i].part), "row %zu: %s", i, e.msg);
    }
    plan_cache_free(cache);
}

Test(library, a_path_is_for_the_providers_after_it)
{
    struct plan_cache *cache = new_cache();
    struct err e =
        get_refusal(cache, WORDS(NO_TRUST, "-provider-path", "/nonexistent",
                                 "-provider", "legacy"));

    cr_assert(strstr(e.msg, "/nonexistent/legacy"), "%s", e.msg);
    plan_put(get_plan(cache, WORDS(NO_TRUST, "-provider", "default",
                                   "-provider-path", "/nonexistent")));
    plan_cache_free(cache);
}

/* None is let go of while threads may have something of theirs in it. */
Test(library, a_run_has_a_bounded_number_of_sets_of_providers)
{
    struct plan_cache *cache = new_cache();
    struct err e;
    char path[32];

    for (unsigned i = 0; i < LIBRARIES_MAX; i++) {
        snprintf(path, sizeof(path), "/nonexistent/%u", i);
        plan_put(get_plan(cache, WORDS(NO_TRUST, "-provider", "default",
                                       "-provider-path", path)));
    }
    e = get_refusal(
        cache, WORDS(NO_TRUST, "-provider", "default", "-provider", "null"));
    cr_assert_eq(e.code, ERR_USAGE);
    cr_assert(strstr(e.msg, "sets of providers"), "%s", e.msg);
    plan_put(get_plan(cache, WORDS(NO_TRUST, "-provider", "default",
                                   "-provider-path", "/nonexistent/0")));
    plan_cache_free(cache);
}

/* ---- openssl.cnf ---- */

static const char with_null[] = "openssl_conf = init\n"
                                "[init]\n"
                                "providers = all\n"
                                "ssl_conf = ssl\n"
                                "[all]\n"
                                "null = null_section\n"
                                "[null_section]\n"
                                "activate = 1\n"
                                "[ssl]\n"
                                "strict = strict_section\n"
                                "broken = broken_section\n"
                                "[strict_section]\n"
                                "MinProtocol = TLSv1.3\n"
                                "CipherString = ECDHE-RSA-AES128-GCM-SHA256\n"
                                "[broken_section]\n"
                                "NoSuchCommand = x";

static void configure(struct pki *pki)
{
    *pki = (struct pki){ .dir = "/tmp/tlsfleet-unit-XXXXXX" };
    cr_assert_not_null(mkdtemp(pki->dir));
    pki_write(pki, "openssl.cnf", with_null);
    setenv("OPENSSL_CONF", pki_file(pki, "openssl.cnf"), 1);
}

Test(library, providers_come_in_addition_to_those_of_openssl_cnf)
{
    struct plan_cache *cache;
    const struct plan *p;
    struct pki pki;

    configure(&pki);
    cache = new_cache();
    p = get_plan(cache, WORDS(NO_TRUST, "-provider", "default"));
    cr_assert(has_provider(p, "default"));
    cr_assert(has_provider(p, "null"));
    plan_put(p);
    plan_cache_free(cache);
    pki_free(&pki);
}

/* The soft limit is what a process may raise again. */
static void limit_descriptors(rlim_t most)
{
    struct rlimit limit;

    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = most;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

Test(library, an_openssl_cnf_that_descriptors_are_wanting_for_is_not_missing)
{
    struct plan_cache *cache;
    struct rlimit before;
    struct pki pki;
    struct err e;

    configure(&pki);
    cache = new_cache();
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    limit_descriptors(0);
    e = get_refusal(cache, WORDS(NO_TRUST, "-provider", "default"));
    limit_descriptors(before.rlim_cur);
    cr_assert_eq(e.code, ERR_NO_DESCRIPTORS, "%s", e.msg);
    plan_cache_free(cache);
    pki_free(&pki);
}

Test(library, an_openssl_cnf_need_not_be_there)
{
    struct plan_cache *cache;
    struct pki pki;

    configure(&pki);
    setenv("OPENSSL_CONF", pki_file(&pki, "nowhere.cnf"), 1);
    cache = new_cache();
    plan_put(get_plan(cache, WORDS(NO_TRUST, "-provider", "default")));
    plan_cache_free(cache);
    pki_free(&pki);
}

Test(library, a_section_of_openssl_cnf_comes_after_all_words_but_versions)
{
    struct plan_cache *cache;
    const struct plan *p;
    struct pki pki;

    configure(&pki);
    cache = new_cache();
    p = get_plan(cache, WORDS(NO_TRUST, "-provider", "default", "-ssl_config",
                              "strict", "-min_protocol", "TLSv1.2"));
    cr_assert_eq(SSL_CTX_get_min_proto_version(ctx_of(p)), TLS1_3_VERSION);
    plan_put(p);
    p = get_plan(cache, WORDS(NO_TRUST, "-provider", "default", "-ssl_config",
                              "strict", "-tls1_2"));
    cr_assert_eq(SSL_CTX_get_max_proto_version(ctx_of(p)), TLS1_2_VERSION);
    plan_put(p);
    plan_cache_free(cache);
    pki_free(&pki);
}

Test(library, a_section_that_is_not_there_or_is_wrong_is_named)
{
    static const char *const names[] = { "nowhere", "broken" };
    struct plan_cache *cache;
    struct pki pki;

    configure(&pki);
    cache = new_cache();
    for (size_t i = 0; i < 2; i++) {
        struct err e = get_refusal(
            cache,
            WORDS(NO_TRUST, "-provider", "default", "-ssl_config", names[i]));

        cr_expect_eq(e.code, ERR_USAGE);
        cr_expect(strstr(e.msg, "'-ssl_config'") && strstr(e.msg, names[i]),
                  "%s", e.msg);
    }
    plan_cache_free(cache);
    pki_free(&pki);
}
