#include "base/fault.h"
#include "base/hostport.h"
#include "base/mem.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void assert_part(const char *found, const char *expected,
                        const char *text)
{
    if (found && expected)
        cr_assert_str_eq(found, expected, "'%s'", text);
    else
        cr_assert_eq(found, expected, "'%s'", text);
}

Test(hostport, it_is_read_as_s_client_does)
{
    static const struct {
        const char *text, *host, *port;
    } rows[] = {
        { "a.example", "a.example", NULL },
        { "a.example:443", "a.example", "443" },
        { "a.example:https", "a.example", "https" },
        { "[2001:db8::1]:443", "2001:db8::1", "443" },
        { "[::1]", "::1", NULL },
        { "a:", "a", NULL },
        { "a:*", "a", NULL },
        { ":443", NULL, "443" },
        { "*:443", NULL, "443" },
        { "[]:443", NULL, "443" },
        { "[a]:443", "a", "443" },
        { "[::1]:", "::1", NULL },
        { "", NULL, NULL },
        { "*", NULL, NULL },
        { ":", NULL, NULL },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct hostport hp;
        struct err e = { 0 };

        cr_assert(hostport_parse(&hp, rows[i].text, &e), "%s", e.msg);
        assert_part(hp.host, rows[i].host, rows[i].text);
        assert_part(hp.port, rows[i].port, rows[i].text);
        hostport_release(&hp);
    }
}

static void assert_refused(const char *text)
{
    struct hostport hp;
    struct err e = { 0 };

    cr_assert_not(hostport_parse(&hp, text, &e), "'%s'", text);
    cr_assert_eq(e.code, ERR_ADDRESS);
    cr_assert_null(hp.host);
    cr_assert_null(hp.port);
    cr_assert_not_null(strstr(e.msg, "is not host:port"));
}

Test(hostport, a_second_colon_is_refused)
{
    assert_refused("a:b:c");
    assert_refused("2001:db8::1");
    assert_refused("::1");
    assert_refused("a::");
    assert_refused("[::1]:4:5");
}

Test(hostport, brackets_are_closed_and_nothing_but_a_port_follows)
{
    assert_refused("[::1");
    assert_refused("[");
    assert_refused("[::1]443");
    assert_refused("[::1]]:443");
}

Test(hostport, a_message_does_not_repeat_all_of_a_long_text)
{
    char text[5000];
    struct hostport hp;
    struct err e = { 0 };

    memset(text, ':', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    cr_assert_not(hostport_parse(&hp, text, &e));
    cr_assert_not_null(strstr(e.msg, "[address]:port"));
}

Test(hostport, parsing_without_memory_fails_cleanly)
{
    for (long nth = 1; nth <= 2; nth++) {
        struct hostport hp;
        struct err e = { 0 };

        fault_arm(nth);
        cr_assert_not(hostport_parse(&hp, "a:443", &e));
        fault_arm(0);
        cr_assert_eq(e.code, ERR_NO_MEMORY);
        cr_assert_null(hp.host);
        cr_assert_null(hp.port);
    }
}

Test(hostport, it_is_printed_so_that_it_reads_back)
{
    static const struct {
        const char *host, *port, *text;
    } rows[] = {
        { "a", "443", "a:443" },       { "a", NULL, "a" },
        { "::1", "443", "[::1]:443" }, { "::1", NULL, "[::1]" },
        { NULL, "443", ":443" },       { NULL, NULL, "" },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = hostport_print(rows[i].host, rows[i].port);
        struct hostport hp;
        struct err e = { 0 };

        cr_assert_str_eq(text, rows[i].text);
        cr_assert(hostport_parse(&hp, text, &e));
        assert_part(hp.host, rows[i].host, text);
        assert_part(hp.port, rows[i].port, text);
        hostport_release(&hp);
        mem_free(text);
    }
}

Test(hostport, printing_without_memory_gives_nothing)
{
    char *text;

    fault_arm(1);
    text = hostport_print("a", "443");
    fault_arm(0);
    cr_assert_null(text);
}

/* Asserts what a question answers for lists of texts that end in NULL. */
static void assert_answers(bool (*question)(const char *),
                           const char *const *yes, const char *const *no)
{
    for (; *yes; yes++)
        cr_assert(question(*yes), "'%s'", *yes);
    for (; *no; no++)
        cr_assert_not(question(*no), "'%s'", *no);
}

Test(hostport, literals_are_addresses)
{
    static const char *const yes[] = {
        "127.0.0.1",    "::1",       "2001:db8::1", "::ffff:10.0.0.1",
        "fe80::1%eth0", "fe80::1%2", NULL,
    };
    static const char *const no[] = {
        "",
        "a",
        "127.0.0",
        "127.0.0.256",
        "::1::",
        "[::1]",
        "127.0.0.1%eth0",
        "fe80::1%",
        "fe80::1%eth0/../x",
        "fe80::1%abcdefghijklmnop",
        "1:2",
        "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
        NULL,
    };

    assert_answers(hostport_is_address, yes, no);
}

/* Text of n letters before a tail; valid until the next call. */
static const char *letters(size_t n, const char *tail)
{
    static char text[400];

    memset(text, 'a', n);
    memcpy(text + n, tail, strlen(tail) + 1);
    return text;
}

Test(hostport, names_that_s_client_sends_as_sni_are_dns_names)
{
    static const char *const yes[] = {
        "a.b",     "www.example.com",       "_x._tcp.example", "a-b.c",
        "1.2.3.d", "xn--bcher-kva.example", "1_1.1",           "a.1",
        NULL,
    };
    static const char *const no[] = {
        "",
        "localhost",
        "example.com.",
        ".example.com",
        "a..b",
        "-a.b",
        "a-.b",
        "a.-b",
        "a.b-",
        "127.0.0.1",
        "1.2",
        "a.b c",
        "::1",
        "a.b:443",
        "b\xc3\xbc.example",
        "a.b\n",
        ".",
        "a.*",
        NULL,
    };

    assert_answers(hostport_is_dns_name, yes, no);
    cr_assert(hostport_is_dns_name(letters(62, ".b")));
    cr_assert_not(hostport_is_dns_name(letters(63, ".b")));
}

Test(hostport, what_may_stand_in_a_dialogue_is_a_host)
{
    static const char *const yes[] = {
        "a",          "localhost", "a_b.c-d", "10.0.0.1", "::1", "fe80::1%eth0",
        "a.example.", "azAZ09",    NULL,
    };
    static const char *const no[] = {
        "",      "a b",      "a\r\nb", "a<b",     "a'b", "a\"b",
        "a/b",   "a:b",      "a%b",    "a@b",     "a`b", "a{b",
        "[::1]", "\xc3\xbc", "a\x7f",  "::1%a b", "*",   NULL,
    };

    assert_answers(hostport_is_host, yes, no);
    cr_assert(hostport_is_host(letters(253, "")));
    cr_assert_not(hostport_is_host(letters(254, "")));
}

Test(hostport, ports_are_numbers_or_service_names)
{
    static const char *const yes[] = { "1",           "443",   "65535", "https",
                                       "xmpp-client", "00443", "x11",   NULL };
    static const char *const no[] = {
        "",      "0",     "65536", "99999999999999999999",
        "-1",    "-",     "4 3",   "a b",
        "a_b",   "443\n", "+1",    "0x10 ",
        "http;", NULL,
    };

    assert_answers(hostport_is_port, yes, no);
}
