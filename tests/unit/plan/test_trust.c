#include "observe.h"
#include "say.h"

#include <criterion/criterion.h>

#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define NO_TRUST "-no-CAfile", "-no-CApath", "-no-CAstore"

static struct pki pki;
static struct plan_cache *cache;

static void begin(void)
{
    pki_new(&pki);
    setenv("SSL_CERT_FILE", pki_file(&pki, "root.pem"), 1);
    setenv("SSL_CERT_DIR", pki_file(&pki, "hashed"), 1);
    cache = new_cache();
}

/* As many descriptors as there may be. */
static void restore(void)
{
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static void end(void)
{
    restore();
    plan_cache_free(cache);
    pki_free(&pki);
}

TestSuite(trust, .init = begin, .fini = end);

static int verdict(const struct words *words)
{
    const struct plan *p = get_plan(cache, words);
    int error = observe_verify(p, plan_store(p), pki.leaf);

    plan_put(p);
    return error;
}

static size_t objects(const struct words *words)
{
    const struct plan *p = get_plan(cache, words);
    int count = sk_X509_OBJECT_num(X509_STORE_get0_objects(plan_store(p)));

    plan_put(p);
    return (size_t)count;
}

Test(trust, the_defaults_are_the_environments)
{
    cr_assert_eq(verdict(WORDS(0)), X509_V_OK);
    cr_assert_eq(objects(WORDS(0)), 1);
}

Test(trust, naming_one_place_puts_all_defaults_out_of_force)
{
    cr_assert_eq(objects(WORDS("-CAfile", pki_file(&pki, "leaf.pem"))), 1);
    cr_assert_eq(verdict(WORDS("-CAfile", pki_file(&pki, "leaf.pem"))),
                 X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
}

Test(trust, a_missing_default_is_passed_over)
{
    setenv("SSL_CERT_FILE", "/nonexistent", 1);
    setenv("SSL_CERT_DIR", "/nonexistent", 1);
    cr_assert_eq(objects(WORDS(0)), 0);
}

Test(trust, the_default_directory_may_be_a_list)
{
    char list[160];

    snprintf(list, sizeof(list), "/nonexistent::%s", pki_file(&pki, "hashed"));
    setenv("SSL_CERT_DIR", list, 1);
    cr_assert_eq(objects(WORDS("-no-CAfile")), 1);
    cr_assert_eq(objects(WORDS("-no-CAfile", "-no-CApath")), 0);
}

Test(trust, the_verify_store_replaces_the_trust_store)
{
    cr_assert_eq(verdict(WORDS("-verifyCAfile", pki_file(&pki, "leaf.pem"))),
                 X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
}

Test(trust, the_crl_reaches_the_verify_store_too)
{
    cr_assert_eq(
        verdict(WORDS("-verifyCAfile", pki_file(&pki, "root.pem"), "-CRL",
                      pki_file(&pki, "crl.der"), "-crl_check")),
        X509_V_OK);
    cr_assert_eq(verdict(WORDS("-verifyCAfile", pki_file(&pki, "root.pem"),
                               "-crl_check")),
                 X509_V_ERR_UNABLE_TO_GET_CRL);
}

Test(trust, the_same_certificate_twice_is_one)
{
    pki_hashed(&pki, "hashed", "1");
    cr_assert_eq(objects(WORDS("-CAfile", pki_file(&pki, "root.pem"), "-CApath",
                               pki_file(&pki, "hashed"))),
                 1);
}

/* ---- hashed directories ---- */

static void new_dir(const char *name)
{
    cr_assert(mkdir(pki_file(&pki, name), 0700) == 0);
}

static size_t in_path(const char *name)
{
    return objects(WORDS("-CApath", pki_file(&pki, name)));
}

static size_t in_store(const char *name)
{
    return objects(WORDS("-CAstore", pki_file(&pki, name)));
}

Test(trust, numbers_are_followed_up_to_the_first_gap)
{
    new_dir("gap");
    pki_hashed(&pki, "gap", "1");
    cr_assert_eq(in_path("gap"), 0);
    cr_assert_eq(in_store("gap"), 1);
}

Test(trust, a_name_that_is_no_hash_is_not_looked_at)
{
    new_dir("names");
    pki_hashed(&pki, "names", "pem");
    pki_hashed(&pki, "names", "0x");
    pki_hashed(&pki, "names", "");
    cr_assert_eq(in_path("names"), 0);
    cr_assert_eq(in_store("names"), 0);
}

Test(trust, a_certificate_under_a_wrong_hash_would_not_be_found)
{
    char other[64];

    new_dir("wrong");
    snprintf(other, sizeof(other), "wrong/%08lx.0",
             X509_subject_name_hash(pki.leaf));
    pki_hashed(&pki, "wrong", "5");
    cr_assert(rename(pki_file(&pki, "root.pem"), pki_file(&pki, other)) == 0);
    cr_assert_eq(in_path("wrong"), 0);
}

Test(trust, a_crl_is_found_by_the_hash_of_its_issuer)
{
    char name[64];

    snprintf(name, sizeof(name), "hashed/%08lx.r0",
             X509_subject_name_hash(pki.root));
    cr_assert(rename(pki_file(&pki, "crl.pem"), pki_file(&pki, name)) == 0);
    cr_assert_eq(in_path("hashed"), 2);
    cr_assert_eq(
        verdict(WORDS("-CApath", pki_file(&pki, "hashed"), "-crl_check")),
        X509_V_OK);
}

Test(trust, der_is_for_the_store_only)
{
    char name[64];
    BIO *bio;

    new_dir("der");
    snprintf(name, sizeof(name), "der/%08lx.0",
             X509_subject_name_hash(pki.root));
    bio = BIO_new_file(pki_file(&pki, name), "w");
    cr_assert(i2d_X509_bio(bio, pki.root));
    BIO_free(bio);
    cr_assert_eq(in_path("der"), 0);
    cr_assert_eq(in_store("der"), 1);
}

Test(trust, what_is_no_certificate_or_no_file_is_passed_over)
{
    new_dir("odd");
    pki_write(&pki, "odd/00000000.0", "nothing\n");
    pki_write(&pki, "odd/00000001.r0", "");
    new_dir("odd/00000002.0");
    cr_assert(mkfifo(pki_file(&pki, "odd/00000003.0"), 0600) == 0);
    cr_assert(symlink("/nonexistent", pki_file(&pki, "odd/00000004.0")) == 0);
    cr_assert_eq(in_path("odd"), 0);
    cr_assert_eq(in_store("odd"), 0);
}

/* ---- truth ---- */

/* No descriptor is left for the files; the directory may get "spare". */
static void exhaust(int spare)
{
    struct rlimit limit = { 0 };
    int highest = dup(0);

    close(highest);
    cr_assert(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = (rlim_t)(highest + spare);
    cr_assert(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

Test(trust, a_lack_of_descriptors_is_our_fault_and_may_pass)
{
    struct words words = { { "-CApath", pki_file(&pki, "hashed") } };
    struct err e;

    for (int spare = 0; spare < 2; spare++) {
        exhaust(spare);
        e = get_refusal(cache, &words);
        cr_assert_eq(e.code, ERR_NO_DESCRIPTORS, "%s", e.msg);
        cr_assert(strstr(e.msg, "-CApath"), "%s", e.msg);
        restore();
    }
    cr_assert_eq(verdict(&words), X509_V_OK);
}

Test(trust, a_lack_of_descriptors_is_told_for_defaults_and_files_too)
{
    exhaust(0);
    cr_assert_eq(get_refusal(cache, WORDS(0)).code, ERR_NO_DESCRIPTORS);
    cr_assert_eq(get_refusal(cache, WORDS("-no-CAfile")).code,
                 ERR_NO_DESCRIPTORS);
    cr_assert_eq(
        get_refusal(cache, WORDS("-CAfile", pki_file(&pki, "root.pem"))).code,
        ERR_NO_DESCRIPTORS);
    cr_assert_eq(
        get_refusal(cache, WORDS(NO_TRUST, "-cert", pki_file(&pki, "pair.pem")))
            .code,
        ERR_NO_DESCRIPTORS);
}
