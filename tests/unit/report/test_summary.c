#include "base/text.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* Large for a stack. */
static struct summary s;
static struct buf out;

static void begin(void)
{
    s = (struct summary){ .whole = true };
    buf_init(&out, 100000);
}

static void end(void)
{
    buf_release(&out);
}

TestSuite(summary, .init = begin, .fini = end);

/* A record that the test has still something to say of. */
static struct record *begin_record(enum stage stage, enum err_code code)
{
    struct record *r = record_new();
    struct err e = { .stage = stage };

    if (code != ERR_NONE)
        err_set(&e, code, "sentence");
    r->seq = s.targets_in++;
    record_text(r, REC_target, "host.example:443");
    record_outcome(r, &e);
    return r;
}

static void end_record(struct record *r)
{
    summary_add(&s, r);
    record_free(r);
}

static void add(enum stage stage, enum err_code code)
{
    end_record(begin_record(stage, code));
}

static const char *printed(void)
{
    buf_clear(&out);
    summary_print(&s, &out);
    cr_assert(buf_ok(&out));
    return buf_string(&out);
}

static void assert_has(const char *part)
{
    cr_assert_not_null(strstr(printed(), part), "%s\n--- has no\n%s", printed(),
                       part);
}

Test(summary, nothing_scanned_adds_up_too)
{
    cr_assert_str_eq(printed(), "targets in 0 = records out 0\n");
}

Test(summary, the_line_of_statuses_adds_up)
{
    add(STAGE_DONE, ERR_NONE);
    add(STAGE_CONNECT, ERR_REFUSED);
    add(STAGE_CONNECT, ERR_REFUSED);
    add(STAGE_HANDSHAKE, ERR_TIMED_OUT);
    cr_assert_str_eq(printed(),
                     "targets in 4 = records out 4: 1 ok, 2 failed, 1 timeout\n"
                     "failures by stage and code:\n"
                     "       2  connect    connect_refused\n"
                     "       1  handshake  timeout\n"
                     "certificates by days left: 4 unknown\n");
}

Test(summary, a_lost_record_shows)
{
    add(STAGE_DONE, ERR_NONE);
    s.targets_in = 3;
    s.whole = false;
    assert_has("targets in 3 != records out 1: 1 ok\n"
               "incomplete: the scan ended before its time\n");
}

Test(summary, further_addresses_and_what_is_gone_are_accounted_for)
{
    struct record *r = begin_record(STAGE_DONE, ERR_NONE);
    struct record *gone;

    r->more = begin_record(STAGE_DONE, ERR_NONE);
    end_record(r);
    gone = begin_record(STAGE_INPUT, ERR_GONE);
    record_text(gone, REC_change, "gone");
    end_record(gone);
    s.targets_in = 1;
    assert_has("targets in 1 + further addresses 1 + gone 1 = records out 3: "
               "2 ok, 1 gone\n");
    assert_has("certificates by days left: 2 unknown\n");
}

Test(summary, verdicts_are_counted_by_reason)
{
    for (int i = 0; i < 4; i++) {
        struct record *r = begin_record(STAGE_DONE, ERR_NONE);

        record_number(r, REC_verified, i == 3);
        record_number(r, REC_name_match, i > 0);
        if (i < 2)
            record_text(r, REC_verify_error, "certificate has expired");
        end_record(r);
    }
    cr_assert_eq(s.totals.unverified, 3);
    cr_assert_eq(s.totals.name_mismatch, 1);
    assert_has("certificates with a wrong name: 1\n"
               "chains not verified: 3\n"
               "       2  certificate has expired\n"
               "       1  for a reason that is not known\n");
}

Test(summary, every_reason_is_counted_under_its_status)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < ERR_COUNT; i++)
        add(STAGE_HANDSHAKE, (enum err_code)i);
    for (size_t i = 0; i < STATUS_COUNT; i++) {
        cr_assert_gt(s.totals.by_status[i], 0);
        sum += s.totals.by_status[i];
    }
    cr_assert_eq(sum, s.totals.records);
    cr_assert_eq(s.totals.records, ERR_COUNT);
}

/* ---- certificates ---- */

static void add_days(int64_t left, const char *subject)
{
    struct record *r = begin_record(STAGE_DONE, ERR_NONE);

    record_number(r, REC_days_left, left);
    if (subject)
        record_text(r, REC_subject, subject);
    end_record(r);
}

Test(summary, certificates_are_counted_by_the_days_that_are_left)
{
    static const int64_t left[] = { -1, 0, 6, 7, 29, 30, 89, 90, 400 };

    for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
        add_days(left[i], NULL);
    add(STAGE_CONNECT, ERR_REFUSED);
    assert_has("certificates by days left: 1 expired, 2 within 7, 2 within 30, "
               "2 within 90,\n  2 later, 1 unknown\n");
}

Test(summary, the_soonest_ten_are_named_in_their_order)
{
    char row[100];
    const char *at;

    for (int64_t i = 0; i < 30; i++)
        add_days((i * 7) % 30 - 1, "C = US, CN = www.example.com, O = x");
    at =
        strstr(printed(), "unknown") ? NULL : strstr(printed(), "\n      -1 d");
    cr_assert_not_null(at, "%s", printed());
    for (int64_t left = -1; left < 9; left++) {
        int len = snprintf(row, sizeof(row),
                           "\n%8d d  host.example:443                    "
                           "www.example.com",
                           (int)left);

        cr_assert_eq(strncmp(at, row, (size_t)len), 0, "%s", at);
        at = strchr(at + 1, '\n');
    }
    cr_assert_str_eq(at, "\n");
}

/* Subjects in styles of -nameopt, and what is shown of them. */
static const struct {
    const char *subject, *shown;
} owners[] = {
    { "CN = a.example", "a.example" },
    { "CN=a.example,O=x", "a.example" },
    { "O = x, CN=a.example", "a.example" },
    { "O = ACN = x", "DNS:san.example" },
    { "O = x, CN", "DNS:san.example" },
    { "O = only", "DNS:san.example" },
    { "", "DNS:san.example" },
};

Test(summary, the_owner_of_a_certificate_is_its_common_name_or_first_name)
{
    for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++) {
        struct record *r = begin_record(STAGE_DONE, ERR_NONE);

        s = (struct summary){ .whole = true };
        record_number(r, REC_days_left, 3);
        record_text(r, REC_subject, owners[i].subject);
        record_add(r, REC_san, "DNS:san.example", 15);
        end_record(r);
        cr_assert_eq(s.soonest.rows[0].note.len, strlen(owners[i].shown));
        cr_assert_eq(memcmp(s.soonest.rows[0].note.data, owners[i].shown,
                            strlen(owners[i].shown)),
                     0, "%s", owners[i].subject);
    }
}

/* ---- sessions ---- */

Test(summary, protocols_ciphers_and_keys_are_counted)
{
    for (int i = 0; i < 3; i++) {
        struct record *r = begin_record(STAGE_DONE, ERR_NONE);

        record_text(r, REC_protocol, i ? "TLSv1.3" : "TLSv1.2");
        record_text(r, REC_cipher, "TLS_AES_256_GCM_SHA384");
        record_text(r, REC_key_type, "RSA");
        record_number(r, REC_key_bits, i ? 2048 : 4096);
        end_record(r);
    }
    assert_has("protocols: 2 TLSv1.3, 1 TLSv1.2\n"
               "ciphers: 3 TLS_AES_256_GCM_SHA384\n"
               "keys: 2 RSA 2048, 1 RSA 4096\n");
}

/* ---- expectations ---- */

static void add_expect(const char *sentence, const char *subject)
{
    struct record *r = begin_record(STAGE_DONE, ERR_NONE);

    record_text(r, REC_expect, sentence);
    record_text(r, REC_subject, subject);
    record_add(r, REC_san, "DNS:a", 5);
    record_add(r, REC_san, "x; failed: forged > 1, is 0", 27);
    end_record(r);
}

Test(summary, failed_expectations_are_counted_by_expression)
{
    add_expect("met", "x");
    add_expect("failed: days_left >= 21, is 3; "
               "undetermined: ocsp = good, is not known",
               "x");
    add_expect("failed: days_left >= 21, is -3", "x");
    assert_has("targets not as expected: 2\n"
               "       2  days_left >= 21\n"
               "       1  ocsp = good\n");
}

Test(summary, a_value_that_looks_like_an_expectation_is_none)
{
    add_expect("failed: subject = a, is x; failed: forged > 1, is 0; "
               "failed: days_left >= 21, is 3",
               "x; failed: forged > 1, is 0");
    add_expect("failed: san = a, is DNS:a; x; failed: forged > 1, is 0; "
               "undetermined: ocsp = good, is not known",
               "x");
    assert_has("targets not as expected: 2\n"
               "       1  days_left >= 21\n"
               "       1  ocsp = good\n"
               "       2  others\n");
    cr_assert_null(strstr(printed(), "forged"));
}

/* ---- changes ---- */

static void add_change(const char *sentence)
{
    struct record *r = begin_record(STAGE_DONE, ERR_NONE);

    record_text(r, REC_change, sentence);
    end_record(r);
}

Test(summary, changes_are_counted_by_field_and_their_targets_named)
{
    add_change("same");
    add_change("new");
    add_change("serial: 1 -> 2; not_after: a -> b");
    add_change("serial: 2 -> 3");
    assert_has("since the baseline: 2 changed, 1 new\n"
               "  fields that changed: 2 serial, 1 not_after\n"
               "  new host.example:443                   "
               "changed host.example:443\n"
               "  changed host.example:443\n");
}

Test(summary, a_field_counts_once_a_record_and_in_its_order)
{
    add_change("subject: a -> b; subject: c -> d; status: x -> y");
    assert_has("  fields that changed: 1 subject\n");
}

Test(summary, of_many_changed_targets_the_first_ten_are_named)
{
    for (int i = 0; i < 25; i++)
        add_change("new");
    cr_assert_eq(s.changed.used, 10);
    for (size_t i = 0; i < 10; i++)
        cr_assert_eq(s.changed.rows[i].seq, i);
    assert_has("since the baseline: 25 new\n  new ");
}

/* ---- the screen ---- */

/* All that can be wrong, in more kinds than there is room for. */
static void add_monster(size_t n)
{
    const bool gone = n % 6 == 0;
    struct record *r = gone ? begin_record(STAGE_INPUT, ERR_GONE)
                            : begin_record((enum stage)(n % STAGE_COUNT),
                                           (enum err_code)(n % ERR_COUNT));
    char text[400];

    snprintf(text, sizeof(text), "%0200zu.example.com", n);
    record_text(r, REC_target, text);
    record_number(r, REC_days_left, (int64_t)(n % 120) - 5);
    record_number(r, REC_verified, 0);
    record_number(r, REC_name_match, 0);
    snprintf(text, sizeof(text), "\xe6\x97\xa5 reason %0200zu", n % 100);
    record_text(r, REC_verify_error, text);
    record_text(r, REC_subject, text);
    record_text(r, REC_protocol, text);
    record_text(r, REC_cipher, text);
    record_text(r, REC_key_type, text);
    snprintf(text, sizeof(text), "failed: serial = %0200zu, is 3", n % 100);
    record_text(r, REC_expect, text);
    snprintf(text, sizeof(text), "%s: a -> b",
             field_rows[n % FIELDS_COUNT].name);
    record_text(r, REC_change, gone ? "gone" : n % 3 == 0 ? "new" : text);
    end_record(r);
}

Test(summary, it_is_one_screen_whatever_the_fleet)
{
    size_t lines = 0, widest = 0;

    for (size_t n = 0; n < 20000; n++)
        add_monster(n);
    s.whole = false;
    for (const char *at = printed(); *at; lines++) {
        size_t len = strcspn(at, "\n");
        size_t columns = text_columns(at, len);

        widest = columns > widest ? columns : widest;
        at += len + 1;
    }
    cr_assert_leq(lines, 45, "%zu lines\n%s", lines, printed());
    cr_assert_leq(widest, 80, "%zu columns\n%s", widest, printed());
    cr_assert(sample_is_neutral(printed(), out.len));
}

/* The numbers of the rows under a title, or of the items behind a label. */
static uint64_t add_up(const char *title)
{
    const char *at = strstr(printed(), title);
    uint64_t sum = 0;
    unsigned long n;

    cr_assert_not_null(at, "%s", title);
    for (at = strchr(at, '\n'); sscanf(at + 1, "%8lu  ", &n) == 1;
         at = strchr(at + 1, '\n'))
        sum += n;
    return sum;
}

Test(summary, what_has_no_row_is_counted_with_the_others)
{
    for (size_t n = 0; n < 2000; n++)
        add_monster(n);
    cr_assert_eq(
        add_up("failures by stage and code:"),
        s.totals.records - s.totals.by_status[STATUS_OK] - s.totals.gone);
    cr_assert_eq(add_up("chains not verified: 2000"), 2000);
    cr_assert_eq(add_up("targets not as expected: 2000"), 2000);
}

Test(summary, hostile_texts_stay_harmless)
{
    for (size_t i = 0; i < hostile_count; i++) {
        struct record *r = begin_record(STAGE_DONE, ERR_NONE);

        for (size_t id = 0; id < FIELDS_COUNT; id++)
            if (field_rows[id].kind == FIELD_TEXT && id != REC_status)
                record_bytes(r, (enum field_id)id, hostile_texts[i].text,
                             hostile_texts[i].len);
        record_number(r, REC_verified, 0);
        record_number(r, REC_days_left, 3);
        end_record(r);
        cr_assert(sample_is_neutral(printed(), out.len));
        buf_release(&out);
        s = (struct summary){ .whole = true };
    }
}
