#include "base/mem.h"
#include "base/text.h"
#include "json_reader.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <string.h>

/* The object of a record, checked, without its line end. */
static char *object_of(const struct record *r, const char *fields)
{
    struct report_config config = sample_config(fields);
    size_t len;
    char *line = sample_format("jsonl", &config, r, &len);

    cr_assert_eq(line[len - 1], '\n');
    line[--len] = '\0';
    cr_assert_null(memchr(line, '\n', len));
    cr_assert(sample_is_neutral(line, len));
    cr_assert(json_is_valid(line, len), "%.300s", line);
    return line;
}

static void assert_object(const struct record *r, const char *fields,
                          const char *expected)
{
    char *object = object_of(r, fields);

    cr_assert_str_eq(object, expected);
    mem_free(object);
}

Test(jsonl, every_field_has_its_member)
{
    struct record *r = sample_all();
    char *object = object_of(r, "all");

    for (size_t i = 0; i < FIELDS_COUNT; i++) {
        char *value = json_member(object, field_rows[i].name);

        cr_assert_not_null(value, "%s is missing", field_rows[i].name);
        mem_free(value);
    }
    mem_free(object);
    record_free(r);
}

Test(jsonl, every_fact_of_every_certificate_is_in_the_chain)
{
    struct record *r = sample_all();
    char *object = object_of(r, "chain");
    char *chain = json_member(object, "chain");
    char *second = json_member(chain, "1");

    for (size_t i = 0; i < CERT_FIELDS_COUNT; i++) {
        char *value = json_member(second, cert_field_rows[i].name);

        cr_assert_not_null(value, "%s is missing", cert_field_rows[i].name);
        mem_free(value);
    }
    mem_free(second);
    mem_free(chain);
    mem_free(object);
    record_free(r);
}

Test(jsonl, the_four_states_differ)
{
    struct record *r = record_new();

    assert_object(r, "alpn,san,tags,chain", "{}");
    record_state(r, REC_alpn, VALUE_NOT_ASKED);
    record_state(r, REC_san, VALUE_NOT_ASKED);
    assert_object(r, "alpn,san", "{\"alpn\":null,\"san\":null}");
    record_state(r, REC_alpn, VALUE_NONE);
    record_state(r, REC_san, VALUE_NONE);
    record_state(r, REC_tags, VALUE_NONE);
    record_state(r, REC_chain, VALUE_NONE);
    assert_object(r, "alpn,san,tags,chain",
                  "{\"alpn\":\"none\",\"san\":[],\"tags\":{},\"chain\":[]}");
    record_text(r, REC_alpn, "");
    assert_object(r, "alpn", "{\"alpn\":\"\"}");
    record_free(r);
}

Test(jsonl, each_kind_has_its_way_of_writing)
{
    struct record *r = record_new();

    record_number(r, REC_port, 443);
    record_number(r, REC_verified, 1);
    record_number(r, REC_resumed, 0);
    record_number(r, REC_ms_total, 12345);
    record_number(r, REC_not_after, 1893456000);
    record_number(r, REC_days_left, -3);
    assert_object(r, "port,verified,resumed,ms_total,not_after,days_left",
                  "{\"port\":443,\"verified\":true,\"resumed\":false,"
                  "\"ms_total\":12.345,\"not_after\":\"2030-01-01T00:00:00Z\","
                  "\"days_left\":-3}");
    record_add(r, REC_san, "DNS:a", 5);
    record_add(r, REC_san, "DNS:\"b", 6);
    assert_object(r, "san", "{\"san\":[\"DNS:a\",\"DNS:\\\"b\"]}");
    record_add(r, REC_tags, "team", 4);
    record_add(r, REC_tags, "pay", 3);
    record_add(r, REC_tags, "e\"nv", 4);
    record_add(r, REC_tags, "", 0);
    assert_object(r, "tags", "{\"tags\":{\"team\":\"pay\",\"e\\\"nv\":\"\"}}");
    record_free(r);
}

Test(jsonl, pem_keeps_its_lines_so_that_openssl_reads_it)
{
    static const char pem[] = "-----BEGIN X-----\nAAAA\n-----END X-----\n";
    struct record *r = record_new();
    struct cert *c = record_add_cert(r);
    char *object, *chain, *first, *member, *text;

    cert_bytes(r, c, CERT_pem, pem, sizeof(pem) - 1);
    object = object_of(r, "chain");
    chain = json_member(object, "chain");
    first = json_member(chain, "0");
    member = json_member(first, "pem");
    text = json_string(member);
    cr_assert_str_eq(text, pem);
    mem_free(text);
    mem_free(member);
    mem_free(first);
    mem_free(chain);
    mem_free(object);
    record_free(r);
}

Test(jsonl, hostile_texts_are_valid_json_and_can_be_read_back)
{
    struct record *r = record_new();

    for (size_t i = 0; i < hostile_count; i++) {
        const struct hostile *h = &hostile_texts[i];
        struct buf back;

        record_bytes(r, REC_subject, h->text, h->len);
        char *object = object_of(r, "subject");
        char *member = json_member(object, "subject");
        char *text = json_string(member);

        cr_assert_not_null(text);
        buf_init(&back, 1000);
        cr_assert(text_decode(&back, text, strlen(text)));
        cr_assert_eq(back.len, h->len);
        cr_assert_arr_eq(buf_string(&back), h->text, h->len);
        buf_release(&back);
        mem_free(text);
        mem_free(member);
        mem_free(object);
    }
    record_free(r);
}

Test(jsonl, hostile_tag_names_stay_names)
{
    struct record *r = record_new();

    for (size_t i = 0; i < hostile_count; i++) {
        record_add(r, REC_tags, hostile_texts[i].text, hostile_texts[i].len);
        record_add(r, REC_tags, hostile_texts[i].text, hostile_texts[i].len);
    }
    mem_free(object_of(r, "tags"));
    record_free(r);
}

Test(jsonl, a_megabyte_of_escapes_is_one_line)
{
    enum { SIZE = 1 << 20 };
    char *text = mem_new(1, SIZE);
    struct record *r = record_new();

    memset(text, '\033', SIZE);
    record_bytes(r, REC_response, text, SIZE);
    mem_free(object_of(r, "response"));
    record_free(r);
    mem_free(text);
}
