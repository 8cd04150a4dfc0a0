#include "words.h"

#include <criterion/criterion.h>
#include <string.h>

/* Words of one level: name, value, name, value, ..., NULL. */
typedef const char *words_of[9];

static void say_all(struct option_set *set, const char *const *words)
{
    for (size_t i = 0; words[i]; i += 2)
        say(set, LEVEL_COMMAND, words[i], *words[i + 1] ? words[i + 1] : NULL);
}

/* Each row is refused, and accepted without its last word. */
static void assert_all_conflict(const words_of *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct option_set set = { 0 };
        struct err e = { 0 };

        say_all(&set, rows[i]);
        cr_assert_not(options_check_conflicts(&set, &e), "row %zu", i);
        cr_assert_eq(e.code, ERR_USAGE);
        cr_assert_not(options_check(&set, &e));
        set.count--;
        cr_assert(options_check_conflicts(&set, &(struct err){ 0 }));
        set.count++;
        options_release(&set);
    }
}

Test(rules, what_s_client_does_not_allow_together_is_refused)
{
    static const words_of rows[] = {
        { "4", "", "6", "" },
        { "servername", "a", "noservername", "" },
        { "noservername", "", "dane_tlsa_domain", "a" },
        { "nextprotoneg", "h2", "tls1_3", "" },
        { "tls1_2", "", "tls1_3", "" },
        { "dtls", "", "tls1_2", "" },
        { "tls1_2", "", "no_tls1", "" },
        { "no_tls1_3", "", "dtls1_2", "" },
        { "unix", "/s", "4", "" },
        { "connect", "a", "unix", "/s" },
        { "unix", "/s", "bind", "127.0.0.1" },
        { "proxy", "127.0.0.1:1", "unix", "/s" },
        { "port", "25", "unix", "/s" },
        { "unix", "/s", "dtls", "" },
        { "tfo", "", "dtls", "" },
        { "interactive", "", "targets", "x" },
        { "interactive", "", "dry_run", "" },
        { "batch", "", "interactive", "" },
    };

    assert_all_conflict(rows, sizeof(rows) / sizeof(rows[0]));
}

Test(rules, the_message_names_both_and_what_to_do)
{
    struct option_set set = { 0 };
    struct err e = { 0 };

    say(&set, LEVEL_COMMAND, "tls1_2", NULL);
    say(&set, LEVEL_COMMAND, "tls1_3", NULL);
    cr_assert_not(options_check(&set, &e));
    cr_assert_str_eq(e.msg, "-tls1_2 and -tls1_3 exclude each other: for a "
                            "range use -min_protocol and -max_protocol");
    options_release(&set);
}

Test(rules, saying_the_same_twice_is_no_conflict)
{
    struct option_set set = { 0 };
    struct err e = { 0 };

    say(&set, LEVEL_COMMAND, "4", NULL);
    say(&set, LEVEL_COMMAND, "4", NULL);
    say(&set, LEVEL_COMMAND, "no_tls1", NULL);
    say(&set, LEVEL_COMMAND, "no_tls1_1", NULL);
    say(&set, LEVEL_COMMAND, "ct", NULL);
    say(&set, LEVEL_COMMAND, "noct", NULL);
    cr_assert(options_check(&set, &e), "%s", e.msg);
    options_release(&set);
}

Test(rules, members_of_different_levels_are_no_conflict)
{
    struct option_set set = { 0 };
    struct err e = { 0 };

    say(&set, LEVEL_DEFAULTS, "4", NULL);
    say(&set, LEVEL_TARGET, "6", NULL);
    cr_assert(options_check_conflicts(&set, &e), "%s", e.msg);
    options_release(&set);
}

Test(rules, a_conflict_in_a_lower_level_shows_before_settling)
{
    struct option_set set = { 0 };
    struct err e = { 0 };

    say(&set, LEVEL_DEFAULTS, "4", NULL);
    say(&set, LEVEL_DEFAULTS, "6", NULL);
    say(&set, LEVEL_TARGET, "4", NULL);
    cr_assert_not(options_check_conflicts(&set, &e));
    options_settle(&set);
    cr_assert(options_check(&set, &(struct err){ 0 }));
    options_release(&set);
}

/* The first word needs one of the second; both together are fine. */
Test(rules, an_option_that_needs_another_is_refused_alone)
{
    static const words_of rows[] = {
        { "proxy_pass", "pass:x", "proxy_user", "u" },
        { "dane_tlsa_domain", "a", "dane_tlsa_rrdata", "3 1 1 AB" },
        { "dane_tlsa_rrdata", "3 1 1 AB", "dane_tlsa_domain", "a" },
        { "sctp", "", "dtls1_2", "" },
        { "sctp", "", "dtls", "" },
        { "keyform", "ENGINE", "engine", "e" },
        { "quic", "", "alpn", "h3" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct option_set set = { 0 };
        struct err e = { 0 };

        say_all(&set, rows[i]);
        cr_assert(options_check(&set, &e), "%s", e.msg);
        set.count--;
        cr_assert_not(options_check(&set, &e), "row %zu", i);
        cr_assert(strstr(e.msg, rows[i][0]) && strstr(e.msg, " needs -"), "%s",
                  e.msg);
        set.count++;
        options_release(&set);
    }
}

Test(rules, a_need_that_depends_on_a_value_looks_at_it)
{
    struct option_set set = { 0 };
    struct err e = { 0 };

    say(&set, LEVEL_COMMAND, "keyform", "PEM");
    cr_assert(options_check(&set, &e), "%s", e.msg);
    options_release(&set);
}

static bool have_all(enum option_needs needs)
{
    return needs < NEEDS_COUNT;
}

static bool have_no_srtp(enum option_needs needs)
{
    return needs != NEEDS_SRTP && needs != NEEDS_SSL3;
}

Test(rules, an_option_that_openssl_lacks_says_so)
{
    struct option_set set = { 0 };
    struct err e = { 0 };

    say(&set, LEVEL_COMMAND, "ssl3", NULL);
    cr_assert(options_check_supported(&set, have_all, &e), "%s", e.msg);
    cr_assert_not(options_check_supported(&set, have_no_srtp, &e));
    cr_assert_eq(e.code, ERR_UNSUPPORTED);
    cr_assert_str_eq(
        e.msg, "-ssl3: this OpenSSL was built without SSLv3 (enable-ssl3)");
    options_release(&set);
}

static bool have_nothing(enum option_needs needs)
{
    return needs == NEEDS_NOTHING;
}

/* An option and the sentence for it, where OpenSSL is too old or was built
 * without what it takes. */
static const char *const lacking[][2] = {
    { "adv", "-adv needs OpenSSL 3.2 or newer, and this one is older" },
    { "no_tx_cert_comp",
      "-no_tx_cert_comp needs OpenSSL 3.2 or newer, and this one is older" },
    { "no_rx_cert_comp",
      "-no_rx_cert_comp needs OpenSSL 3.2 or newer, and this one is older" },
    { "prefer_no_dhe_kex",
      "-prefer_no_dhe_kex needs OpenSSL 3.3 or newer, and this one is older" },
    { "no-interactive",
      "-no-interactive needs OpenSSL 3.5 or newer, and this one is older" },
    { "no_ems", "-no_ems needs OpenSSL 3.5 or newer, and this one is older" },
    { "provparam",
      "-provparam needs OpenSSL 3.5 or newer, and this one is older" },
    { "enable_server_rpk",
      "-enable_server_rpk: this OpenSSL was built without raw public keys "
      "(OpenSSL 3.2 or newer)" },
    { "enable_client_rpk",
      "-enable_client_rpk: this OpenSSL was built without raw public keys "
      "(OpenSSL 3.2 or newer)" },
    { "quic",
      "-quic: this OpenSSL was built without QUIC (OpenSSL 3.5 or newer)" },
    { "ktls",
      "-ktls: this OpenSSL was built without kernel TLS (enable-ktls)" },
};

Test(rules, an_option_of_a_newer_openssl_names_what_it_needs)
{
    for (size_t i = 0; i < sizeof(lacking) / sizeof(lacking[0]); i++) {
        struct option_set set = { 0 };
        struct err e = { 0 };
        const char *name = lacking[i][0];

        say(&set, LEVEL_COMMAND, name,
            strcmp(name, "provparam") == 0 ? "a=b" : NULL);
        cr_expect(options_check_supported(&set, have_all, &e), "%s", e.msg);
        cr_expect_not(options_check_supported(&set, have_nothing, &e));
        cr_expect_str_eq(e.msg, lacking[i][1]);
        options_release(&set);
    }
}

Test(rules, what_only_servers_may_say_is_refused)
{
    struct option_set set = { 0 };
    struct err e = { 0 };

    say(&set, LEVEL_COMMAND, "serverpref", NULL);
    cr_assert_not(options_check_supported(&set, have_all, &e));
    cr_assert_eq(e.code, ERR_UNSUPPORTED);
    options_release(&set);
}

Test(rules, every_option_that_cannot_be_used_is_refused)
{
    for (enum option_id id = 0; id < OPTIONS_COUNT; id++) {
        struct option_said said = { .id = id };
        struct option_set set = { .said = &said, .count = 1 };
        struct err e = { 0 };
        const bool usable = strcmp(option_rows[id].handler, "refused") != 0;

        cr_assert_eq(options_check_supported(&set, have_all, &e), usable, "-%s",
                     option_rows[id].name);
    }
}
