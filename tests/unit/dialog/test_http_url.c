#include "base/fault.h"
#include "dialog/http.h"

#include <criterion/criterion.h>

#include <string.h>

static struct http_url url;
static struct err err;

static bool parse(const char *text)
{
    err = (struct err){ 0 };
    return http_url_parse(&url, text, strlen(text), &err);
}

static const struct {
    const char *text, *host, *port, *path;
} good[] = {
    { "http://a.test/x.crl", "a.test", "80", "/x.crl" },
    { "HTTP://a.test", "a.test", "80", "/" },
    { "http://a.test:8080/a/b?c=d&e=%20", "a.test", "8080", "/a/b?c=d&e=%20" },
    { "http://192.0.2.1/", "192.0.2.1", "80", "/" },
    { "http://[2001:db8::1]:99/x", "2001:db8::1", "99", "/x" },
};

Test(http_url, is_cut_into_host_port_and_path)
{
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        cr_assert(parse(good[i].text), "%s: %s", good[i].text, err.msg);
        cr_expect_str_eq(url.host, good[i].host);
        cr_expect_str_eq(url.port, good[i].port);
        cr_expect_str_eq(url.path, good[i].path);
        http_url_release(&url);
    }
}

static const char *const bad[] = {
    "",
    "http://",
    "http:///x",
    "https://a.test/x",
    "ldap://a.test/x",
    "/x",
    "http://user@a.test/x",
    "http://user:pass@a.test/x",
    "http://a.test:0x50/x",
    "http://a.test:99999/x",
    "http://a.test:http/x",
    "http://a.test:1:2/x",
    "http://2001:db8::1/x",
    "http://*:80/x",
    "http://a.test/x y",
    "http://a.test/x\r\nX: y",
    "http://a.test\r\n/x",
    "http://a.test/x\x7f",
    "http://a.test/\xc3\xa4",
    "http://a.test/x#y",
    "http://a.test\\@b.test/x",
    "http://a.test?x",
};

Test(http_url, that_is_more_or_less_than_plain_is_refused)
{
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        cr_expect_not(parse(bad[i]), "%s", bad[i]);
        cr_expect_eq(err.code, ERR_FETCH, "%s: %s", bad[i], err.msg);
        cr_expect_null(url.host);
        cr_expect_null(url.path);
    }
}

Test(http_url, with_a_nul_byte_is_refused)
{
    static const char text[] = "http://a.test/x\0.b.test/";

    cr_assert_not(http_url_parse(&url, text, sizeof(text) - 1, &err));
}

Test(http_url, has_an_end)
{
    char text[HTTP_URL_MAX + 2] = "http://a.test/";

    memset(text + strlen(text), 'x', sizeof(text) - 1 - strlen(text));
    cr_assert_not(parse(text));
    cr_assert(strstr(err.msg, "longer"), "%s", err.msg);
    text[HTTP_URL_MAX] = '\0';
    cr_assert(parse(text));
    http_url_release(&url);
}

Test(http_url, without_memory_is_our_fault)
{
    long n = 0;

    do {
        fault_arm(++n);
        if (!parse("http://a.test:81/x"))
            cr_assert_eq(err.code, ERR_NO_MEMORY, "%ld: %s", n, err.msg);
        http_url_release(&url);
    } while (fault_seen() >= n);
    cr_assert_gt(n, 4);
    fault_arm(0);
}
