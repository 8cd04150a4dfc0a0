#include "observe.h"
#include "say.h"

#include <criterion/criterion.h>

#include <string.h>

#define NO_TRUST "-no-CAfile", "-no-CApath", "-no-CAstore"

static struct pki pki;
static struct plan_cache *cache;

static void begin(void)
{
    pki_new(&pki);
    cache = new_cache();
}

static void end(void)
{
    plan_cache_free(cache);
    pki_free(&pki);
}

TestSuite(identity, .init = begin, .fini = end);

static const char *file(const char *name)
{
    return pki_file(&pki, name);
}

static bool has_leaf(const struct words *words)
{
    const struct plan *p = get_plan(cache, words);
    const X509 *cert = SSL_CTX_get0_certificate(ctx_of(p));
    const EVP_PKEY *key = SSL_CTX_get0_privatekey(ctx_of(p));
    bool has = cert && X509_cmp(cert, pki.leaf) == 0 && key
               && EVP_PKEY_eq(key, pki.leaf_key) == 1;

    plan_put(p);
    return has;
}

/* ---- -cert and -key ---- */

Test(identity, pem_der_and_pkcs12_are_told_apart_by_their_content)
{
    cr_assert(has_leaf(WORDS(NO_TRUST, "-cert", file("pair.pem"))));
    cr_assert(has_leaf(WORDS(NO_TRUST, "-cert", file("leaf.der"), "-key",
                             file("leaf-key.der"))));
    cr_assert(has_leaf(
        WORDS(NO_TRUST, "-cert", file("leaf.p12"), "-pass", "pass:" PKI_PASS)));
}

/* s_client's parser refuses P12, which its manual has. */
Test(identity, a_form_may_be_said)
{
    cr_assert(
        has_leaf(WORDS(NO_TRUST, "-cert", file("leaf.p12"), "-certform", "P12",
                       "-keyform", "P12", "-pass", "pass:" PKI_PASS)));
    cr_assert(
        has_leaf(WORDS(NO_TRUST, "-cert", file("leaf.der"), "-certform", "DER",
                       "-key", file("leaf.key"), "-keyform", "PEM")));
}

Test(identity, a_key_of_another_certificate_is_named_with_both_files)
{
    struct err e = get_refusal(cache, WORDS(NO_TRUST, "-cert", file("leaf.pem"),
                                            "-key", file("rsa.key")));

    cr_assert_eq(e.code, ERR_FILE);
    cr_assert(strstr(e.msg, "leaf.pem") && strstr(e.msg, "rsa.key")
                  && strstr(e.msg, "does not belong"),
              "%s", e.msg);
}

Test(identity, a_file_without_what_is_sought_says_what_it_lacks)
{
    struct err e =
        get_refusal(cache, WORDS(NO_TRUST, "-cert", file("garbage")));

    cr_assert(strstr(e.msg, "holds no private key"), "%s", e.msg);
    e = get_refusal(cache, WORDS(NO_TRUST, "-cert", file("garbage"), "-key",
                                 file("leaf.key")));
    cr_assert(strstr(e.msg, "holds no certificate"), "%s", e.msg);
    e = get_refusal(cache, WORDS(NO_TRUST, "-CRL", file("leaf.pem")));
    cr_assert(strstr(e.msg, "holds no CRL"), "%s", e.msg);
    cr_assert_eq(e.code, ERR_FILE);
}

Test(identity, an_encrypted_key_without_pass_is_an_error_not_a_prompt)
{
    struct err e = get_refusal(cache, WORDS(NO_TRUST, "-cert", file("leaf.pem"),
                                            "-key", file("locked.key")));

    cr_assert_eq(e.code, ERR_SECRET);
    cr_assert(strstr(e.msg, "locked.key") && strstr(e.msg, "-pass"), "%s",
              e.msg);
}

Test(identity, a_wrong_pass_phrase_is_called_one)
{
    struct err e =
        get_refusal(cache, WORDS(NO_TRUST, "-cert", file("leaf.pem"), "-key",
                                 file("locked.key"), "-pass", "pass:wrong"));

    cr_assert_eq(e.code, ERR_SECRET);
    cr_assert(strstr(e.msg, "does not open"), "%s", e.msg);
    e = get_refusal(cache, WORDS(NO_TRUST, "-cert", file("leaf.p12"), "-pass",
                                 "pass:wrong"));
    cr_assert_eq(e.code, ERR_SECRET, "%s", e.msg);
}

Test(identity, a_key_alone_is_checked_and_not_used)
{
    const struct plan *p =
        get_plan(cache, WORDS(NO_TRUST, "-key", file("leaf.key")));

    cr_assert_null(SSL_CTX_get0_privatekey(ctx_of(p)));
    plan_put(p);
    get_refusal(cache, WORDS(NO_TRUST, "-key", file("garbage")));
}

Test(identity, a_chain_that_cannot_be_built_is_refused)
{
    struct err e = get_refusal(
        cache, WORDS(NO_TRUST, "-cert", file("pair.pem"), "-build_chain"));

    cr_assert_eq(e.code, ERR_FILE);
    cr_assert(strstr(e.msg, "-build_chain") && strstr(e.msg, "pair.pem"), "%s",
              e.msg);
}

/* ---- -xcert ---- */

static void sent(const struct words *words, const char *only, struct seen *seen)
{
    const struct plan *p = get_plan(cache, words);

    observe_handshake(p, &pki, only, seen);
    plan_put(p);
}

Test(identity, the_xcert_that_the_server_takes_is_sent)
{
    const struct words *words =
        WORDS(NO_TRUST, "-xcert", file("rsa.pem"), "-xkey", file("rsa.key"),
              "-xcert", file("pair.pem"));
    struct seen seen;

    sent(words, "ECDSA+SHA256", &seen);
    cr_assert(seen.done && seen.cert && X509_cmp(seen.cert, pki.leaf) == 0);
    X509_free(seen.cert);
    sent(words, "RSA-PSS+SHA256", &seen);
    cr_assert(seen.done && seen.cert && X509_cmp(seen.cert, pki.rsa) == 0);
    X509_free(seen.cert);
}

Test(identity, xcert_puts_cert_out_of_force)
{
    struct seen seen;

    sent(WORDS(NO_TRUST, "-cert", file("pair.pem"), "-xcert", file("rsa.pem"),
               "-xkey", file("rsa.key")),
         "ECDSA+SHA256", &seen);
    cr_assert(seen.done);
    cr_assert_null(seen.cert);
}

Test(identity, the_built_chain_is_sent)
{
    struct seen seen;

    sent(WORDS(NO_TRUST, "-chainCAfile", file("root.pem"), "-xchain_build",
               "-xcert", file("pair.pem")),
         NULL, &seen);
    cr_assert(seen.done && seen.cert);
    cr_assert_eq(seen.chain, 2);
    X509_free(seen.cert);
}

Test(identity, an_xkey_is_said_once_for_each_xcert)
{
    struct err e =
        get_refusal(cache, WORDS(NO_TRUST, "-xcert", file("leaf.pem"), "-xkey",
                                 file("leaf.key"), "-xkey", file("rsa.key")));

    cr_assert_eq(e.code, ERR_USAGE);
    cr_assert(strstr(e.msg, "leaf.key") && strstr(e.msg, "rsa.key"), "%s",
              e.msg);
}

Test(identity, an_xkey_of_another_certificate_is_refused)
{
    struct err e = get_refusal(cache, WORDS(NO_TRUST, "-xkey", file("rsa.key"),
                                            "-xcert", file("leaf.pem")));

    cr_assert(strstr(e.msg, "does not belong"), "%s", e.msg);
}

Test(identity, an_xkey_without_xcert_is_dropped_as_s_client_does)
{
    plan_put(get_plan(cache, WORDS(NO_TRUST, "-xkey", "/nonexistent")));
}

Test(identity, forms_are_inherited_by_the_next_xcert)
{
    struct err e = get_refusal(
        cache, WORDS(NO_TRUST, "-xcert", file("leaf.der"), "-xcertform", "DER",
                     "-xkey", file("leaf-key.der"), "-xkeyform", "DER",
                     "-xcert", file("pair.pem")));

    cr_assert(strstr(e.msg, "pair.pem") && strstr(e.msg, "DER"), "%s", e.msg);
}
