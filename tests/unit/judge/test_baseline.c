#include "fleet.h"

#include <criterion/criterion.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* ---- what a report holds ---- */

Test(baseline, the_same_findings_are_the_same_in_both_formats)
{
    static const char *const reports[] = { fleet_csv, fleet_jsonl };
    static const char *const gone[] = { "b.example" };

    for (size_t i = 0; i < COUNT(reports); i++) {
        struct baseline *b = fleet_open(reports[i], false);
        struct record *r = fleet_first();

        fleet_expect_change(b, r, "same");
        fleet_expect_gone(b, gone, 1);
        cr_expect(baseline_whole(b));
        record_free(r);
        baseline_close(b);
    }
}

Test(baseline, what_differs_is_told_with_the_decoded_old_value)
{
    static const char *const reports[] = { fleet_csv, fleet_jsonl };

    for (size_t i = 0; i < COUNT(reports); i++) {
        struct baseline *b = fleet_open(reports[i], false);
        struct record *r = fleet_first();

        sample_set(r, "subject", "CN = b");
        sample_set(r, "issuer", "CN = CA");
        sample_set(r, "verified", "no");
        fleet_expect_change(
            b, r,
            "verified: yes -> no; "
            "subject: CN = a.example, O = \"A\" \xff -> CN = b; "
            "issuer: =CA -> CN = CA");
        record_free(r);
        baseline_close(b);
    }
}

/* The same text with and without a guard looks alike in CSV. */
Test(baseline, a_text_that_looks_guarded_equals_itself)
{
    static const char *const texts[] = { "=x", "'=x", "'x" };
    struct baseline *b = fleet_open("target,host,port,subject,san\n"
                                    "'=t,,,'=x,'=x; '=y\n"
                                    "'=t,,,'=x,'=x; '=y\n"
                                    "'=t,,,'x,'=x; '=y\n",
                                    false);

    for (size_t i = 0; i < COUNT(texts); i++) {
        struct record *r = sample_record("target", "'=t", "subject", texts[i],
                                         "san", "'=x", "san", "'=y", NULL);

        fleet_expect_change(b, r, "same");
        record_free(r);
    }
    baseline_close(b);
}

Test(baseline, columns_of_another_version_are_ignored)
{
    struct baseline *b =
        fleet_open("shoe_size,port,host,cipher\r\n42,443,a,AES\r\n", false);
    struct record *r = fleet_target("a", "443");

    sample_set(r, "cipher", "AES");
    sample_set(r, "protocol", "TLSv1.3");
    fleet_expect_change(b, r, "same");
    record_free(r);
    baseline_close(b);
}

Test(baseline, an_empty_report_makes_everything_new)
{
    static const char *const reports[] = { "", "host,port\n", "host,port",
                                           "\xef\xbb\xbfhost,port\n" };

    for (size_t i = 0; i < COUNT(reports); i++) {
        struct baseline *b = fleet_open(reports[i], false);
        struct record *r = fleet_target("a", "443");

        fleet_expect_change(b, r, "new");
        fleet_expect_gone(b, NULL, 0);
        record_free(r);
        baseline_close(b);
    }
}

Test(baseline, marks_blank_lines_and_a_missing_last_line_end_do_not_matter)
{
    static const char *const reports[] = {
        "\xef\xbb\xbfhost,port\r\n\r\na,443\r\n\nb,443",
        "\xef\xbb\xbf{\"host\":\"a\",\"port\":443}\r\n\n"
        "{\"host\":\"b\",\"port\":443}",
    };
    static const char *const gone[] = { "a", "b" };

    for (size_t i = 0; i < COUNT(reports); i++) {
        struct baseline *b = fleet_open(reports[i], false);

        fleet_expect_gone(b, gone, 2);
        baseline_close(b);
    }
}

/* ---- keys ---- */

Test(baseline, a_row_is_found_by_its_whole_key)
{
    struct baseline *b = fleet_open("host,port,sni,starttls,profile,cipher\n"
                                    "a,25,a,none,none,plain\n"
                                    "a,25,a,smtp,none,starttls\n"
                                    "a,25,b,none,none,other name\n"
                                    "a,25,none,none,none,no name\n"
                                    "a,25,a,none,old,profile\n"
                                    "a,26,a,none,none,port\n",
                                    false);
    static const char *const rows[][4] = {
        { "old", "a", "(none)", "profile" },
        { "(none)", "(none)", "(none)", "no name" },
        { "(none)", "b", "(none)", "other name" },
        { "(none)", "a", "smtp", "starttls" },
        { "(none)", "a", "(none)", "plain" },
    };
    static const char *const gone[] = { "a" };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct record *r = sample_record(
            "host", "a", "port", "25", "profile", rows[i][0], "sni", rows[i][1],
            "starttls", rows[i][2], "cipher", rows[i][3], NULL);

        fleet_expect_change(b, r, "same");
        fleet_expect_change(b, r, "new");
        record_free(r);
    }
    fleet_expect_gone(b, gone, 1);
    baseline_close(b);
}

Test(baseline, rows_of_one_key_are_matched_in_order)
{
    struct baseline *b = fleet_open("host,port,cipher\n"
                                    "a,1,first\na,1,second\na,1,third\n",
                                    false);
    static const char *const ciphers[] = { "first", "second", "third" };
    struct record *r = fleet_target("a", "1");

    for (size_t i = 0; i < COUNT(ciphers); i++) {
        sample_set(r, "cipher", ciphers[i]);
        fleet_expect_change(b, r, "same");
    }
    fleet_expect_change(b, r, "new");
    record_free(r);
    baseline_close(b);
}

/* "host@address:port" has the key of its siblings. */
Test(baseline, of_several_rows_the_one_that_was_written_alike_is_taken)
{
    struct baseline *b = fleet_open("target,host,port,cipher\n"
                                    "a@192.0.2.1,a,443,one\n"
                                    "a@192.0.2.2,a,443,two\n"
                                    "a@192.0.2.3,a,443,three\n",
                                    false);
    static const char *const rows[][2] = {
        { "a@192.0.2.3", "three" },
        { "a@192.0.2.1", "one" },
        { "a@192.0.2.9", "two" },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct record *r =
            sample_record("target", rows[i][0], "host", "a", "port", "443",
                          "cipher", rows[i][1], NULL);

        fleet_expect_change(b, r, "same");
        record_free(r);
    }
    baseline_close(b);
}

Test(baseline, the_address_tells_apart_only_when_all_are_probed)
{
    static const char report[] = "host,port,address,cipher\n"
                                 "a,443,192.0.2.1,one\n"
                                 "a,443,192.0.2.2,two\n";
    struct record *r = sample_record("host", "a", "port", "443", "address",
                                     "192.0.2.2", "cipher", "two", NULL);
    struct baseline *b = fleet_open(report, true);
    struct record *gone;

    fleet_expect_change(b, r, "same");
    gone = baseline_gone(b, 0);
    cr_expect_str_eq(record_get(gone, REC_address), "192.0.2.1");
    record_free(gone);
    baseline_close(b);

    b = fleet_open(report, false);
    fleet_expect_change(b, r, "cipher: one -> two");
    baseline_close(b);
    record_free(r);
}

Test(baseline, a_target_that_could_not_be_planned_keeps_its_row)
{
    struct baseline *b = fleet_open("host,port,sni,starttls,profile,status\n"
                                    "a,25,a,smtp,none,ok\n",
                                    false);
    struct record *r = sample_record("host", "a", "port", "25", "profile",
                                     "(none)", "status", "config", NULL);

    fleet_expect_change(b, r, "status: ok -> config");
    fleet_expect_gone(b, NULL, 0);
    record_free(r);
    baseline_close(b);

    b = fleet_open("host,port,sni,starttls,profile,status\n"
                   "a,25,,,none,config\n",
                   false);
    r = sample_record("host", "a", "port", "25", "sni", "a", "starttls", "smtp",
                      "profile", "(none)", "status", "ok", NULL);
    fleet_expect_change(b, r, "status: config -> ok");
    record_free(r);
    baseline_close(b);
}

Test(baseline, an_address_that_cannot_be_read_is_known_by_its_text)
{
    struct baseline *b = fleet_open("target,host,port,status\n"
                                    "a b,,,invalid\n"
                                    "c d,,,invalid\n",
                                    false);
    struct record *r =
        sample_record("target", "c d", "status", "invalid", NULL);

    fleet_expect_change(b, r, "same");
    sample_set(r, "target", "e f");
    fleet_expect_change(b, r, "new");
    record_free(r);
    baseline_close(b);
}

/* ---- what tells nothing ---- */

Test(baseline, a_fault_on_our_side_is_no_change_and_the_row_is_not_gone)
{
    struct baseline *b = fleet_open("host,port,status,cipher\n"
                                    "a,443,ok,AES\n"
                                    "b,443,internal,\n",
                                    false);
    struct record *a = fleet_target("a", "443"),
                  *other = fleet_target("b", "443");

    sample_set(a, "status", "not_attempted");
    sample_set(other, "status", "ok");
    fleet_expect_unknown(b, a);
    fleet_expect_unknown(b, other);
    fleet_expect_gone(b, NULL, 0);
    record_free(a);
    record_free(other);
    baseline_close(b);
}

Test(baseline, what_was_gone_then_is_not_gone_again)
{
    struct baseline *b = fleet_open("host,port,change\n"
                                    "a,443,gone\n"
                                    "b,443,new\n"
                                    "c,443,gone\n",
                                    false);
    static const char *const gone[] = { "b" };
    struct record *r = fleet_target("a", "443");

    fleet_expect_change(b, r, "new");
    fleet_expect_gone(b, gone, 1);
    record_free(r);
    baseline_close(b);
}

/* ---- gone ---- */

Test(baseline, gone_rows_come_in_order_with_their_key_and_nothing_else)
{
    struct baseline *b = fleet_open(fleet_csv, false);
    static const char *const gone[] = { "a.example", "b.example" };
    struct record *r;

    fleet_expect_gone(b, gone, 2);
    fleet_expect_gone(b, gone, 2);
    r = baseline_gone(b, 0);
    cr_assert_not_null(r);
    cr_expect_str_eq(record_get(r, REC_target), "a.example:443");
    cr_expect_eq(record_int(r, REC_port, 0), 443);
    cr_expect_str_eq(record_get(r, REC_sni), "a.example");
    cr_expect_eq(r->values[REC_starttls].state, VALUE_NONE);
    for (size_t i = 0; i < FIELDS_COUNT; i++)
        cr_expect(i == REC_target || i == REC_host || i == REC_port
                      || i == REC_sni || i == REC_starttls || i == REC_profile
                      || i == REC_change || r->values[i].state == VALUE_UNKNOWN,
                  "%s", field_rows[i].name);
    record_free(r);
    baseline_close(b);
}
