#include "options.h"
#include "words.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <string.h>

struct example {
    const char *name, *value;
};

/* Asserts that every example is refused with a message that begins with the
 * option. */
static void assert_refused(const struct example *examples, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *name = examples[i].name;
        const char *why = refusal(name, examples[i].value);

        cr_assert_not_null(why, "-%s '%s'", name, examples[i].value);
        cr_assert(why[0] == '-' && strncmp(why + 1, name, strlen(name)) == 0,
                  "%s", why);
        cr_assert_neq(why[strlen(why) - 1], '.', "%s", why);
    }
}

static void assert_accepted(const struct example *examples, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *why = refusal(examples[i].name, examples[i].value);

        cr_assert_null(why, "%s", why);
    }
}

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static int64_t number_of(const char *name, const char *value)
{
    struct option_set set = { 0 };
    int64_t number;

    say(&set, LEVEL_COMMAND, name, value);
    number = options_number(&set, option_find(name), -999);
    options_release(&set);
    return number;
}

Test(kinds, a_count_is_decimal_or_hexadecimal)
{
    cr_assert_eq(number_of("verify", "5"), 5);
    cr_assert_eq(number_of("verify", "0x10"), 16);
    cr_assert_eq(number_of("verify", "010"), 10);
    cr_assert_eq(number_of("verify", "2147483647"), INT_MAX);
}

Test(kinds, a_count_that_is_not_positive_or_not_a_number_is_refused)
{
    static const struct example bad[] = {
        { "verify", "0" },
        { "verify", "-1" },
        { "verify", "" },
        { "verify", "five" },
        { "verify", "5x" },
        { "verify", " 5" },
        { "verify", "0x" },
        { "verify", "0xg" },
        { "verify", "1e3" },
        { "verify", "5 " },
        { "verify", "2147483648" },
        { "verify", "0x0" },
        { "verify", "99999999999999999999" },
        { "verify", "0xffffffffffffffffffff" },
    };

    assert_refused(bad, COUNT(bad));
}

Test(kinds, an_int_may_be_negative)
{
    cr_assert_eq(number_of("verify_depth", "-1"), -1);
    cr_assert_eq(number_of("auth_level", "0"), 0);
    cr_assert_eq(number_of("retries", "0"), 0);
}

Test(kinds, numbers_outside_a_rows_range_are_refused)
{
    static const struct example bad[] = {
        { "port", "65536" },       { "max_send_frag", "511" },
        { "max_pipelines", "33" }, { "retries", "-1" },
        { "maxfraglen", "1000" },  { "mtu", "70000" },
        { "workers", "0" },        { "crit_days", "-1" },
    };
    static const struct example good[] = {
        { "port", "65535" },      { "max_send_frag", "16384" },
        { "max_pipelines", "1" }, { "maxfraglen", "4096" },
        { "maxfraglen", "512" },  { "maxfraglen", "0x400" },
        { "crit_days", "0" },
    };

    assert_refused(bad, COUNT(bad));
    assert_accepted(good, COUNT(good));
}

Test(kinds, seconds_are_kept_in_milliseconds)
{
    cr_assert_eq(number_of("deadline", "2"), 2000);
    cr_assert_eq(number_of("deadline", "0.5"), 500);
}

Test(kinds, a_time_that_is_none_is_refused)
{
    static const struct example bad[] = {
        { "deadline", "0" },   { "deadline", "-1" },
        { "deadline", "" },    { "deadline", "2s" },
        { "deadline", "0.0" }, { "deadline", "1.2.3" },
        { "deadline", "." },   { "deadline", "99999999999999999999" },
    };

    assert_refused(bad, COUNT(bad));
}

Test(kinds, an_epoch_has_64_bits)
{
    cr_assert_eq(number_of("attime", "9999999999"), 9999999999);
    cr_assert_eq(number_of("attime", "-1"), -1);
    cr_assert_not_null(refusal("attime", "today"));
}

Test(kinds, a_choice_is_exact)
{
    static const struct example bad[] = {
        { "starttls", "SMTP" },
        { "starttls", "smt" },
        { "starttls", "" },
        { "starttls", "smtp pop3" },
        { "min_protocol", "tlsv1.2" },
        { "color", "sometimes" },
    };
    static const struct example good[] = {
        { "starttls", "xmpp-server" },
        { "starttls", "ldap" },
        { "min_protocol", "TLSv1.2" },
        { "max_protocol", "None" },
    };

    assert_refused(bad, COUNT(bad));
    assert_accepted(good, COUNT(good));
}

Test(kinds, a_list_with_choices_has_no_other_items)
{
    static const struct example bad[] = {
        { "fail_on", "failed,vErify" },
        { "serverinfo", "5,x" },
        { "serverinfo", "65536" },
        { "serverinfo", "-1" },
    };
    static const struct example good[] = {
        { "fail_on", "failed,verify name" },
        { "serverinfo", "5,35,65535" },
        { "ciphersuites", "" },
        { "alpn", "h2,http/1.1" },
    };

    assert_refused(bad, COUNT(bad));
    assert_accepted(good, COUNT(good));
}

Test(kinds, a_format_is_known_in_any_case_and_by_its_first_letter)
{
    static const struct {
        const char *name, *value, *kept;
    } rows[] = {
        { "certform", "DER", "DER" },    { "certform", "d", "DER" },
        { "certform", "der", "DER" },    { "certform", "PEM", "PEM" },
        { "certform", "p", "PEM" },      { "certform", "P12", "P12" },
        { "certform", "pkcs12", "P12" }, { "keyform", "engine", "ENGINE" },
        { "keyform", "E", "ENGINE" },    { "CRLform", "pem", "PEM" },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct option_set set = { 0 };

        say(&set, LEVEL_COMMAND, rows[i].name, rows[i].value);
        cr_assert_str_eq(set.said[0].text, rows[i].kept);
        options_release(&set);
    }
}

Test(kinds, a_format_that_the_option_does_not_have_is_refused)
{
    static const struct example bad[] = {
        { "certform", "engine" }, { "certform", "" },   { "certform", "pe" },
        { "CRLform", "p12" },     { "keyform", "txt" }, { "certform", "pemx" },
    };

    assert_refused(bad, COUNT(bad));
}

Test(kinds, a_key_is_hexadecimal_and_never_repeated_in_a_message)
{
    static const char *const bad[] = { "12345", "xyz1", "", "0x1234" };

    cr_assert_null(refusal("psk", "00ffAB"));
    for (size_t i = 0; i < COUNT(bad); i++) {
        const char *why = refusal("psk", bad[i]);

        cr_assert_not_null(why);
        cr_assert(!*bad[i] || !strstr(why, bad[i]), "%s", why);
    }
}

Test(kinds, a_secret_says_where_it_is)
{
    static const struct example good[] = {
        { "pass", "pass:x" },        { "pass", "pass:" },
        { "pass", "env:HOME" },      { "pass", "file:/etc/passwd" },
        { "pass", "fd:0" },          { "pass", "stdin" },
        { "proxy_pass", "fd:1023" },
    };
    static const struct example bad[] = {
        { "pass", "secret" }, { "pass", "" },      { "pass", "fd:" },
        { "pass", "fd:x" },   { "pass", "fd:-1" }, { "pass", "file:" },
        { "pass", "stdin:" },
    };

    assert_accepted(good, COUNT(good));
    assert_refused(bad, COUNT(bad));
    cr_assert_null(strstr(refusal("pass", "swordfish"), "swordfish"));
}

Test(kinds, an_address_is_read_as_s_client_does)
{
    static const struct example bad[] = {
        { "connect", "a:b:c" },
        { "proxy", "[::1" },
        { "bind", "::1" },
    };
    static const struct example good[] = {
        { "connect", "a:443" },
        { "connect", "a" },
        { "bind", "[::1]:0" },
    };

    assert_refused(bad, COUNT(bad));
    assert_accepted(good, COUNT(good));
}

Test(kinds, an_end_of_ours_can_be_used_or_is_refused_at_once)
{
    static const struct example bad[] = {
        { "bind", "127.0.0.1:65536" },
        { "bind", "a b" },
        { "bind", "127.0.0.1:-1" },
        { "proxy", "" },
        { "proxy", "*" },
        { "proxy", ":3128" },
        { "proxy", "p:0" },
        { "proxy", "p:65536" },
        { "proxy", "p/q:80" },
    };
    static const struct example good[] = {
        { "bind", "" },           { "bind", ":0" },
        { "bind", "*:1024" },     { "bind", "[fe80::1%eth0]" },
        { "proxy", "p" },         { "proxy", "p:*" },
        { "proxy", "p_q:squid" }, { "proxy", "[::1]:3128" },
    };

    assert_refused(bad, COUNT(bad));
    assert_accepted(good, COUNT(good));
}

Test(kinds, a_line_end_cannot_be_smuggled_into_a_text)
{
    static const struct example bad[] = {
        { "name", "a\r\nRCPT TO:x" },
        { "name", "a b" },
        { "xmpphost", "a'/><b" },
        { "servername", "a\nb" },
    };

    assert_refused(bad, COUNT(bad));
}

Test(kinds, a_path_and_a_name_of_code_are_not_empty)
{
    static const struct example bad[] = {
        { "CAfile", "" },   { "CApath", "" },        { "keylogfile", "" },
        { "provider", "" }, { "provider-path", "" },
    };

    assert_refused(bad, COUNT(bad));
}

Test(kinds, a_flag_takes_no_value_on_the_command_line)
{
    cr_assert_str_eq(refusal("4", "x"), "-4: takes no value, but got 'x'");
    cr_assert_not_null(refusal("tls1_3", "true"));
    cr_assert_null(refusal("4", NULL));
}

Test(kinds, a_value_that_is_missing_is_named)
{
    cr_assert_str_eq(refusal("mtu", NULL), "-mtu: a value is missing: bytes");
}

Test(kinds, yaml_flags_are_true_or_false_and_nothing_else)
{
    struct option_set set = { 0 };
    struct err e = { 0 };
    struct option_word word = { .name = "brief", .from_yaml = true };

    word.value = "true";
    cr_assert(options_say(&set, &word, &e));
    word.value = "false";
    cr_assert(options_say(&set, &word, &e));
    cr_assert(!set.said[0].off && set.said[1].off);
    word.value = "no";
    cr_assert_not(options_say(&set, &word, &e));
    cr_assert_str_eq(e.msg, "brief: 'no' is not true or false");
    options_release(&set);
}

/* What is kept of a value that a list in directory "dir" says. */
static void assert_kept(const char *name, const char *value, const char *kept)
{
    struct option_set set = { 0 };
    struct err e = { 0 };
    struct option_word word = {
        .name = name, .value = value, .level = LEVEL_COMMAND, .base_dir = "dir"
    };

    cr_assert(options_say(&set, &word, &e), "%s", e.msg);
    cr_assert_str_eq(set.said[0].text, kept);
    options_release(&set);
}

Test(kinds, relative_paths_begin_at_the_list)
{
    assert_kept("CAfile", "ca.pem", "dir/ca.pem");
    assert_kept("CAfile", "c:ca.pem", "dir/c:ca.pem");
    assert_kept("CApath", "certs", "dir/certs");
    assert_kept("sess_out", "s{index}.pem", "dir/s{index}.pem");
    assert_kept("unix", "run/sock", "dir/run/sock");
    assert_kept("provider-path", "modules", "dir/modules");
    assert_kept("pass", "file:secret.txt", "file:dir/secret.txt");
}

Test(kinds, what_is_no_relative_path_stays)
{
    assert_kept("CAfile", "/etc/ca.pem", "/etc/ca.pem");
    assert_kept("key", "pkcs11:token=a;object=b", "pkcs11:token=a;object=b");
    assert_kept("cert", "file:/etc/x.pem", "file:/etc/x.pem");
    assert_kept("targets", "-", "-");
    assert_kept("pass", "pass:file", "pass:file");
    assert_kept("pass", "env:file", "env:file");
    assert_kept("pass", "file:/etc/secret", "file:/etc/secret");
    assert_kept("servername", "ca.pem", "ca.pem");
}
