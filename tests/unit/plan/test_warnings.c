/* Words that have no effect, and which are refused instead. */
#include "pki.h"
#include "say.h"

#include "base/fault.h"
#include "base/mem.h"

#include <criterion/criterion.h>

#include <string.h>

#define NO_TRUST "-no-CAfile", "-no-CApath", "-no-CAstore"
#define ZEROS    "0000000000000000000000000000000000000000000000000000000000000000"
#define DANE     NO_TRUST, "-dane_tlsa_domain", "d.example", "-dane_tlsa_rrdata"

static void expect_warnings(struct plan_cache *cache, const struct words *w,
                            const char *text)
{
    const struct plan *p = get_plan(cache, w);
    struct err e = { 0 };
    SSL *ssl = plan_ssl(p, "h.example", &e);

    cr_expect(ssl, "%s", e.msg);
    SSL_free(ssl);
    /* They are told once, however many connections are made. */
    cr_expect_str_eq(plan_warnings(p), text);
    plan_put(p);
}

Test(warnings, there_are_none_when_every_word_has_its_effect)
{
    struct plan_cache *cache = new_cache();

    expect_warnings(cache, WORDS(NO_TRUST), "");
    expect_warnings(cache, WORDS(DANE, "3 0 1 " ZEROS), "");
    plan_cache_free(cache);
}

Test(warnings, lists_are_fetched_only_for_somebody_who_asks_for_them)
{
    struct plan_cache *cache = new_cache();

    expect_warnings(cache, WORDS(NO_TRUST, "-crl_download"),
                    "option '-crl_download': no list is asked for without "
                    "-crl_check or -crl_check_all\n");
    expect_warnings(cache, WORDS(NO_TRUST, "-crl_download", "-crl_check"), "");
    plan_cache_free(cache);
}

Test(warnings, a_tlsa_record_that_cannot_be_used_is_passed_over)
{
    struct plan_cache *cache = new_cache();

    expect_warnings(
        cache, WORDS(DANE, "3 0 1 " ZEROS, "-dane_tlsa_rrdata", "256 0 1 00"),
        "option '-dane_tlsa_rrdata': bad TLSA field usage: 256 0 1 00\n");
    expect_warnings(
        cache, WORDS(DANE, "3 0 1 00", "-dane_tlsa_rrdata", "3 0 1 " ZEROS),
        "option '-dane_tlsa_rrdata': unusable TLSA record, dane tlsa bad "
        "digest length: 3 0 1 00\n");
    plan_cache_free(cache);
}

Test(warnings, without_a_usable_record_there_is_no_dane)
{
    static const char *const bad[] = {
        "",           "3",        "3 0",         "3 0 1",    "3 0 1 ",
        "x 0 1 00",   "3 x 1 0",  "3 0 x 00",    "-3 0 1 0", "3 0 1 0",
        "3 0 1 0x00", "3,0,1,00", "3 0 1 00:00",
    };
    struct plan_cache *cache = new_cache();

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct err e = get_refusal(cache, WORDS(DANE, bad[i]));

        cr_expect_eq(e.code, ERR_USAGE, "'%s': %s", bad[i], e.msg);
        cr_expect(strstr(e.msg, "bad TLSA field"), "'%s': %s", bad[i], e.msg);
    }
    plan_cache_free(cache);
}

Test(warnings, a_record_of_any_length_fits_into_a_sentence)
{
    struct plan_cache *cache = new_cache();
    char *record = mem_new(100001, 1);
    struct err e;

    memset(record, 'a', 100000);
    e = get_refusal(cache, WORDS(DANE, record));
    cr_expect_lt(strlen(e.msg), 300);
    mem_free(record);
    plan_cache_free(cache);
}

Test(warnings, extensions_that_openssl_has_itself_are_not_sent)
{
    struct plan_cache *cache = new_cache();

    expect_warnings(cache, WORDS(NO_TRUST, "-serverinfo", "0,4660,4660"),
                    "option '-serverinfo': extension 0 is not sent: it is "
                    "there twice, or OpenSSL's own\n"
                    "option '-serverinfo': extension 4660 is not sent: it is "
                    "there twice, or OpenSSL's own\n");
    plan_cache_free(cache);
}

/* The context is shared, and what it warns of concerns all. */
Test(warnings, plans_with_one_context_have_its_warnings)
{
    struct plan_cache *cache = new_cache();
    static const char text[] = "option '-srp_strength': without effect, as "
                               "there is no -srpuser\n";

    expect_warnings(cache, WORDS(NO_TRUST, "-srp_strength", "2048"), text);
    expect_warnings(
        cache, WORDS(NO_TRUST, "-srp_strength", "2048", "-servername", "x"),
        text);
    plan_cache_free(cache);
}

Test(warnings, fast_open_needs_that_we_speak_first)
{
    struct plan_cache *cache = new_cache();

    if (!plan_have(NEEDS_TFO))
        cr_skip("no TCP fast open");
    expect_warnings(cache, WORDS(NO_TRUST, "-tfo"), "");
    expect_warnings(cache, WORDS(NO_TRUST, "-tfo", "-starttls", "smtp"),
                    "option '-tfo': no effect with -starttls, where the server "
                    "may speak first\n");
    expect_warnings(cache,
                    WORDS(NO_TRUST, "-tfo", "-starttls", "smtp", "-proxy",
                          "p.example:3128"),
                    "");
    plan_cache_free(cache);
}

Test(warnings, a_list_of_logs_matters_only_with_ct)
{
    struct plan_cache *cache = new_cache();
    struct err e;

    expect_warnings(cache, WORDS(NO_TRUST, "-ctlogfile", "/nonexistent"),
                    "option '-ctlogfile': '/nonexistent' cannot be loaded, and "
                    "is of no use without -ct\n");
    e = get_refusal(cache,
                    WORDS(NO_TRUST, "-ct", "-ctlogfile", "/nonexistent"));
    cr_expect_eq(e.code, ERR_FILE);
    cr_expect(strstr(e.msg, "/nonexistent"), "%s", e.msg);
    plan_cache_free(cache);
}

/* ---- keys ---- */

Test(warnings, an_identity_too_long_for_tls_1_2_is_told)
{
    struct plan_cache *cache = new_cache();
    char name[PSK_MAX_IDENTITY_LEN + 2];
    const struct plan *p;

    memset(name, 'i', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    p = get_plan(cache, WORDS(NO_TRUST, "-psk", "ab", "-psk_identity", name));
    cr_expect(strstr(plan_warnings(p), "-psk_identity"));
    plan_put(p);
    plan_cache_free(cache);
}

Test(warnings, a_key_too_long_is_refused_and_not_repeated)
{
    struct plan_cache *cache = new_cache();
    char hex[2 * PSK_MAX_PSK_LEN + 3];
    struct err e;

    memset(hex, 'a', sizeof(hex) - 1);
    hex[sizeof(hex) - 1] = '\0';
    e = get_refusal(cache, WORDS(NO_TRUST, "-psk", hex));
    cr_expect_eq(e.code, ERR_USAGE);
    cr_expect_null(strstr(e.msg, "aaaa"), "%s", e.msg);
    plan_cache_free(cache);
}

Test(warnings, a_file_without_a_session_is_no_session)
{
    struct plan_cache *cache = new_cache();
    struct pki pki;
    struct err e;

    pki_new(&pki);
    e = get_refusal(
        cache, WORDS(NO_TRUST, "-psk_session", pki_file(&pki, "root.pem")));
    cr_expect_eq(e.code, ERR_FILE);
    cr_expect(strstr(e.msg, "root.pem"), "%s", e.msg);
    pki_free(&pki);
    plan_cache_free(cache);
}

Test(warnings, a_password_is_needed_for_a_user)
{
    struct plan_cache *cache = new_cache();
    struct err e = get_refusal(cache, WORDS(NO_TRUST, "-srpuser", "u"));

    cr_expect_eq(e.code, ERR_SECRET);
    e = get_refusal(cache,
                    WORDS(NO_TRUST, "-srpuser", "", "-srppass", "pass:p"));
    cr_expect_eq(e.code, ERR_USAGE, "%s", e.msg);
    plan_cache_free(cache);
}

#ifndef TLSFLEET_RELEASE
/* Every allocation of ours is refused once: a plan is whole or not there, and
 * the reason is ours. */
static void starve(const struct words *w)
{
    struct option_set set = say(w);
    long n = 0;

    do {
        struct plan_cache *cache = new_cache();
        struct err e = { 0 };
        const struct plan *p;

        fault_arm(++n);
        p = plan_get(cache, &set, &e);
        if (!p)
            cr_expect_eq(e.code, ERR_NO_MEMORY, "allocation %ld: %s", n, e.msg);
        plan_put(p);
        plan_cache_free(cache);
    } while (fault_seen() >= n);
    fault_arm(-1);
    cr_expect_gt(n, 10);
    mem_forget();
    options_release(&set);
}

Test(warnings, lack_of_memory_is_no_refusal)
{
    starve(WORDS(DANE, "3 0 1 " ZEROS, "-dane_tlsa_rrdata", "bad"));
    starve(WORDS(NO_TRUST, "-psk", "ab12", "-nextprotoneg", "a,b",
                 "-serverinfo", "1,2", "-srpuser", "u", "-srppass", "pass:p"));
}
#endif
