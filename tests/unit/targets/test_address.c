#include "targets.h"

#include "base/fault.h"
#include "base/mem.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include <string.h>

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

/* "host port address path starttls", or the reason. */
static const char *read_target(struct buf *out, const char *text,
                               const char *port)
{
    struct target *t = mem_new(1, sizeof(*t));
    struct err e = { 0 };

    buf_init(out, 4096);
    if (target_parse(t, text, port, &e)) {
        cr_expect_str_eq(t->text, text);
        buf_printf(out, "%s %s %s %s %s", or_dash(t->host), or_dash(t->port),
                   or_dash(t->address), or_dash(t->path),
                   options_text(&t->words, OPT_starttls, "-"));
    } else {
        cr_expect_eq(e.code, ERR_ADDRESS);
        buf_text(out, e.msg);
    }
    target_free(t);
    return buf_string(out);
}

struct good {
    const char *text, *wanted;
};

static const struct good goods[] = {
    { "www.example.com", "www.example.com 443 - - -" },
    { "www.example.com:8443", "www.example.com 8443 - - -" },
    { "www.example.com:08443", "www.example.com 08443 - - -" },
    { "www.example.com:https", "www.example.com https - - -" },
    { "192.0.2.1:25", "192.0.2.1 25 - - -" },
    { "[2001:db8::1]:8443", "2001:db8::1 8443 - - -" },
    { "[2001:db8::1]", "2001:db8::1 443 - - -" },
    { "2001:db8::1", "2001:db8::1 443 - - -" },
    { "fe80::1%eth0", "fe80::1%eth0 443 - - -" },
    { "under_score", "under_score 443 - - -" },
    { "a.example.com@192.0.2.1", "a.example.com 443 192.0.2.1 - -" },
    { "a.example.com@192.0.2.1:444", "a.example.com 444 192.0.2.1 - -" },
    { "a.example.com@[2001:db8::1]:444", "a.example.com 444 2001:db8::1 - -" },
    { "a.example.com@2001:db8::1", "a.example.com 443 2001:db8::1 - -" },
    { "a.example.com@b.internal:1", "a.example.com 1 b.internal - -" },
    { "unix:/run/a b.sock", "- - - /run/a b.sock -" },
    { "https://a.example.com", "a.example.com 443 - - -" },
    { "https://a.example.com/", "a.example.com 443 - - -" },
    { "HTTPS://a.example.com:444", "a.example.com 444 - - -" },
    { "https://[2001:db8::1]:444/", "2001:db8::1 444 - - -" },
    { "imap://a.example.com@192.0.2.1", "a.example.com 143 192.0.2.1 - imap" },
    { "tls://a.example.com:1", "a.example.com 1 - - -" },
    { "smtp://a", "a 25 - - smtp" },
    { "submission://a", "a 587 - - smtp" },
    { "smtps://a", "a 465 - - -" },
    { "lmtp://a", "a 24 - - lmtp" },
    { "imap://a", "a 143 - - imap" },
    { "imaps://a", "a 993 - - -" },
    { "pop3://a", "a 110 - - pop3" },
    { "pop3s://a", "a 995 - - -" },
    { "sieve://a", "a 4190 - - sieve" },
    { "ftp://a", "a 21 - - ftp" },
    { "ftps://a", "a 990 - - -" },
    { "ldap://a", "a 389 - - ldap" },
    { "ldaps://a", "a 636 - - -" },
    { "xmpp://a", "a 5222 - - xmpp" },
    { "xmpps://a", "a 5223 - - -" },
    { "xmpp-server://a", "a 5269 - - xmpp-server" },
    { "postgres://a", "a 5432 - - postgres" },
    { "postgresql://a", "a 5432 - - postgres" },
    { "mysql://a", "a 3306 - - mysql" },
    { "nntp://a", "a 119 - - nntp" },
    { "nntps://a", "a 563 - - -" },
    { "irc://a", "a 6667 - - irc" },
    { "ircs://a", "a 6697 - - -" },
    { "telnet://a", "a 23 - - telnet" },
    { "dns://a", "a 853 - - -" },
    { "dot://a", "a 853 - - -" },
};

ParameterizedTestParameters(address, every_form_is_read)
{
    static size_t rows[sizeof(goods) / sizeof(goods[0])];
    const size_t n = sizeof(rows) / sizeof(rows[0]);

    for (size_t i = 0; i < n; i++)
        rows[i] = i;
    return cr_make_param_array(size_t, rows, n);
}

ParameterizedTest(size_t *row, address, every_form_is_read)
{
    struct buf got;

    cr_expect_str_eq(read_target(&got, goods[*row].text, "443"),
                     goods[*row].wanted, "%s: %s", goods[*row].text,
                     buf_string(&got));
    buf_release(&got);
}

/* What is refused, and a part of the reason. */
static const struct good bads[] = {
    { "", "the host is missing" },
    { ":443", "the host is missing" },
    { "a b", "a host is a name of" },
    { "a\r\nX: y", "a host is a name of" },
    { "a<script>", "a host is a name of" },
    { "a&b\"c", "a host is a name of" },
    { "a\x7f", "a host is a name of" },
    { "b\xc3\xbc"
      "cher.example",
      "xn--" },
    { "a:0", "a port is a number" },
    { "a:65536", "a port is a number" },
    { "a:-1", "a port is a number" },
    { "a:44 3", "a port is a number" },
    { "a:1:2", "[address]:port" },
    { "[2001:db8::1", "']' is missing" },
    { "[2001:db8::1]443", "may follow" },
    { "@192.0.2.1", "a host is a name of" },
    { "a@", "the host is missing" },
    { "a@b@c", "a host is a name of" },
    { "a@b c", "a host is a name of" },
    { "htps://a", "did you mean 'https'?" },
    { "imapp://a", "did you mean 'imap'?" },
    { "gopher://a", "tls://host:port fits" },
    { "://a", "unknown scheme ''" },
    { "https://", "the host is missing" },
    { "https://a/index.html", "leave the path out" },
    { "https://a:b:c", "[address]:port" },
    { "tls://a", "add ':port'" },
    { "unix:", "path of the socket is missing" },
    { "unix:/run/a\nb", "control characters" },
};

ParameterizedTestParameters(address, every_mistake_has_its_reason)
{
    static size_t rows[sizeof(bads) / sizeof(bads[0])];
    const size_t n = sizeof(rows) / sizeof(rows[0]);

    for (size_t i = 0; i < n; i++)
        rows[i] = i;
    return cr_make_param_array(size_t, rows, n);
}

ParameterizedTest(size_t *row, address, every_mistake_has_its_reason)
{
    struct buf got;

    cr_expect(
        strstr(read_target(&got, bads[*row].text, "443"), bads[*row].wanted),
        "%s: %s", bads[*row].text, buf_string(&got));
    buf_release(&got);
}

Test(address, a_host_of_254_bytes_is_refused)
{
    char text[255];
    struct buf got;

    memset(text, 'a', sizeof(text) - 1);
    text[254] = '\0';
    cr_expect(strstr(read_target(&got, text, "443"), "a host is a name of"));
    buf_release(&got);
}

Test(address, the_default_port_is_for_those_that_say_none)
{
    struct buf got;

    cr_expect_str_eq(read_target(&got, "a", "8443"), "a 8443 - - -");
    buf_release(&got);
    cr_expect_str_eq(read_target(&got, "a:1", "8443"), "a 1 - - -");
    buf_release(&got);
    cr_expect_str_eq(read_target(&got, "smtps://a", "8443"), "a 465 - - -");
    buf_release(&got);
}

Test(address, a_default_port_is_checked_like_any_other)
{
    struct buf got;

    cr_expect(strstr(read_target(&got, "a", "70000"), "a port is a number"));
    buf_release(&got);
}

Test(address, refused_memory_is_no_bad_address)
{
    bool done = false;

    for (long nth = 1; !done; nth++) {
        struct target *t = mem_new(1, sizeof(*t));
        struct err e = { 0 };

        fault_arm(nth);
        done =
            target_parse(t, "smtp://a.example.com@[2001:db8::1]:25", "443", &e);
        fault_arm(-1);
        cr_expect(done || e.code == ERR_NO_MEMORY);
        cr_assert(nth < 100);
        target_free(t);
    }
}

Test(address, freeing_no_target_is_fine)
{
    target_free(NULL);
}
