#include "base/mem.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <string.h>

static void set_part(struct record *r, struct bytes *part, const char *text,
                     size_t len)
{
    struct buf b;

    buf_init(&b, 1 << 20);
    buf_add(&b, text, len);
    record_take(r, part, &b);
}

static void assert_shown(const char *format, struct record *r,
                         const char *expected)
{
    struct report_config config = sample_config(NULL);
    size_t len;
    char *text = sample_format(format, &config, r, &len);

    cr_assert_str_eq(text, expected);
    mem_free(text);
    record_free(r);
}

Test(blocks, full_shows_header_log_trace_and_block)
{
    struct record *r = sample_ok(2, "www.example.com:443");

    record_text(r, REC_profile, "modern");
    set_part(r, &r->log, "depth=0 CN = a\nverify return:1\n", 31);
    set_part(r, &r->trace, ">>> TLS 1.3\n    01\n", 19);
    set_part(r, &r->block, "---\nServer certificate", 22);
    set_part(r, &r->brief, "Protocol version: x\n", 20);
    assert_shown("full", r,
                 "=== 3 www.example.com:443 [modern] ok\n"
                 "depth=0 CN = a\nverify return:1\n"
                 ">>> TLS 1.3\n    01\n"
                 "---\nServer certificate\n");
}

Test(blocks, a_backslash_is_one_as_s_client_has_it)
{
    static const char name[] = "subject=O = M\\C3\\BC, CN = \"a\\\"b\"\n";
    struct record *r = sample_ok(2, "a:1");

    set_part(r, &r->block, name, sizeof(name) - 1);
    assert_shown("full", r,
                 "=== 3 a:1 ok\n"
                 "subject=O = M\\C3\\BC, CN = \"a\\\"b\"\n");
}

Test(blocks, brief_shows_the_brief_block)
{
    struct record *r = sample_ok(2, "a:1");

    set_part(r, &r->block, "---\nServer certificate", 22);
    set_part(r, &r->brief, "Protocol version: x\n", 20);
    assert_shown("brief", r, "=== 3 a:1 ok\nProtocol version: x\n");
}

Test(blocks, a_failure_ends_in_its_sentence)
{
    assert_shown("full", sample_failed(0, "a:1"),
                 "=== 1 a:1 failed\n"
                 "error: connect: 127.0.0.1:443: connection refused\n");
    assert_shown("brief", sample_failed(0, "a:1"),
                 "=== 1 a:1 failed\n"
                 "error: connect: 127.0.0.1:443: connection refused\n");
}

Test(blocks, hostile_bytes_are_neutral)
{
    struct report_config config = sample_config(NULL);

    for (size_t i = 0; i < hostile_count; i++) {
        const struct hostile *h = &hostile_texts[i];
        struct record *r = sample_failed(0, "x");
        size_t len;

        record_bytes(r, REC_target, h->text, h->len);
        record_bytes(r, REC_error, h->text, h->len);
        set_part(r, &r->log, h->text, h->len);
        set_part(r, &r->trace, h->text, h->len);
        set_part(r, &r->block, h->text, h->len);
        char *text = sample_format("full", &config, r, &len);
        char *at = memchr(text, '\t', len);

        /* TAB is the one thing that a block keeps beside LF. */
        for (; at; at = memchr(at, '\t', len - (size_t)(at - text)))
            *at = ' ';
        cr_assert(sample_is_neutral(text, len), "text %zu", i);
        mem_free(text);
        record_free(r);
    }
}
