#include "sample.h"

#include "base/fault.h"
#include "judge.h"

#include <criterion/criterion.h>
#include <string.h>

enum { MANY = 100 };

/* Judges the record by up to three expectations. */
static void judge(struct record *r, const char *a, const char *b, const char *c)
{
    const char *const texts[] = { a, b, c };
    const struct expectation *list[3];
    struct expectation *own[3];
    struct err e = { 0 };
    size_t n = 0;

    for (; n < 3 && texts[n]; n++) {
        list[n] = own[n] = expectation_new(texts[n], &e);
        cr_assert_not_null(own[n], "%s", e.msg);
    }
    judge_expectations(list, n, r);
    while (n-- > 0)
        expectation_free(own[n]);
}

static void expect_sentence(struct record *r, const char *sentence)
{
    cr_assert(record_known(r, REC_expect));
    cr_assert_str_eq(record_get(r, REC_expect), sentence);
    record_free(r);
}

Test(expect, without_expectations_it_was_not_asked)
{
    struct record *r = record_new();

    judge(r, NULL, NULL, NULL);
    cr_assert_eq(r->values[REC_expect].state, VALUE_NOT_ASKED);
    record_free(r);
}

Test(expect, all_that_are_met_are_one_word)
{
    struct record *r =
        sample_record("days_left", "30", "cipher", "AES-GCM", NULL);

    judge(r, "days_left >= 21", "cipher ~ GCM", NULL);
    expect_sentence(r, "met");
}

Test(expect, each_one_that_is_not_met_is_a_sentence_with_what_there_is)
{
    struct record *r = sample_record("days_left", "3", "cipher", "AES-CBC",
                                     "starttls", "(none)", NULL);

    judge(r, "days_left  >= 21", "cipher ~ GCM", "starttls = smtp");
    expect_sentence(r, "failed: days_left  >= 21, is 3; "
                       "failed: cipher ~ GCM, is AES-CBC; "
                       "failed: starttls = smtp, is none");
}

Test(expect, undetermined_ones_say_why)
{
    struct record *r =
        sample_record("ocsp", "(not asked)", "protocol", "DTLSv1.2", NULL);

    judge(r, "alpn = h2", "ocsp != revoked", "protocol >= TLSv1.2");
    expect_sentence(r, "undetermined: alpn = h2, is not known; "
                       "undetermined: ocsp != revoked, is not_asked; "
                       "undetermined: protocol >= TLSv1.2, is DTLSv1.2");
}

Test(expect, every_kind_is_shown_as_reports_show_it)
{
    struct record *r = sample_record("verified", "no", "not_after",
                                     "1798675200", "ms_total", "1500", NULL);

    judge(r, "verified = yes", "not_after > 2027-01-01", "ms_total < 1");
    expect_sentence(r,
                    "failed: verified = yes, is no; "
                    "failed: not_after > 2027-01-01, is 2026-12-31T00:00:00Z; "
                    "failed: ms_total < 1, is 1.500");
}

Test(expect, lists_are_shown_whole)
{
    struct record *r =
        sample_record("san", "DNS:a", "san", "DNS:b", "tags", "a=b", "tags",
                      "c=d", "chain", "CN = x", "chain", "CN = y", NULL);

    judge(r, "san = DNS:c", "tags = a=c", "chain = CN = z");
    expect_sentence(r, "failed: san = DNS:c, is DNS:a; DNS:b; "
                       "failed: tags = a=c, is a=b; c=d; "
                       "failed: chain = CN = z, is CN = x; CN = y");
}

Test(expect, an_empty_text_can_be_seen)
{
    struct record *r = sample_record("alpn", "", NULL);

    judge(r, "alpn = h2", NULL, NULL);
    expect_sentence(r, "failed: alpn = h2, is \"\"");
}

Test(expect, a_long_value_is_cut_at_a_whole_character)
{
    char text[400], wanted[400];
    struct record *r = record_new();

    memset(text, 'a', sizeof(text));
    memcpy(text + 239, "\xc3\xa4", 2);
    record_bytes(r, REC_subject, text, sizeof(text));
    judge(r, "subject = x", NULL, NULL);
    memset(wanted, 'a', sizeof(wanted));
    memcpy(wanted, "failed: subject = x, is ", 24);
    memcpy(wanted + 24 + 239, "...", 4);
    expect_sentence(r, wanted);
}

Test(expect, a_value_stays_as_received)
{
    struct record *r = record_new();

    record_bytes(r, REC_subject, "\x1b[2J\\\0x", 7);
    judge(r, "subject = x", NULL, NULL);
    cr_assert_eq(r->values[REC_expect].text.len, 24 + 7);
    cr_assert_arr_eq(r->values[REC_expect].text.data + 24, "\x1b[2J\\\0x", 7);
    record_free(r);
}

Test(expect, a_judgement_replaces_an_earlier_one)
{
    struct record *r = sample_record("days_left", "3", NULL);

    judge(r, "days_left > 5", NULL, NULL);
    sample_set(r, "days_left", "6");
    judge(r, "days_left > 5", NULL, NULL);
    expect_sentence(r, "met");
}

Test(expect, expectations_without_end_are_cut_not_met)
{
    struct record *r = record_new();
    const struct expectation *list[MANY];
    char text[4000] = "alpn = ";
    struct err e = { 0 };
    struct expectation *x;

    memset(text + 7, 'a', sizeof(text) - 8);
    text[sizeof(text) - 1] = '\0';
    x = expectation_new(text, &e);
    cr_assert_not_null(x, "%s", e.msg);
    for (size_t i = 0; i < MANY; i++)
        list[i] = x;
    judge_expectations(list, MANY, r);
    cr_assert_leq(r->values[REC_expect].text.len, 256 * 1024);
    cr_assert_eq(strncmp(record_get(r, REC_expect), "undetermined: ", 14), 0);
    expectation_free(x);
    record_free(r);
}

Test(expect, refused_memory_leaves_the_result_unknown)
{
    struct record *r = sample_record("alpn", "h2", NULL);
    const struct expectation *list[1];
    struct err e = { 0 };
    struct expectation *x = expectation_new("alpn = h3", &e);
    long nth = 1;

    for (list[0] = x; nth < 100; nth++) {
        r->incomplete = false;
        fault_arm(nth);
        judge_expectations(list, 1, r);
        if (fault_seen() < nth)
            break;
        cr_expect(r->incomplete, "fault %ld", nth);
        cr_expect_not(record_known(r, REC_expect), "fault %ld", nth);
    }
    fault_arm(0);
    cr_assert_gt(nth, 2);
    cr_assert_str_eq(record_get(r, REC_expect), "failed: alpn = h3, is h2");
    expectation_free(x);
    record_free(r);
}
