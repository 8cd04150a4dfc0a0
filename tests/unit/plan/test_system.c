/* What comes from the system: OpenSSL's configuration and its features. */
#include "pki.h"
#include "say.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

static const char conf[] = "openssl_conf = init\n"
                           "[init]\n"
                           "ssl_conf = ssl\n"
                           "[ssl]\n"
                           "system_default = defaults\n"
                           "[defaults]\n"
                           "MinProtocol = TLSv1.3\n";

Test(system, the_defaults_of_openssl_cnf_apply_as_in_the_openssl_program)
{
    struct plan_cache *cache;
    const struct plan *p;
    struct pki pki = { .dir = "/tmp/tlsfleet-unit-XXXXXX" };

    cr_assert_not_null(mkdtemp(pki.dir));
    pki_write(&pki, "openssl.cnf", conf);
    setenv("OPENSSL_CONF", pki_file(&pki, "openssl.cnf"), 1);
    cache = new_cache();
    p = get_plan(cache, WORDS("-no-CAfile", "-no-CApath", "-no-CAstore"));
    cr_assert_eq(SSL_CTX_get_min_proto_version(ctx_of(p)), TLS1_3_VERSION);
    plan_put(p);
    plan_cache_free(cache);
    pki_free(&pki);
}

Test(system, what_every_openssl_has_is_there)
{
    cr_assert(plan_have(NEEDS_NOTHING));
    cr_assert_eq(plan_have(NEEDS_OPENSSL_3_2),
                 OPENSSL_VERSION_NUMBER >= 0x30200000);
    cr_assert(!plan_have(NEEDS_OPENSSL_3_5) || plan_have(NEEDS_OPENSSL_3_2));
}

Test(system, a_version_is_had_exactly_when_it_can_be_asked_for)
{
    struct plan_cache *cache = new_cache();
    struct option_set set =
        say(WORDS("-ssl3", "-no-CAfile", "-no-CApath", "-no-CAstore", "-cipher",
                  "ALL:@SECLEVEL=0"));
    struct err e = { 0 };
    const struct plan *p = plan_get(cache, &set, &e);

    cr_assert_eq(p != NULL, plan_have(NEEDS_SSL3), "%s", e.msg);
    plan_put(p);
    options_release(&set);
    plan_cache_free(cache);
}

Test(system, about_names_both_versions_and_what_is_missing)
{
    struct buf text;

    buf_init(&text, 4096);
    plan_about(&text);
    cr_assert(strstr(buf_string(&text), OPENSSL_VERSION_TEXT));
    cr_assert(strstr(buf_string(&text), OpenSSL_version(OPENSSL_VERSION)));
    buf_release(&text);
}
