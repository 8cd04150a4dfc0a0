/* DTLS in plans: versions, contexts, packets. */
#include "say.h"

#include <criterion/criterion.h>

#include <string.h>

#define NO_TRUST "-no-CAfile", "-no-CApath", "-no-CAstore"

static struct plan_cache *cache;

static void set_up(void)
{
    cache = new_cache();
}

static void tear_down(void)
{
    plan_cache_free(cache);
}

TestSuite(datagram, .init = set_up, .fini = tear_down);

Test(datagram, a_context_is_of_tls_or_dtls)
{
    const struct plan *tls = get_plan(cache, WORDS(NO_TRUST));
    const struct plan *dtls = get_plan(cache, WORDS(NO_TRUST, "-dtls"));

    cr_expect_neq(ctx_of(tls), ctx_of(dtls));
    plan_put(tls);
    plan_put(dtls);
}

Test(datagram, a_range_of_versions_holds_for_dtls)
{
    const struct plan *p =
        get_plan(cache, WORDS(NO_TRUST, "-dtls", "-min_protocol", "DTLSv1.2"));

    cr_expect_eq(SSL_CTX_get_min_proto_version(ctx_of(p)), DTLS1_2_VERSION);
    plan_put(p);
}

Test(datagram, a_link_too_small_for_dtls_is_refused)
{
    const struct err e =
        get_refusal(cache, WORDS(NO_TRUST, "-dtls", "-mtu", "255"));

    cr_expect_eq(e.code, ERR_USAGE);
    cr_expect_str_eq(e.msg, "option '-mtu': 255 is too small, it must be at "
                            "least 256");
}

Test(datagram, a_link_size_without_dtls_is_told_of)
{
    const struct plan *p = get_plan(cache, WORDS(NO_TRUST, "-mtu", "1"));

    cr_expect_str_eq(plan_warnings(p),
                     "option '-mtu': only DTLS has it (-dtls)\n");
    plan_put(p);
}
