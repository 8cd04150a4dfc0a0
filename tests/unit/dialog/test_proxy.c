#include "base/fault.h"
#include "dialog.h"

#include <criterion/criterion.h>

#include <string.h>

#define BYTES(literal) literal, sizeof(literal) - 1

static struct chan_script script;
static struct talk *talk;
static struct err err;
static struct proxy_ask ask;

static void set_up(void)
{
    ask = (struct proxy_ask){ .host = "host.test", .port = "443" };
}

TestSuite(proxy, .init = set_up);

static bool go(const void *says, size_t len, size_t chunk)
{
    err = (struct err){ 0 };
    chan_script_init(&script, says, len, chunk);
    talk = talk_new(&script.chan);
    return proxy_connect(talk, &ask, &err);
}

static void end(void)
{
    talk_free(talk);
    chan_script_release(&script);
}

static const char answer[] = "HTTP/1.0 200 Connection established\r\n"
                             "Via: 1.0 proxy\r\n\r\n";

static void check_request(const char *want)
{
    cr_assert(go(BYTES(answer), 9), "%s", err.msg);
    cr_assert_str_eq(buf_string(&script.out), want);
    end();
}

Test(proxy, is_asked_as_s_client_asks)
{
    check_request("CONNECT host.test:443 HTTP/1.0\r\n"
                  "Proxy-Connection: Keep-Alive\r\n\r\n");
}

Test(proxy, gets_user_and_pass_phrase_in_base64)
{
    ask.user = "me";
    ask.pass = "sec";
    check_request("CONNECT host.test:443 HTTP/1.0\r\n"
                  "Proxy-Connection: Keep-Alive\r\n"
                  "Proxy-Authorization: Basic bWU6c2Vj\r\n\r\n");
    ask.pass = NULL;
    check_request("CONNECT host.test:443 HTTP/1.0\r\n"
                  "Proxy-Connection: Keep-Alive\r\n"
                  "Proxy-Authorization: Basic bWU6\r\n\r\n");
}

Test(proxy, gets_an_IPv6_address_in_brackets)
{
    ask.host = "2001:db8::1";
    ask.port = "25";
    check_request("CONNECT [2001:db8::1]:25 HTTP/1.0\r\n"
                  "Proxy-Connection: Keep-Alive\r\n\r\n");
}

Test(proxy, never_gets_a_host_that_is_more_than_a_host)
{
    static const char *const bad[] = { "a\r\nX: y", "a b",   "a/b",
                                       "a\x7f",     "[::1]", "a\"" };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ask.host = bad[i];
        cr_assert_not(go(BYTES(answer), 9));
        cr_assert_eq(err.code, ERR_USAGE);
        cr_assert_eq(err.stage, STAGE_PROXY);
        cr_assert_eq(script.out.len, 0);
        end();
    }
    ask.host = "host.test";
    ask.port = "25\r\n";
    cr_assert_not(go(BYTES(answer), 9));
    cr_assert_eq(err.code, ERR_USAGE);
    end();
}

Test(proxy, never_gets_an_endless_request)
{
    static char user[20000];

    memset(user, 'u', sizeof(user) - 1);
    ask.user = user;
    cr_assert_not(go(BYTES(answer), 9));
    cr_assert_eq(err.code, ERR_USAGE);
    cr_assert_eq(script.out.len, 0);
    end();
}

Test(proxy, may_answer_in_any_packet_size)
{
    for (size_t chunk = 1; chunk <= sizeof(answer); chunk++) {
        cr_assert(go(BYTES(answer), chunk), "%s", err.msg);
        cr_assert(dialog_ends_clean(talk, &err));
        end();
    }
}

struct row {
    const char *says;
    enum err_code code;
    const char *tells;
};

static const struct row rows[] = {
    { "HTTP/1.1 200\r\n\r\n", ERR_NONE, "" },
    { "HTTP/1.0 299 x\n\n", ERR_NONE, "" },
    { "HTTP/1.0 403 Forbidden\r\n\r\n", ERR_PROXY_REFUSED,
      "the proxy refuses to connect: '403 Forbidden'" },
    { "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", ERR_PROXY_REFUSED,
      "wants authorization: '407 Proxy Authentication Required'" },
    { "HTTP/1.1 502 \x1b]0;owned\x07\r\n\r\n", ERR_PROXY_REFUSED,
      "'502 \\x1B]0;owned\\x07'" },
    { "HTTP/1.1 503\r\n\r\n", ERR_PROXY_REFUSED, "'503'" },
    { "HTTP/1.1 100 Continue\r\n\r\n", ERR_PROXY_REFUSED, "'100 Continue'" },
    { "HTTP/2 200\r\n\r\n", ERR_PROXY_PROTOCOL, "not HTTP/1: 'HTTP/2 200'" },
    { "HTTP/1.1 2000 x\r\n\r\n", ERR_PROXY_PROTOCOL, "not HTTP/1" },
    { "HTTP/1.1 20 x\r\n\r\n", ERR_PROXY_PROTOCOL, "not HTTP/1" },
    { "http/1.1 200 x\r\n\r\n", ERR_PROXY_PROTOCOL, "not HTTP/1" },
    { "\r\nHTTP/1.1 200 x\r\n\r\n", ERR_PROXY_PROTOCOL, "not HTTP/1" },
    { "220 smtp\r\n\r\n", ERR_PROXY_PROTOCOL, "'220 smtp'" },
    { "", ERR_CLOSED, "before it answered" },
    { "HTTP/1.0 20", ERR_CLOSED, "before it answered" },
    { "HTTP/1.0 200 x\r\n", ERR_PROXY_PROTOCOL, "within its answer" },
    { "HTTP/1.0 200 x\r\nA: b\r\n", ERR_PROXY_PROTOCOL, "within its answer" },
};

Test(proxy, every_answer_has_its_code_and_says_what_came)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool ok = go(rows[i].says, strlen(rows[i].says), 7);

        cr_assert_eq(err.code, rows[i].code, "row %zu: %s", i, err.msg);
        cr_assert_eq(ok, rows[i].code == ERR_NONE);
        cr_assert_eq(err.stage, STAGE_PROXY);
        cr_assert_not_null(strstr(err.msg, rows[i].tells), "row %zu: %s", i,
                           err.msg);
        end();
    }
}

Test(proxy, that_does_not_know_our_user_says_so)
{
    ask.user = "me";
    cr_assert_not(go(BYTES("HTTP/1.1 407 no\r\n\r\n"), 9));
    cr_assert_eq(err.code, ERR_PROXY_REFUSED);
    cr_assert_not_null(strstr(err.msg, "does not accept this user"));
    end();
}

Test(proxy, that_falls_silent_anywhere_is_a_time_out)
{
    for (size_t cut = 0; cut < sizeof(answer) - 1; cut++) {
        err = (struct err){ 0 };
        chan_script_init(&script, answer, cut, 5);
        script.silent_at_end = true;
        talk = talk_new(&script.chan);
        cr_assert_not(proxy_connect(talk, &ask, &err));
        cr_assert_eq(err.code, ERR_TIMED_OUT, "%zu", cut);
        end();
    }
}

static void check_endless(const char *what, const char *tells)
{
    struct buf says;

    buf_init(&says, 256 * 1024);
    buf_text(&says, "HTTP/1.0 200 x\r\n");
    while (says.len < 200 * 1024)
        buf_text(&says, what);
    cr_assert_not(go(says.data, says.len, 1400));
    cr_assert_eq(err.code, ERR_PROXY_PROTOCOL, "%s", err.msg);
    cr_assert_not_null(strstr(err.msg, tells), "%s", err.msg);
    end();
    buf_release(&says);
}

Test(proxy, that_never_ends_its_header_is_not_heard_out)
{
    char line[2000];

    check_endless("A: b\r\n", "100 lines");
    check_endless("x", "8192 bytes");
    memset(line, 'x', sizeof(line));
    memcpy(line + sizeof(line) - 2, "\n", 2);
    check_endless(line, "65536 bytes");
}

Test(proxy, with_100_header_lines_is_heard_out)
{
    struct buf says;

    buf_init(&says, 64 * 1024);
    buf_text(&says, "HTTP/1.0 200 x\r\n");
    for (int i = 0; i < 99; i++)
        buf_text(&says, "A: b\r\n");
    buf_text(&says, "\r\n");
    cr_assert(go(says.data, says.len, 1400), "%s", err.msg);
    end();
    buf_release(&says);
}

Test(proxy, whose_answer_brings_the_greeting_along_loses_none_of_it)
{
    static const char says[] = "HTTP/1.0 200 x\r\n\r\n"
                               "220 host\r\n250 STARTTLS\r\n220 go\r\n";
    struct dialog_ask smtp = { .host = "host.test" };

    for (size_t chunk = 1; chunk < sizeof(says); chunk++) {
        struct dialog_notes notes;

        cr_assert(go(BYTES(says), chunk));
        dialog_notes_init(&notes);
        cr_assert(dialog_run(dialog_find("smtp"), talk, &smtp, &notes, &err),
                  "%s", err.msg);
        dialog_notes_release(&notes);
        end();
    }
}

Test(proxy, that_says_more_when_TLS_should_begin_is_an_injection)
{
    for (size_t chunk = 1; chunk < 64; chunk++) {
        cr_assert(go(BYTES("HTTP/1.0 200 x\r\n\r\n\x16"), chunk));
        cr_assert_not(dialog_ends_clean(talk, &err));
        cr_assert_eq(err.code, ERR_STARTTLS_INJECTED);
        end();
    }
}

Test(proxy, every_refused_allocation_is_told)
{
    bool done = false;

    ask.user = "me";
    for (long nth = 1; !done; nth++) {
        bool ok;

        err = (struct err){ 0 };
        chan_script_init(&script, BYTES(answer), 9);
        talk = talk_new(&script.chan);
        fault_arm(nth);
        ok = proxy_connect(talk, &ask, &err);
        done = fault_seen() < nth;
        fault_arm(-1);
        cr_assert_eq(ok, done);
        if (!done)
            cr_assert_eq(err.code, ERR_NO_MEMORY, "%ld: %s", nth, err.msg);
        end();
    }
}
