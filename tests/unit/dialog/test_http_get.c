#include "base/fault.h"
#include "dialog/http.h"

#include <criterion/criterion.h>

#include <string.h>

#define BYTES(literal) literal, sizeof(literal) - 1

enum { BODY_MAX = 64 };

static struct chan_script script;
static struct talk *talk;
static struct err err;
static struct buf body;
static struct http_url url;

static char host[] = "a.test", six[] = "2001:db8::1", port[] = "80",
            other_port[] = "8080", path[] = "/x.crl?a=b";

static void set_up(void)
{
    url = (struct http_url){ .host = host, .port = port, .path = path };
}

TestSuite(http_get, .init = set_up);

static bool go(const void *says, size_t len, size_t chunk)
{
    err = (struct err){ 0 };
    buf_init(&body, BODY_MAX);
    chan_script_init(&script, says, len, chunk);
    talk = talk_new(&script.chan);
    return talk && http_get(talk, &url, &body, &err);
}

static void end(void)
{
    talk_free(talk);
    chan_script_release(&script);
    buf_release(&body);
}

static const char whole[] = "HTTP/1.1 200 OK\r\n"
                            "Server: x\r\n"
                            "content-length:  9\r\n\r\n"
                            "some\0crl!";

/* ---- what is asked ---- */

static void check_request(const char *want)
{
    cr_assert(go(BYTES(whole), 7), "%s", err.msg);
    cr_assert_str_eq(buf_string(&script.out), want);
    end();
}

Test(http_get, asks_for_the_path_at_the_host)
{
    check_request("GET /x.crl?a=b HTTP/1.0\r\n"
                  "Host: a.test\r\n"
                  "User-Agent: tlsfleet\r\n"
                  "Connection: close\r\n\r\n");
}

Test(http_get, names_a_port_that_is_not_the_usual_one_and_brackets_ipv6)
{
    url.host = six;
    url.port = other_port;
    check_request("GET /x.crl?a=b HTTP/1.0\r\n"
                  "Host: [2001:db8::1]:8080\r\n"
                  "User-Agent: tlsfleet\r\n"
                  "Connection: close\r\n\r\n");
}

/* ---- good answers ---- */

Test(http_get, takes_exactly_the_bytes_that_were_promised)
{
    static const char more[] = "HTTP/1.1 200 OK\r\n"
                               "Content-Length: 9\r\n\r\n"
                               "some\0crl!and more";

    for (size_t chunk = 1; chunk < sizeof(more); chunk++) {
        cr_assert(go(BYTES(more), chunk), "%zu: %s", chunk, err.msg);
        cr_assert_eq(body.len, 9);
        cr_assert_arr_eq(body.data, "some\0crl!", 9);
        end();
    }
}

Test(http_get, without_a_length_takes_all_up_to_the_end)
{
    static const char open[] = "HTTP/1.0 200 OK\n\nto the end";

    cr_assert(go(BYTES(open), 3), "%s", err.msg);
    cr_assert_str_eq(buf_string(&body), "to the end");
    end();
}

Test(http_get, may_get_a_file_of_no_bytes)
{
    cr_assert(go(BYTES("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"), 3));
    cr_assert_eq(body.len, 0);
    end();
}

/* ---- answers that are none ---- */

static const struct {
    const char *says;
    enum err_code code;
    const char *part; /* of the sentence */
} bad[] = {
    { "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1/\r\n\r\n", ERR_FETCH,
      "redirects are not followed: '301 Moved'" },
    { "HTTP/1.1 302 \x1b[31m\r\n\r\n", ERR_FETCH, "\\x1B[31m" },
    { "HTTP/1.1 404 Not Found\r\n\r\n", ERR_FETCH, "404 Not Found" },
    { "HTTP/1.1 206 Partial\r\n\r\nx", ERR_FETCH, "206" },
    { "HTTP/2 200\r\n\r\nx", ERR_FETCH, "not HTTP/1" },
    { "220 mail ESMTP\r\n", ERR_FETCH, "not HTTP/1" },
    { "", ERR_CLOSED, "waiting for the answer" },
    { "HTTP/1.1 200 OK\r\nServer", ERR_CLOSED, "header" },
    { "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", ERR_FETCH,
      "5 of 9" },
    { "HTTP/1.1 200 OK\r\nContent-Length: 65\r\n\r\nx", ERR_FETCH, "65 bytes" },
    { "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx", ERR_FETCH, "length" },
    { "HTTP/1.1 200 OK\r\nContent-Length: 9x\r\n\r\nx", ERR_FETCH, "length" },
    { "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nx",
      ERR_FETCH, "length" },
    { "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
      ERR_FETCH, "length" },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n",
      ERR_FETCH, "encoded" },
    { "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nx", ERR_FETCH,
      "encoded" },
};

Test(http_get, refuses_every_other_answer_and_says_why)
{
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        cr_expect_not(go(bad[i].says, strlen(bad[i].says), 5), "row %zu", i);
        cr_expect_eq(err.code, bad[i].code, "row %zu: %s", i, err.msg);
        cr_expect(strstr(err.msg, bad[i].part), "row %zu: %s", i, err.msg);
        cr_expect_not(strstr(err.msg, "STARTTLS"));
        end();
    }
}

Test(http_get, is_bounded_where_no_length_is_said)
{
    char says[256] = "HTTP/1.0 200 OK\r\n\r\n";

    memset(says + strlen(says), 'x', BODY_MAX + 1);
    cr_assert_not(go(says, strlen(says), 100));
    cr_assert_eq(err.code, ERR_FETCH);
    cr_assert(strstr(err.msg, "64 bytes"), "%s", err.msg);
    end();
    says[strlen(says) - 1] = '\0';
    cr_assert(go(says, strlen(says), 100), "%s", err.msg);
    end();
}

Test(http_get, does_not_read_a_header_without_end)
{
    struct buf says;

    buf_init(&says, 4096);
    buf_text(&says, "HTTP/1.0 200 OK\r\n");
    for (int i = 0; i < 101; i++)
        buf_text(&says, "A: b\r\n");
    cr_assert_not(go(says.data, says.len, 100));
    cr_assert_eq(err.code, ERR_FETCH);
    cr_assert(strstr(err.msg, "100 lines"), "%s", err.msg);
    end();
    buf_release(&says);
}

Test(http_get, does_not_read_a_line_without_end)
{
    struct buf says;

    buf_init(&says, 16 * 1024);
    while (says.len < TALK_LINE_MAX + 1)
        buf_text(&says, "x");
    cr_assert_not(go(says.data, says.len, 1000));
    cr_assert_eq(err.code, ERR_FETCH);
    end();
    buf_release(&says);
}

Test(http_get, that_gets_no_answer_in_time_says_so)
{
    err = (struct err){ 0 };
    buf_init(&body, BODY_MAX);
    chan_script_init(&script, whole, sizeof(whole) - 5, 9);
    script.silent_at_end = true;
    talk = talk_new(&script.chan);
    cr_assert_not(http_get(talk, &url, &body, &err));
    cr_assert_eq(err.code, ERR_TIMED_OUT);
    end();
}

Test(http_get, without_memory_is_our_fault)
{
    long n = 0;

    do {
        fault_arm(++n);
        if (!go(BYTES(whole), 100) && talk)
            cr_assert_eq(err.code, ERR_NO_MEMORY, "%ld: %s", n, err.msg);
        end();
    } while (fault_seen() >= n);
    cr_assert_gt(n, 3);
    fault_arm(0);
}
