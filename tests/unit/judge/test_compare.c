/* Every kind with every operator, and every state. */
#include "sample.h"

#include "base/fault.h"
#include "judge.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define MET         EXPECT_MET
#define FAILED      EXPECT_FAILED
#define UNKNOWN     EXPECT_UNDETERMINED

static enum expect_result check(const char *text, const struct record *r)
{
    struct err e = { 0 };
    struct expectation *x = expectation_new(text, &e);
    enum expect_result result;

    cr_assert_not_null(x, "%s: %s", text, e.msg);
    result = expectation_check(x, r);
    expectation_free(x);
    return result;
}

struct row {
    const char *value, *expectation;
    enum expect_result result;
};

static void expect_rows(const char *field, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct record *r = sample_record(field, rows[i].value, NULL);

        cr_expect_eq(check(rows[i].expectation, r), rows[i].result,
                     "%s: %s: not %d", rows[i].value, rows[i].expectation,
                     rows[i].result);
        record_free(r);
    }
}

Test(compare, whole_numbers)
{
    static const struct row rows[] = {
        { "21", "days_left = 21", MET },
        { "21", "days_left = 20", FAILED },
        { "21", "days_left != 21", FAILED },
        { "21", "days_left != 20", MET },
        { "21", "days_left < 21", FAILED },
        { "21", "days_left < 22", MET },
        { "21", "days_left <= 21", MET },
        { "21", "days_left <= 20", FAILED },
        { "21", "days_left > 21", FAILED },
        { "21", "days_left > 20", MET },
        { "21", "days_left >= 21", MET },
        { "21", "days_left >= 22", FAILED },
        { "-3", "days_left >= 0", FAILED },
        { "-3", "days_left = -3", MET },
        { "9", "days_left < 10", MET },
        { "21", "days_left in 20,21", MET },
        { "21", "days_left in 20,22,none", FAILED },
    };

    expect_rows("days_left", rows, COUNT(rows));
}

Test(compare, milliseconds)
{
    static const struct row rows[] = {
        { "1500", "ms_total = 1.5", MET },
        { "1500", "ms_total != 1.5", FAILED },
        { "1500", "ms_total < 2", MET },
        { "1500", "ms_total < 1.499", FAILED },
        { "1500", "ms_total <= 1.5", MET },
        { "1500", "ms_total > 1.5", FAILED },
        { "1500", "ms_total > 1.499", MET },
        { "1500", "ms_total >= 1.501", FAILED },
        { "1500", "ms_total in 1,1.5", MET },
    };

    expect_rows("ms_total", rows, COUNT(rows));
}

Test(compare, yes_and_no)
{
    static const struct row rows[] = {
        { "yes", "verified = yes", MET },
        { "yes", "verified = true", MET },
        { "no", "verified = yes", FAILED },
        { "no", "verified = false", MET },
        { "yes", "verified != no", MET },
        { "no", "verified != no", FAILED },
        { "no", "verified in yes,not_asked", FAILED },
        { "yes", "verified in yes,not_asked", MET },
        { "(not asked)", "verified in yes,not_asked", MET },
    };

    expect_rows("verified", rows, COUNT(rows));
}

/* 1798675200 is 2026-12-31T00:00:00Z. */
Test(compare, times)
{
    static const struct row rows[] = {
        { "1798675200", "not_after = 2026-12-31T00:00:00Z", MET },
        { "1798675201", "not_after = 2026-12-31T00:00:00Z", FAILED },
        { "1798675200", "not_after = 2026-12-31T01:00:00+01:00", MET },
        { "1798675201", "not_after != 2026-12-31T00:00:00Z", MET },
        { "1798675201", "not_after > 2026-12-31T00:00:00Z", MET },
        { "1798675200", "not_after > 2026-12-31T00:00:00Z", FAILED },
        { "1798675199", "not_after < 2026-12-31T00:00:00Z", MET },
        { "1798675200", "not_after <= 2026-12-31T00:00:00Z", MET },
        { "1798675199", "not_after >= 2026-12-31T00:00:00Z", FAILED },
    };

    expect_rows("not_after", rows, COUNT(rows));
}

Test(compare, a_day_is_the_whole_day)
{
    static const struct row rows[] = {
        { "1798675200", "not_after = 2026-12-31", MET },
        { "1798761599", "not_after = 2026-12-31", MET },
        { "1798761600", "not_after = 2026-12-31", FAILED },
        { "1798675199", "not_after = 2026-12-31", FAILED },
        { "1798761599", "not_after > 2026-12-31", FAILED },
        { "1798761600", "not_after > 2026-12-31", MET },
        { "1798761599", "not_after <= 2026-12-31", MET },
        { "1798675200", "not_after < 2026-12-31", FAILED },
        { "1798675199", "not_after < 2026-12-31", MET },
        { "1798761599", "not_after in 2026-12-30,2026-12-31", MET },
        { "-1", "not_after = 1969-12-31", MET },
        { "-86400", "not_after = 1969-12-31", MET },
        { "-86401", "not_after = 1969-12-31", FAILED },
    };

    expect_rows("not_after", rows, COUNT(rows));
}

Test(compare, texts)
{
    static const struct row rows[] = {
        { "h2", "alpn = h2", MET },
        { "h2", "alpn = H2", FAILED },
        { "h2", "alpn = h", FAILED },
        { "h2", "alpn != h2", FAILED },
        { "h2", "alpn != h3", MET },
        { "h2", "alpn in h2,http/1.1", MET },
        { "h3", "alpn in h2,http/1.1", FAILED },
        { "h2", "alpn ~ ^h[23]$", MET },
        { "http/1.1", "alpn ~ ^h[23]$", FAILED },
        { "h2", "alpn !~ ^h[23]$", FAILED },
        { "http/1.1", "alpn !~ ^h[23]$", MET },
        { "", "alpn = \"\"", MET },
        { "", "alpn = h2", FAILED },
        { "", "alpn ~ ^$", MET },
        { "21", "alpn = 021", FAILED },
    };

    expect_rows("alpn", rows, COUNT(rows));
}

Test(compare, protocol_versions_by_age)
{
    static const struct row rows[] = {
        { "TLSv1.2", "protocol >= TLSv1.2", MET },
        { "TLSv1.3", "protocol >= TLSv1.2", MET },
        { "TLSv1.1", "protocol >= TLSv1.2", FAILED },
        { "TLSv1", "protocol < TLSv1.1", MET },
        { "SSLv3", "protocol < TLSv1", MET },
        { "TLSv1.3", "protocol <= TLSv1.2", FAILED },
        { "TLSv1.3", "protocol > TLSv1.2", MET },
        { "DTLSv1", "protocol >= DTLSv1.2", FAILED },
        { "DTLSv1.2", "protocol >= DTLSv1.2", MET },
        { "TLSv1", "protocol = TLSv1.0", MET },
        { "TLSv1.3", "protocol = TLSv1.3", MET },
        { "TLSv1.3", "protocol != TLSv1.3", FAILED },
        { "TLSv1.3", "protocol in TLSv1.2,TLSv1.3", MET },
        { "TLSv1.1", "protocol in TLSv1.2,TLSv1.3", FAILED },
        { "TLSv1.3", "protocol ~ ^TLS", MET },
    };

    expect_rows("protocol", rows, COUNT(rows));
}

Test(compare, versions_that_have_no_order_are_undetermined)
{
    static const struct row rows[] = {
        { "DTLSv1.2", "protocol >= TLSv1.2", UNKNOWN },
        { "TLSv1.3", "protocol < DTLSv1.2", UNKNOWN },
        { "TLSv1.4", "protocol >= TLSv1.2", UNKNOWN },
        { "TLSv1.4", "protocol = TLSv1.2", FAILED },
        { "DTLSv1.2", "protocol = TLSv1.2", FAILED },
        { "DTLSv1.2", "protocol != TLSv1.2", MET },
    };

    expect_rows("protocol", rows, COUNT(rows));
}

static const char *const list_expectations[] = {
    "%s = b", "%s ~ ^b$", "%s in x,b", "%s != x", "%s !~ x",
};

/* "field OP value" of one of the rows above, with the field put in. */
static enum expect_result check_list(const char *format, const char *field,
                                     const struct record *r)
{
    char text[80] = "";

    strncat(text, field, 40);
    strncat(text, format + 2, 30);
    return check(text, r);
}

Test(compare, one_item_of_a_list_is_enough_and_none_may_be_unwanted)
{
    struct record *some = sample_record("san", "a", "san", "b", NULL);
    struct record *other = sample_record("san", "a", "san", "x", NULL);

    for (size_t i = 0; i < COUNT(list_expectations); i++) {
        cr_expect_eq(check_list(list_expectations[i], "san", some), MET, "%s",
                     list_expectations[i]);
        if (strcmp(list_expectations[i], "%s in x,b") != 0)
            cr_expect_eq(check_list(list_expectations[i], "san", other), FAILED,
                         "%s", list_expectations[i]);
    }
    cr_expect_eq(check("san = a; b", some), FAILED, "items are not joined");
    record_free(some);
    record_free(other);
}

Test(compare, tags_are_key_and_value)
{
    struct record *r =
        sample_record("tags", "team=payments", "tags", "env=prod", NULL);

    cr_expect_eq(check("tags = env=prod", r), MET);
    cr_expect_eq(check("tags = env", r), FAILED);
    cr_expect_eq(check("tags = env=test", r), FAILED);
    cr_expect_eq(check("tags != env=test", r), MET);
    cr_expect_eq(check("tags != team=payments", r), FAILED);
    cr_expect_eq(check("tags in env=test,env=prod", r), MET);
    cr_expect_eq(check("tags ~ ^env=", r), MET);
    cr_expect_eq(check("tags !~ ^env=", r), FAILED);
    record_free(r);
}

Test(compare, a_chain_is_its_subjects)
{
    struct record *r =
        sample_record("chain", "CN = leaf", "chain", "CN = R3", NULL);

    cr_expect_eq(check("chain = CN = R3", r), MET);
    cr_expect_eq(check("chain = CN = R4", r), FAILED);
    cr_expect_eq(check("chain != CN = R3", r), FAILED);
    cr_expect_eq(check("chain ~ R[0-9]", r), MET);
    cr_expect_eq(check("chain !~ Test", r), MET);
    cr_expect_eq(check("chain in a,CN = leaf", r), MET);
    record_free(r);
}

Test(compare, none_is_a_word_and_has_no_order)
{
    static const struct row texts[] = {
        { "(none)", "starttls = none", MET },
        { "(none)", "starttls != none", FAILED },
        { "(none)", "starttls = smtp", FAILED },
        { "(none)", "starttls != smtp", MET },
        { "(none)", "starttls in smtp,none", MET },
        { "(none)", "starttls ~ none|smtp", MET },
        { "(none)", "starttls !~ smtp", MET },
        { "smtp", "starttls = none", FAILED },
        { "none", "starttls = none", MET },
        { "(none)", "starttls = \"none\"", MET },
    };
    static const struct row numbers[] = {
        { "(none)", "sct_count = none", MET },
        { "(none)", "sct_count != none", FAILED },
        { "(none)", "sct_count != 0", MET },
        { "(none)", "sct_count = 0", FAILED },
        { "0", "sct_count = none", FAILED },
        { "(none)", "sct_count >= 0", FAILED },
        { "(none)", "sct_count < 5", FAILED },
        { "(none)", "sct_count in 1,none", MET },
    };
    static const struct row lists[] = {
        { "(none)", "san = none", MET }, { "(none)", "san != none", FAILED },
        { "(none)", "san !~ x", MET },   { "(none)", "san ~ x", FAILED },
        { "a", "san = none", FAILED },   { "a", "san != none", MET },
    };
    static const struct row protocols[] = {
        { "(none)", "protocol >= TLSv1.2", FAILED },
        { "(none)", "protocol = none", MET },
    };

    expect_rows("starttls", texts, COUNT(texts));
    expect_rows("sct_count", numbers, COUNT(numbers));
    expect_rows("san", lists, COUNT(lists));
    expect_rows("protocol", protocols, COUNT(protocols));
}

Test(compare, what_was_not_asked_meets_only_its_own_word)
{
    static const struct row texts[] = {
        { "(not asked)", "ocsp = not_asked", MET },
        { "(not asked)", "ocsp in good,not_asked", MET },
        { "(not asked)", "ocsp != not_asked", FAILED },
        { "(not asked)", "ocsp ~ ^not_asked$", MET },
        { "(not asked)", "ocsp !~ asked", FAILED },
        { "(not asked)", "ocsp = good", FAILED },
        { "(not asked)", "ocsp ~ good", FAILED },
        { "(not asked)", "ocsp != revoked", UNKNOWN },
        { "(not asked)", "ocsp !~ revoked", UNKNOWN },
        { "not_asked", "ocsp != revoked", UNKNOWN },
    };
    static const struct row numbers[] = {
        { "(not asked)", "sct_count >= 2", UNKNOWN },
        { "(not asked)", "sct_count != 2", UNKNOWN },
        { "(not asked)", "sct_count = 2", FAILED },
        { "(not asked)", "sct_count = not_asked", MET },
    };
    static const struct row lists[] = {
        { "(not asked)", "client_cas !~ Test", UNKNOWN },
        { "(not asked)", "client_cas = not_asked", MET },
    };

    expect_rows("ocsp", texts, COUNT(texts));
    expect_rows("sct_count", numbers, COUNT(numbers));
    expect_rows("client_cas", lists, COUNT(lists));
}

Test(compare, what_is_not_known_is_never_met)
{
    static const char *const texts[] = {
        "alpn = h2",         "alpn != h2",
        "alpn ~ h2",         "alpn !~ h2",
        "alpn in h2,h3",     "alpn = none",
        "days_left >= 1",    "days_left = 1",
        "verified = no",     "verified != yes",
        "san != x",          "san !~ x",
        "tags != a=b",       "chain !~ x",
        "protocol >= SSLv3", "not_after < 9999-12-31",
        "ms_total < 1",      "alpn = not_asked",
    };
    struct record *r = record_new();

    for (size_t i = 0; i < COUNT(texts); i++)
        cr_expect_eq(check(texts[i], r), UNKNOWN, "%s", texts[i]);
    record_free(r);
}

Test(compare, a_text_that_is_too_long_for_a_pattern_is_undetermined)
{
    static char text[20000];
    struct record *r = record_new();

    memset(text, 'a', sizeof(text));
    record_bytes(r, REC_response, text, sizeof(text));
    cr_expect_eq(check("response ~ b", r), UNKNOWN);
    cr_expect_eq(check("response !~ b", r), UNKNOWN);
    cr_expect_eq(check("response = b", r), FAILED);
    record_free(r);
}

Test(compare, a_match_counts_although_later_items_are_too_long)
{
    static char text[20000];
    struct record *r = sample_record("san", "here", NULL);

    memset(text, 'a', sizeof(text));
    record_add(r, REC_san, text, sizeof(text));
    cr_expect_eq(check("san ~ here", r), MET);
    cr_expect_eq(check("san !~ here", r), FAILED);
    cr_expect_eq(check("san !~ gone", r), UNKNOWN);
    record_free(r);
}

Test(compare, a_text_may_hold_any_byte)
{
    struct record *r = record_new();

    record_bytes(r, REC_subject, "CN\0Test", 7);
    cr_expect_eq(check("subject = CN", r), FAILED);
    cr_expect_eq(check("subject !~ Test", r), FAILED);
    record_free(r);
}

Test(compare, refused_memory_is_never_met)
{
    static const char *const texts[] = { "san = zz", "san ~ zz", "san !~ zz",
                                         "san != zz" };
    struct record *r = sample_record("san", "a", NULL);
    struct err e = { 0 };

    for (size_t i = 0; i < COUNT(texts); i++) {
        struct expectation *x = expectation_new(texts[i], &e);
        enum expect_result calm = expectation_check(x, r);

        fault_arm(0);
        for (long nth = 1, asked = 1; nth <= asked; nth++) {
            enum expect_result result;

            fault_arm(nth);
            result = expectation_check(x, r);
            asked = fault_seen();
            if (asked >= nth)
                cr_expect_eq(result, UNKNOWN, "%s, fault %ld, calm %d",
                             texts[i], nth, calm);
        }
        fault_arm(0);
        expectation_free(x);
    }
    record_free(r);
}
