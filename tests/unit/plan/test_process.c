/* What is done once for the process: engines and random state. */
#include "pki.h"
#include "say.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void open_folder(struct pki *pki)
{
    *pki = (struct pki){ .dir = "/tmp/tlsfleet-unit-XXXXXX" };
    cr_assert_not_null(mkdtemp(pki->dir));
}

static bool begin(const struct words *w, struct err *e)
{
    struct option_set set = say(w);
    bool done = plan_process_begin(&set, e);

    options_release(&set);
    return done;
}

static bool end(const struct words *w, struct err *e)
{
    struct option_set set = say(w);
    bool done = plan_process_end(&set, e);

    options_release(&set);
    return done;
}

/* ---- random numbers ---- */

Test(process, files_of_random_bytes_are_read_all_of_them)
{
    struct err e = { 0 };
    struct pki pki;
    char both[256];

    open_folder(&pki);
    pki_write(&pki, "a", "some bytes");
    snprintf(both, sizeof(both), "%s/a::%s/nowhere", pki.dir, pki.dir);
    cr_assert(begin(WORDS("-rand", pki_file(&pki, "a")), &e), "%s", e.msg);
    cr_assert_not(
        begin(WORDS("-rand", pki_file(&pki, "a"), "-rand", both), &e));
    cr_assert_eq(e.code, ERR_FILE, "%s", e.msg);
    cr_assert(strstr(e.msg, "'-rand'") && strstr(e.msg, "/nowhere'"), "%s",
              e.msg);
    pki_free(&pki);
}

static size_t size_of(const char *name, unsigned *mode)
{
    struct stat st;

    cr_assert(stat(name, &st) == 0, "%s is not there", name);
    *mode = st.st_mode & 07777;
    return (size_t)st.st_size;
}

Test(process, random_state_is_saved_for_its_owner_alone)
{
    struct err e = { 0 };
    struct pki pki;
    const char *name;
    unsigned mode;

    open_folder(&pki);
    name = pki_file(&pki, "state");
    pki_write(&pki, "state", "of before");
    cr_assert(chmod(name, 0666) == 0);
    cr_assert(end(WORDS("-writerand", name), &e), "%s", e.msg);
    cr_assert_eq(size_of(name, &mode), 1024);
    cr_assert_eq(mode, 0600);
    pki_free(&pki);
}

Test(process, no_word_saves_nothing)
{
    struct err e = { 0 };

    cr_assert(begin(WORDS("-alpn", "h2"), &e));
    cr_assert(end(WORDS("-alpn", "h2"), &e));
}

Test(process, a_place_that_is_no_file_is_left_alone)
{
    struct err e = { 0 };
    struct stat st;
    struct pki pki;
    const char *link;

    open_folder(&pki);
    link = pki_file(&pki, "link");
    cr_assert(symlink("/nonexistent/target", link) == 0);
    cr_assert_not(end(WORDS("-writerand", link), &e));
    cr_assert_eq(e.code, ERR_OUTPUT);
    cr_assert(strstr(e.msg, "'-writerand'") && strstr(e.msg, link), "%s",
              e.msg);
    cr_assert(lstat(link, &st) == 0 && S_ISLNK(st.st_mode));
    e = (struct err){ 0 };
    cr_assert_not(end(WORDS("-writerand", pki_file(&pki, "no/where")), &e));
    cr_assert(strstr(e.msg, "No such file"), "%s", e.msg);
    pki_free(&pki);
}

/* ---- engines ---- */

Test(process, an_engine_that_cannot_be_had_is_a_failure)
{
    struct err e = { 0 };

    if (!plan_have(NEEDS_ENGINE))
        cr_skip_test("this OpenSSL has no engines");
    cr_assert_not(begin(WORDS("-engine", "nosuch"), &e));
    cr_assert_eq(e.code, ERR_FILE, "%s", e.msg);
    cr_assert(strstr(e.msg, "'-engine'") && strstr(e.msg, "'nosuch'"), "%s",
              e.msg);
}

Test(process, an_engine_of_the_library_is_taken)
{
    struct err e = { 0 };

    if (!plan_have(NEEDS_ENGINE))
        cr_skip_test("this OpenSSL has no engines");
    cr_assert(begin(WORDS("-engine", "dynamic"), &e), "%s", e.msg);
}

Test(process, keys_and_certificates_are_asked_of_an_engine_by_name)
{
    struct plan_cache *cache = new_cache();
    struct err e;

    if (!plan_have(NEEDS_ENGINE))
        cr_skip_test("this OpenSSL has no engines");
    e = get_refusal(cache, WORDS("-engine", "nosuch", "-keyform", "ENGINE",
                                 "-key", "mine"));
    cr_assert_eq(e.code, ERR_FILE, "%s", e.msg);
    cr_assert(strstr(e.msg, "'mine'") && strstr(e.msg, "'nosuch'"), "%s",
              e.msg);
    e = get_refusal(cache, WORDS("-ssl_client_engine", "nosuch"));
    cr_assert_eq(e.code, ERR_FILE, "%s", e.msg);
    cr_assert(strstr(e.msg, "'nosuch'"), "%s", e.msg);
    plan_cache_free(cache);
}

Test(process, a_key_of_an_engine_needs_an_engine)
{
    struct plan_cache *cache = new_cache();
    struct err e =
        get_refusal(cache, WORDS("-keyform", "ENGINE", "-key", "mine"));

    cr_assert_eq(e.code, ERR_USAGE);
    cr_assert(strstr(e.msg, "-engine"), "%s", e.msg);
    plan_cache_free(cache);
}
