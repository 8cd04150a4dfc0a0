/* What a connection begins with: sessions of files, early data, a request. */
#include "base/fault.h"
#include "base/mem.h"
#include "pki.h"
#include "say.h"

#include <criterion/criterion.h>

#include <fcntl.h>
#include <openssl/pem.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NO_TRUST "-no-CAfile", "-no-CApath", "-no-CAstore"

static struct pki pki;
static struct plan_cache *cache;

static void set_up(void)
{
    pki_new(&pki);
    pki_write(&pki, "four", "1234");
    pki_write(&pki, "five", "12345");
    cache = new_cache();
}

static void tear_down(void)
{
    plan_cache_free(cache);
    pki_free(&pki);
}

TestSuite(session, .init = set_up, .fini = tear_down);

/* The session of the pki, allowing so much early data; its path. */
static const char *session_with(uint32_t early)
{
    const char *path = pki_file(&pki, "early.pem");
    BIO *bio = BIO_new_file(pki_file(&pki, "session.pem"), "r");
    SSL_SESSION *session = PEM_read_bio_SSL_SESSION(bio, NULL, NULL, NULL);

    BIO_free(bio);
    cr_assert(SSL_SESSION_set_max_early_data(session, early));
    bio = BIO_new_file(path, "w");
    cr_assert(PEM_write_bio_SSL_SESSION(bio, session));
    BIO_free(bio);
    SSL_SESSION_free(session);
    return path;
}

/* ---- sessions ---- */

Test(session, of_a_file_is_there_for_every_connection)
{
    const struct plan *p = get_plan(
        cache, WORDS(NO_TRUST, "-sess_in", pki_file(&pki, "session.pem")));

    cr_expect_eq(SSL_SESSION_get_protocol_version(plan_settings(p)->session),
                 TLS1_3_VERSION);
    plan_put(p);
}

Test(session, is_none_without_the_word)
{
    const struct plan *p = get_plan(cache, WORDS(NO_TRUST));

    cr_expect_null(plan_settings(p)->session);
    cr_expect_null(plan_settings(p)->early_data);
    cr_expect_null(plan_settings(p)->input);
    plan_put(p);
}

Test(session, in_a_file_of_something_else_is_none)
{
    const struct err e = get_refusal(
        cache, WORDS(NO_TRUST, "-sess_in", pki_file(&pki, "root.pem")));

    cr_expect_eq(e.code, ERR_FILE);
    cr_expect(strstr(e.msg, "option '-sess_in'"), "%s", e.msg);
    cr_expect(strstr(e.msg, "root.pem' holds no session in PEM"), "%s", e.msg);
}

Test(session, that_is_encrypted_makes_nobody_ask_for_a_pass_phrase)
{
    struct err e;

    pki_write(&pki, "locked.session",
              "-----BEGIN SSL SESSION PARAMETERS-----\n"
              "Proc-Type: 4,ENCRYPTED\n"
              "DEK-Info: AES-128-CBC,000102030405060708090A0B0C0D0E0F\n\n"
              "AAAAAAAAAAAAAAAAAAAAAA==\n"
              "-----END SSL SESSION PARAMETERS-----\n");
    e = get_refusal(
        cache, WORDS(NO_TRUST, "-sess_in", pki_file(&pki, "locked.session")));
    cr_expect_eq(e.code, ERR_FILE, "%s", e.msg);
}

Test(session, in_a_file_without_end_is_refused_for_its_size)
{
    const char *path = pki_file(&pki, "large");
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    struct err e;

    cr_assert(fd >= 0 && ftruncate(fd, 1024 * 1024 + 1) == 0);
    close(fd);
    e = get_refusal(cache, WORDS(NO_TRUST, "-sess_in", path));
    cr_expect_eq(e.code, ERR_FILE);
    cr_expect(strstr(e.msg, "has 1048577 bytes, 1048576 are taken"), "%s",
              e.msg);
}

Test(session, in_a_fifo_makes_nobody_wait)
{
    const char *path = pki_file(&pki, "fifo");
    struct err e;

    cr_assert(mkfifo(path, 0600) == 0);
    e = get_refusal(cache, WORDS(NO_TRUST, "-sess_in", path));
    cr_expect(strstr(e.msg, "not a regular file"), "%s", e.msg);
}

/* ---- what is sent ---- */

Test(session, a_file_to_be_sent_is_read_once_for_all)
{
    const char *path = pki_file(&pki, "five");
    const struct plan *one = get_plan(cache, WORDS(NO_TRUST, "-input", path));
    const struct plan *two =
        get_plan(cache, WORDS(NO_TRUST, "-input", path, "-retries", "0"));

    cr_expect_neq(one, two);
    cr_expect_eq(plan_settings(one)->input, plan_settings(two)->input);
    plan_put(one);
    plan_put(two);
}

Test(session, an_empty_file_is_an_empty_request)
{
    const struct plan *p;

    pki_write(&pki, "empty", "");
    p = get_plan(cache, WORDS(NO_TRUST, "-input", pki_file(&pki, "empty")));
    cr_assert_not_null(plan_settings(p)->input);
    cr_expect_eq(plan_settings(p)->input->len, 0);
    plan_put(p);
}

Test(session, early_data_without_a_session_is_told_of)
{
    const struct plan *p =
        get_plan(cache, WORDS(NO_TRUST, "-early_data", pki_file(&pki, "four")));

    cr_expect(strstr(plan_warnings(p), "nothing is sent without a session"),
              "%s", plan_warnings(p));
    plan_put(p);
}

Test(session, early_data_that_the_session_forbids_is_told_of)
{
    const struct plan *p =
        get_plan(cache, WORDS(NO_TRUST, "-sess_in", session_with(0),
                              "-early_data", pki_file(&pki, "four")));

    cr_expect(strstr(plan_warnings(p), "allows no early data"), "%s",
              plan_warnings(p));
    plan_put(p);
}

Test(session, early_data_may_be_as_long_as_the_session_allows)
{
    const struct plan *p =
        get_plan(cache, WORDS(NO_TRUST, "-sess_in", session_with(4),
                              "-early_data", pki_file(&pki, "four")));
    struct err e;

    cr_expect_str_eq(plan_warnings(p), "");
    plan_put(p);
    e = get_refusal(cache, WORDS(NO_TRUST, "-sess_in", session_with(4),
                                 "-early_data", pki_file(&pki, "five")));
    cr_expect_eq(e.code, ERR_USAGE);
    cr_expect(strstr(e.msg, "has 5 bytes, the session allows 4"), "%s", e.msg);
}

Test(session, early_data_goes_by_the_session_of_a_key_too)
{
    const struct err e =
        get_refusal(cache, WORDS(NO_TRUST, "-psk_session", session_with(4),
                                 "-early_data", pki_file(&pki, "five")));

    cr_expect_eq(e.code, ERR_USAGE, "%s", e.msg);
}

Test(session, early_data_may_wait_for_the_session_of_a_reconnect)
{
    const struct plan *p = get_plan(
        cache,
        WORDS(NO_TRUST, "-reconnect", "-early_data", pki_file(&pki, "four")));

    cr_expect_str_eq(plan_warnings(p), "");
    plan_put(p);
}

#ifndef TLSFLEET_RELEASE
Test(session, lack_of_memory_is_no_refusal)
{
    struct option_set set =
        say(WORDS(NO_TRUST, "-sess_in", session_with(9), "-early_data",
                  pki_file(&pki, "four"), "-input", pki_file(&pki, "five")));
    long n = 0;

    do {
        struct plan_cache *own = new_cache();
        struct err e = { 0 };
        const struct plan *p;

        fault_arm(++n);
        p = plan_get(own, &set, &e);
        if (!p)
            cr_expect_eq(e.code, ERR_NO_MEMORY, "allocation %ld: %s", n, e.msg);
        plan_put(p);
        plan_cache_free(own);
    } while (fault_seen() >= n);
    fault_arm(-1);
    cr_expect_gt(n, 10);
    mem_forget();
    options_release(&set);
}
#endif
