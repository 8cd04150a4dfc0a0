/* What cannot be used is refused with a sentence that names the option and its
 * value. */
#include "say.h"

#include <criterion/criterion.h>

#include <string.h>

#define NO_TRUST "-no-CAfile", "-no-CApath", "-no-CAstore"

/* The last two words are the option and the value of the sentence. */
static const struct {
    struct words words;
    enum err_code code;
    const char *part; /* of the sentence */
} rows[] = {
    { { { "-cipher", "NOSUCH" } }, ERR_USAGE, "no cipher match" },
    { { { "-ciphersuites", "NOSUCH" } }, ERR_USAGE, "OpenSSL" },
    { { { "-groups", "NOSUCH" } }, ERR_USAGE, "OpenSSL" },
    { { { "-sigalgs", "NOSUCH" } }, ERR_USAGE, "OpenSSL" },
    { { { "-client_sigalgs", "NOSUCH" } }, ERR_USAGE, "OpenSSL" },
    { { { "-record_padding", "99999" } }, ERR_USAGE, "OpenSSL" },
    { { { "-record_padding", "x" } }, ERR_USAGE, "no number" },
    { { { "-record_padding", "512x" } }, ERR_USAGE, "no number" },
    { { { "-record_padding", "512," } }, ERR_USAGE, "no number" },
    { { { "-policy", "no such policy" } }, ERR_USAGE, "object identifier" },
    { { { "-verify_ip", "1.2.3.4.5" } }, ERR_USAGE, "address" },
    { { { "-alpn", ",," } }, ERR_USAGE, "commas" },
    { { { "-nextprotoneg", ",," } }, ERR_USAGE, "commas" },
    { { { "-use_srtp", "NOSUCH" } }, ERR_USAGE, "OpenSSL" },
    { { { "-requestCAfile", "/nonexistent" } }, ERR_FILE, "No such file" },
    { { { "-psk_session", "/nonexistent" } }, ERR_FILE, "No such file" },
    { { { "-sess_in", "/nonexistent" } }, ERR_FILE, "No such file" },
    { { { "-sess_in", "/dev/null" } }, ERR_FILE, "not a regular file" },
    { { { "-early_data", "/nonexistent" } }, ERR_FILE, "No such file" },
    { { { "-early_data", "/dev/zero" } }, ERR_FILE, "not a regular file" },
    { { { "-input", "/" } }, ERR_FILE, "not a regular file" },
    { { { "-nameopt", "nosuch" } }, ERR_USAGE, "name style" },
    { { { "-CAfile", "/nonexistent" } }, ERR_FILE, "No such file" },
    { { { "-CApath", "/nonexistent" } }, ERR_FILE, "No such file" },
    { { { "-CAstore", "/nonexistent" } }, ERR_FILE, "No such file" },
    { { { "-verifyCAfile", "/nonexistent" } }, ERR_FILE, "No such file" },
    { { { "-verifyCApath", "/nonexistent" } }, ERR_FILE, "No such file" },
    { { { "-verifyCAstore", "/nonexistent" } }, ERR_FILE, "No such file" },
    { { { "-chainCAfile", "/nonexistent" } }, ERR_FILE, "No such file" },
    { { { "-chainCApath", "/nonexistent" } }, ERR_FILE, "No such file" },
    { { { "-chainCAstore", "/nonexistent" } }, ERR_FILE, "No such file" },
    { { { "-CRL", "/nonexistent" } }, ERR_FILE, "No such file" },
    { { { "-cert", "/nonexistent" } }, ERR_FILE, "No such file" },
    { { { "-key", "/nonexistent" } }, ERR_FILE, "No such file" },
    { { { "-xcert", "/nonexistent" } }, ERR_FILE, "No such file" },
    { { { "-CRL", "http://192.0.2.1/x" } }, ERR_UNSUPPORTED, "network" },
    { { { "-CAstore", "https://192.0.2.1/x" } }, ERR_UNSUPPORTED, "network" },
    { { { "-cert", "HTTP://192.0.2.1/x" } }, ERR_UNSUPPORTED, "network" },
    { { { "-xcert", "http://192.0.2.1/x" } }, ERR_UNSUPPORTED, "network" },
};

static void check(struct plan_cache *cache, size_t i)
{
    struct words words = { { NO_TRUST, rows[i].words.word[0],
                             rows[i].words.word[1] } };
    struct err e = get_refusal(cache, &words);

    cr_expect_eq(e.code, rows[i].code, "row %zu: %s", i, e.msg);
    cr_expect(strstr(e.msg, rows[i].part), "row %zu: %s", i, e.msg);
    cr_expect(strstr(e.msg, rows[i].words.word[0]), "row %zu: %s", i, e.msg);
    cr_expect(strstr(e.msg, rows[i].words.word[1]), "row %zu: %s", i, e.msg);
    cr_expect(e.msg[strlen(e.msg) - 1] != '.' && !strchr(e.msg, '\n'));
}

Test(refusals, a_bad_value_is_named_with_its_option_and_the_reason)
{
    struct plan_cache *cache = new_cache();

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check(cache, i);
    plan_cache_free(cache);
}

Test(refusals, what_s_client_lists_and_never_takes_is_refused_in_its_words)
{
    struct plan_cache *cache = new_cache();
    struct err e = get_refusal(cache, WORDS(NO_TRUST, "-serverpref"));

    cr_assert_eq(e.code, ERR_USAGE);
    cr_assert(
        strstr(e.msg, "Call to SSL_CONF_cmd(-serverpref, <NULL>) failed"));
    e = get_refusal(cache, WORDS(NO_TRUST, "-named_curve", "P-256"));
    cr_assert(
        strstr(e.msg, "Call to SSL_CONF_cmd(-named_curve, P-256) failed"));
    plan_cache_free(cache);
}

/* Every row with such a handler, whatever rows there are. */
Test(refusals, no_refused_or_later_option_is_passed_over)
{
    struct plan_cache *cache = new_cache();

    for (size_t i = 0; i < OPTIONS_COUNT; i++) {
        const struct option_row *row = &option_rows[i];
        struct option_said said = { .id = (enum option_id)i };
        struct option_set set = { .said = &said, .count = 1 };
        struct err e = { 0 };

        if (row->scope == OPTION_SCOPE_RUN || row->scope == OPTION_SCOPE_TTY
            || strcmp(row->handler, "refused") != 0)
            continue;
        cr_expect_null(plan_get(cache, &set, &e), "-%s was taken", row->name);
        cr_expect(strstr(e.msg, row->name), "-%s: %s", row->name, e.msg);
    }
    plan_cache_free(cache);
}

Test(refusals, a_directory_of_nothing_to_the_point_is_taken)
{
    struct plan_cache *cache = new_cache();

    plan_put(get_plan(cache, WORDS("-CApath", "/")));
    plan_cache_free(cache);
}
