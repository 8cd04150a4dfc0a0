#include "../../../src/report/findings.h"
#include "sample.h"

#include <criterion/criterion.h>

/* What is said of a good record, and what it is then. */
static const struct {
    enum field_id field;
    const char *text; /* NULL: the number 0 */
    unsigned found;
    bool problem, changed;
} rows[] = {
    { REC_alpn, "h2", 0, false, false },
    { REC_status, "failed", FINDING_FAILED, true, false },
    { REC_status, "timeout", FINDING_FAILED, true, false },
    { REC_status, "invalid", FINDING_FAILED, true, false },
    { REC_status, "config", FINDING_FAILED, true, false },
    { REC_status, "internal", FINDING_FAILED, true, false },
    { REC_status, "not_attempted", 0, true, false },
    { REC_verified, NULL, FINDING_VERIFY, true, false },
    { REC_name_match, NULL, FINDING_NAME, true, false },
    { REC_expect, "met", 0, false, false },
    { REC_expect, "failed: x, is y", FINDING_EXPECT, true, false },
    { REC_change, "same", 0, false, false },
    { REC_change, "new", FINDING_CHANGE, false, true },
    { REC_change, "gone", FINDING_CHANGE, false, true },
    { REC_change, "alpn: a -> b", FINDING_CHANGE, false, true },
};

Test(findings, each_is_found_and_nothing_else)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct record *r = sample_ok(0, "a:1");

        if (rows[i].text)
            record_text(r, rows[i].field, rows[i].text);
        else
            record_number(r, rows[i].field, 0);
        cr_expect_eq(report_findings(r), rows[i].found, "row %zu", i);
        cr_expect(finding_wanted(r, ONLY_ALL));
        cr_expect_eq(finding_wanted(r, ONLY_PROBLEMS), rows[i].problem,
                     "row %zu", i);
        cr_expect_eq(finding_wanted(r, ONLY_CHANGED), rows[i].changed,
                     "row %zu", i);
        record_free(r);
    }
}

Test(findings, what_is_not_known_is_no_finding)
{
    static const enum field_id fields[] = { REC_verified, REC_name_match,
                                            REC_expect, REC_change };
    struct record *r = sample_ok(0, "a:1");

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        record_state(r, fields[i], VALUE_NOT_ASKED);
        cr_expect_eq(report_findings(r), 0);
        record_state(r, fields[i], VALUE_UNKNOWN);
        cr_expect_eq(report_findings(r), 0);
    }
    record_free(r);
}
