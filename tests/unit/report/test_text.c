#include "base/mem.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <string.h>

static char *line_of(const struct record *r, enum color_mode color)
{
    struct report_config config = sample_config(NULL);
    size_t len;

    config.color = color;
    return sample_format("text", &config, r, &len);
}

static void assert_ends(struct record *r, const char *end)
{
    char *line = line_of(r, COLOR_NEVER);
    size_t len = strlen(line), tail = strlen(end);

    cr_assert(len >= tail && strcmp(line + len - tail, end) == 0, "%s", line);
    mem_free(line);
    record_free(r);
}

Test(text, a_good_target_is_one_line_without_a_complaint)
{
    struct record *r = sample_ok(0, "www.example.com:443");
    char *line = line_of(r, COLOR_NEVER);

    cr_assert_str_eq(line, "ok       www.example.com:443                      "
                           "TLSv1.3  TLS_AES_256_GCM_SHA384            87 d\n");
    mem_free(line);
    record_free(r);
}

Test(text, a_failed_target_tells_stage_and_sentence)
{
    assert_ends(sample_failed(0, "a:1"),
                "  connect: 127.0.0.1:443: connection refused\n");
}

Test(text, the_columns_of_all_lines_align)
{
    static const char *const targets[] = {
        "a:1",
        "www.example.com:443",
        "\xe6\x97\xa5\xe6\x9c\xac.example:443",
        "a.name.that.is.just.as.long.as.fits:4433",
    };

    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        struct record *r = sample_ok(i, targets[i]);
        char *line = line_of(r, COLOR_NEVER);
        const char *protocol = strstr(line, "TLSv1.3");

        cr_assert_eq(text_columns(line, (size_t)(protocol - line)), 50);
        mem_free(line);
        record_free(r);
    }
}

Test(text, a_long_status_does_not_move_the_later_columns)
{
    struct record *r = sample_ok(0, "a:1");
    char *line;

    record_text(r, REC_status, status_name(STATUS_NOT_ATTEMPTED));
    line = line_of(r, COLOR_NEVER);
    cr_assert_eq(strstr(line, "TLSv1.3") - line, 50);
    mem_free(line);
    record_free(r);
}

Test(text, a_long_target_is_not_cut)
{
    char name[200] = { 0 };

    memset(name, 'a', sizeof(name) - 1);
    struct record *r = sample_ok(0, name);
    char *line = line_of(r, COLOR_NEVER);

    cr_assert_not_null(strstr(line, name));
    cr_assert_not_null(strstr(line, "aa TLSv1.3 TLS_AES"));
    mem_free(line);
    record_free(r);
}

Test(text, the_profile_stands_behind_the_target)
{
    struct record *r = sample_ok(0, "a:1");
    char *line;

    record_text(r, REC_profile, "legacy");
    line = line_of(r, COLOR_NEVER);
    cr_assert_not_null(strstr(line, " a:1 [legacy] "));
    mem_free(line);
    record_free(r);
}

Test(text, everything_that_is_wrong_is_told)
{
    struct record *r = sample_ok(0, "a:1");

    record_number(r, REC_verified, 0);
    record_text(r, REC_verify_error, "self-signed certificate");
    record_number(r, REC_name_match, 0);
    record_add(r, REC_warnings, "weak key", 8);
    assert_ends(r, "  not verified: self-signed certificate; certificate is "
                   "not made out to www.example.com; weak key\n");
}

Test(text, the_name_that_does_not_match_is_the_one_that_was_sent)
{
    struct record *r = sample_ok(0, "a:1");

    record_number(r, REC_name_match, 0);
    record_text(r, REC_sni, "other.example");
    assert_ends(r, "certificate is not made out to other.example\n");
}

Test(text, expectations_and_changes_are_told_unless_all_is_well)
{
    struct record *r = sample_ok(0, "a:1");

    record_text(r, REC_expect, "failed: days_left >= 90, is 87");
    record_text(r, REC_change, "cipher: A -> B");
    assert_ends(r, "87 d  expectation failed: days_left >= 90, is 87; change: "
                   "cipher: A -> B\n");
    r = sample_ok(0, "a:1");
    record_text(r, REC_expect, "met");
    record_text(r, REC_change, "same");
    assert_ends(r, "87 d\n");
}

Test(text, a_chain_that_was_not_judged_is_not_wrong)
{
    struct record *r = sample_ok(0, "a:1");

    record_state(r, REC_verified, VALUE_NOT_ASKED);
    record_state(r, REC_name_match, VALUE_NOT_ASKED);
    assert_ends(r, "87 d\n");
}

Test(text, an_expired_certificate_has_negative_days)
{
    struct record *r = sample_ok(0, "a:1");

    record_number(r, REC_days_left, -2000);
    assert_ends(r, " -2000 d\n");
}

/* Takes the escape sequences of the colours out. */
static void strip(char *line)
{
    char *to = line;

    for (const char *at = line; *at; at++) {
        if (*at == '\033')
            at = strchr(at, 'm');
        else
            *to++ = *at;
    }
    *to = '\0';
}

Test(text, colour_repeats_what_the_words_say)
{
    struct record *records[] = { sample_ok(0, "a"), sample_ok(1, "b"),
                                 sample_failed(2, "c") };
    static const char *const marks[] = { "\033[32mok\033[0m",
                                         "\033[33mok\033[0m",
                                         "\033[31mfailed\033[0m" };

    record_number(records[1], REC_verified, 0);
    for (size_t i = 0; i < 3; i++) {
        char *plain = line_of(records[i], COLOR_NEVER);
        char *colored = line_of(records[i], COLOR_ALWAYS);

        cr_assert_eq(strncmp(colored, marks[i], strlen(marks[i])), 0);
        strip(colored);
        cr_assert_str_eq(colored, plain);
        mem_free(plain);
        mem_free(colored);
        record_free(records[i]);
    }
}

Test(text, hostile_texts_make_one_neutral_line)
{
    for (size_t i = 0; i < hostile_count; i++) {
        const struct hostile *h = &hostile_texts[i];
        struct record *r = sample_failed(0, "x");
        static const enum field_id ids[] = { REC_target, REC_profile,
                                             REC_protocol, REC_cipher,
                                             REC_error };

        for (size_t n = 0; n < sizeof(ids) / sizeof(ids[0]); n++)
            record_bytes(r, ids[n], h->text, h->len);
        record_add(r, REC_warnings, h->text, h->len);
        char *line = line_of(r, COLOR_NEVER);

        cr_assert(sample_is_neutral(line, strlen(line)), "text %zu", i);
        cr_assert_eq(strchr(line, '\n'), line + strlen(line) - 1);
        mem_free(line);
        record_free(r);
    }
}

Test(text, a_record_that_knows_nothing_is_still_a_line)
{
    struct record *r = record_new();
    char *line = line_of(r, COLOR_NEVER);

    cr_assert_eq(strncmp(line, "internal ", 9), 0);
    cr_assert_not_null(strstr(line, "-: -\n"));
    mem_free(line);
    record_free(r);
}
