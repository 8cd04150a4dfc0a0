#include "../../../src/judge/earlier.h"

#include "base/fault.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static struct record *r;

static void begin(void)
{
    r = record_new();
    cr_assert_not_null(r);
}

static void end(void)
{
    record_free(r);
}

TestSuite(json_reader, .init = begin, .fini = end);

static bool read_row(const char *text, struct err *e)
{
    struct buf row;
    bool done;

    record_clear(r);
    buf_init(&row, ROW_MAX);
    buf_text(&row, text);
    done = json_read_row(&row, r, e);
    buf_release(&row);
    return done;
}

static void read_good(const char *text)
{
    struct err e = { 0 };

    cr_assert(read_row(text, &e), "%s: %s", text, e.msg);
}

static void expect_refusal(const char *text, const char *why)
{
    struct err e = { 0 };

    cr_expect_not(read_row(text, &e), "%s", text);
    cr_expect_eq(e.code, ERR_FILE, "%s", text);
    cr_expect_not_null(strstr(e.msg, why), "%s: %s", text, e.msg);
}

Test(json_reader, each_kind_is_read)
{
    read_good("{\"host\":\"a\",\"port\":443,\"verified\":true,"
              "\"name_match\":false,\"not_after\":\"1970-01-02T00:00:00Z\","
              "\"san\":[\"DNS:a\",\"DNS:b\"],\"tags\":{\"k\":\"v\",\"l\":\"\"},"
              "\"chain\":[{\"subject\":\"CN = a\",\"key_bits\":2048,"
              "\"sha256\":\"ab\",\"san\":[\"x\"],\"issuer\":null},{}]}");
    cr_expect_str_eq(record_get(r, REC_host), "a");
    cr_expect_eq(record_int(r, REC_port, 0), 443);
    cr_expect_eq(record_int(r, REC_verified, -1), 1);
    cr_expect_eq(record_int(r, REC_name_match, -1), 0);
    cr_expect_eq(record_int(r, REC_not_after, 0), 86400);
    cr_expect_eq(r->values[REC_san].nitems, 2);
    cr_expect_str_eq(r->values[REC_san].items[1].data, "DNS:b");
    cr_expect_eq(r->values[REC_tags].nitems, 4);
    cr_expect_str_eq(r->values[REC_tags].items[0].data, "k");
    cr_expect_str_eq(r->values[REC_tags].items[3].data, "");
    cr_assert_eq(r->nchain, 2);
    cr_expect_str_eq(r->chain[0].values[CERT_subject].text.data, "CN = a");
    cr_expect_str_eq(r->chain[0].values[CERT_sha256].text.data, "ab");
    cr_expect_eq(r->chain[1].values[CERT_subject].state, VALUE_UNKNOWN);
}

Test(json_reader, the_four_states_are_told_apart)
{
    read_good("{\"alpn\":\"none\",\"ocsp\":null,\"cipher\":\"\",\"san\":[],"
              "\"tags\":{},\"chain\":[],\"verified\":\"none\","
              "\"key_bits\":\"none\",\"not_after\":null,\"client_cas\":null}");
    cr_expect_eq(r->values[REC_alpn].state, VALUE_NONE);
    cr_expect_eq(r->values[REC_ocsp].state, VALUE_NOT_ASKED);
    cr_expect_eq(r->values[REC_cipher].state, VALUE_KNOWN);
    cr_expect_eq(r->values[REC_san].state, VALUE_NONE);
    cr_expect_eq(r->values[REC_tags].state, VALUE_NONE);
    cr_expect_eq(r->values[REC_chain].state, VALUE_NONE);
    cr_expect_eq(r->values[REC_verified].state, VALUE_NONE);
    cr_expect_eq(r->values[REC_key_bits].state, VALUE_NONE);
    cr_expect_eq(r->values[REC_not_after].state, VALUE_NOT_ASKED);
    cr_expect_eq(r->values[REC_client_cas].state, VALUE_NOT_ASKED);
    cr_expect_eq(r->values[REC_subject].state, VALUE_UNKNOWN);
}

Test(json_reader, escapes_of_json_and_of_the_report_are_undone)
{
    static const struct {
        const char *json, *text;
    } rows[] = {
        { "a\\\"b\\/c", "a\"b/c" },
        { "\\\\x1B\\\\\\\\", "\x1b\\" },
        { "\\u0041\\u00e4\\u20AC\\ud83d\\ude00",
          "A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80" },
        { "\\b\\f\\n\\r\\t", "\b\f\n\r\t" },
        { "C:\\\\temp", "C:\\temp" },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[200] = "{\"subject\":\"";

        strncat(text, rows[i].json, 100);
        read_good(strcat(text, "\"}"));
        cr_expect_str_eq(record_get(r, REC_subject), rows[i].text, "%s", text);
    }
}

Test(json_reader, blanks_and_unknown_members_do_not_matter)
{
    read_good(" { \"x\" : [ 1 , -2.5e+3 , { \"y\" : null } , true, \"\\n\" ] ,"
              "\t\"host\" : \"a\" , \"ms_total\":1.5,\"z\":0.1E5 } \r");
    cr_expect_str_eq(record_get(r, REC_host), "a");
    cr_expect_not(record_known(r, REC_ms_total));
    read_good("{}");
}

Test(json_reader, members_come_in_any_order)
{
    read_good("{\"port\":1,\"cipher\":\"c\",\"host\":\"h\",\"alpn\":\"x\"}");
    cr_expect_str_eq(record_get(r, REC_host), "h");
    cr_expect_str_eq(record_get(r, REC_cipher), "c");
    cr_expect_str_eq(record_get(r, REC_alpn), "x");
}

Test(json_reader, what_is_no_json_is_refused_with_its_place)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        { "[]", "byte 1: an object is expected" },
        { "{", "byte 2: a string is expected" },
        { "{\"host\"", "byte 8: ':' is expected" },
        { "{\"host\":", "byte 9: a string is expected" },
        { "{\"host\":\"a\"", "byte 12: ',' or an end is expected" },
        { "{\"host\":\"a\",}", "byte 13: a string is expected" },
        { "{\"host\":\"a\"}}", "byte 13: there is more after the object" },
        { "{\"host\":\"a", "a string is not closed" },
        { "{\"host\":\"a\\", "no such escape" },
        { "{\"host\":\"\\x41\"}", "no such escape" },
        { "{\"host\":\"\\u12\"}", "four hexadecimal digits" },
        { "{\"host\":\"\\u12", "four hexadecimal digits" },
        { "{\"host\":\"\\ud800\"}", "half of a character" },
        { "{\"host\":\"\\ud800\\u0041\"}", "half of a character" },
        { "{\"host\":\"\\udc00\"}", "half of a character" },
        { "{\"host\":\"a\tb\"}", "a control character" },
        { "{host:1}", "a string is expected" },
        { "{'host':1}", "a string is expected" },
        { "{\"x\":}", "a value is expected" },
        { "{\"x\":nul}", "a value is expected" },
        { "{\"x\":NaN}", "a value is expected" },
        { "{\"x\":01}", "a value is expected" },
        { "{\"x\":+1}", "a value is expected" },
        { "{\"x\":-}", "a value is expected" },
        { "{\"x\":1.}", "a number without an end" },
        { "{\"x\":1e}", "a number without an end" },
        { "{\"x\":[1,]}", "a value is expected" },
        { "{\"x\":[1 2]}", "',' or an end is expected" },
        { "{\"x\":[1}}", "',' or an end is expected" },
        { "{\"x\":{\"y\"}}", "':' is expected" },
        { "{\"port\":4 4}", "',' or an end is expected" },
        { "{\"verified\":truely}", "',' or an end is expected" },
        { "", "an object is expected" },
        { "null", "an object is expected" },
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        expect_refusal(rows[i].text, rows[i].why);
}

Test(json_reader, a_value_of_another_kind_is_refused_by_name)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        { "{\"host\":1}", "a string is expected" },
        { "{\"port\":\"443\"}", "its 'port' cannot be read" },
        { "{\"port\":4.5}", "its 'port' cannot be read" },
        { "{\"port\":99999999999999999999}", "its 'port' cannot be read" },
        { "{\"port\":true}", "a value is expected" },
        { "{\"verified\":\"yes\"}", "its 'verified' cannot be read" },
        { "{\"verified\":1}", "its 'verified' cannot be read" },
        { "{\"not_after\":1}", "its 'not_after' cannot be read" },
        { "{\"not_after\":\"soon\"}", "its 'not_after' cannot be read" },
        { "{\"san\":\"a\"}", "an array is expected" },
        { "{\"san\":[1]}", "a string is expected" },
        { "{\"san\":{\"a\":\"b\"}}", "an array is expected" },
        { "{\"tags\":[\"a\"]}", "an object is expected" },
        { "{\"tags\":{\"a\":1}}", "a string is expected" },
        { "{\"chain\":[\"a\"]}", "an object is expected" },
        { "{\"host\":\"a\",\"host\":\"b\"}", "'host' stands there twice" },
        { "{\"ms_total\":1,\"ms_total\":1}", "'ms_total' stands there twice" },
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        expect_refusal(rows[i].text, rows[i].why);
}

Test(json_reader, depth_has_an_end)
{
    static char text[200000];
    size_t at = 0;

    memcpy(text, "{\"x\":", 5);
    memset(text + 5, '[', sizeof(text) - 6);
    expect_refusal(text, "nested too deep");
    at = 5 + 15;
    memcpy(text + at, "1", 1);
    memset(text + at + 1, ']', 15);
    memcpy(text + at + 16, "}", 2);
    read_good(text);
    memcpy(text, "{\"chain\":[{\"z\":", 15);
    memset(text + 15, '[', sizeof(text) - 16);
    expect_refusal(text, "nested too deep");
}

Test(json_reader, a_number_has_an_end)
{
    char text[200] = "{\"x\":";

    memset(text + 5, '1', 63);
    read_good(strcat(text, "}"));
    memset(text + 5, '1', 64);
    expect_refusal(strcat(text, "}"), "a number is too long");
}

Test(json_reader, refused_memory_is_told)
{
    static const char text[] =
        "{\"host\":\"\\\\x07\",\"san\":[\"a\",\"\\\\x08\"],"
        "\"tags\":{\"a\":\"b\"},\"chain\":[{\"subject\":\"\\\\x07\"},"
        "{\"sha256\":\"b\"}]}";
    long nth = 1;

    for (bool done = false; !done; nth++) {
        struct err e = { 0 };
        struct buf row;

        record_clear(r);
        buf_init(&row, ROW_MAX);
        buf_text(&row, text);
        fault_arm(nth);
        done = json_read_row(&row, r, &e);
        cr_assert(done || e.code == ERR_NO_MEMORY, "fault %ld", nth);
        cr_assert(!done || fault_seen() < nth, "fault %ld went unseen", nth);
        fault_arm(0);
        buf_release(&row);
    }
    cr_assert_gt(nth, 10);
}
