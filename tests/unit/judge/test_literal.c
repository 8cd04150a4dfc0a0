#include "../../../src/judge/literal.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

Test(literal, each_kind_of_number_is_read)
{
    static const struct {
        enum field_kind kind;
        const char *text;
        int64_t number;
    } rows[] = {
        { FIELD_INT, "0", 0 },
        { FIELD_INT, "-12", -12 },
        { FIELD_MS, "1.234", 1234 },
        { FIELD_MS, "250", 250000 },
        { FIELD_BOOL, "yes", 1 },
        { FIELD_BOOL, "true", 1 },
        { FIELD_BOOL, "no", 0 },
        { FIELD_BOOL, "false", 0 },
        { FIELD_TIME, "1970-01-01T00:00:00Z", 0 },
        { FIELD_TIME, "2000-02-29T23:59:59Z", 951868799 },
        { FIELD_TIME, "1970-01-01T01:00:00+01:00", 0 },
        { FIELD_TIME, "1969-12-31T19:00:00-05:00", 0 },
        { FIELD_TIME, "1970-01-01t00:00:00.987z", 0 },
        { FIELD_TIME, "1970-01-01 00:00:01Z", 1 },
        { FIELD_TIME, "0000-01-01T00:00:00Z", -62167219200 },
        { FIELD_TIME, "9999-12-31T23:59:59Z", 253402300799 },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t number = -1;

        cr_expect(literal_number(rows[i].kind, rows[i].text, &number), "%s",
                  rows[i].text);
        cr_expect_eq(number, rows[i].number, "%s: %jd", rows[i].text,
                     (intmax_t)number);
    }
}

Test(literal, what_is_no_number_leaves_the_number_alone)
{
    static const struct {
        enum field_kind kind;
        const char *text;
    } rows[] = {
        { FIELD_INT, "" },
        { FIELD_INT, "1.0" },
        { FIELD_INT, "21 " },
        { FIELD_INT, "99999999999999999999" },
        { FIELD_MS, "-1" },
        { FIELD_MS, "1e3" },
        { FIELD_BOOL, "YES" },
        { FIELD_BOOL, "1" },
        { FIELD_TIME, "" },
        { FIELD_TIME, "2026-12-31" },
        { FIELD_TIME, "2026-12-31T10:00:00" },
        { FIELD_TIME, "2026-02-30T10:00:00Z" },
        { FIELD_TIME, "2026-13-01T10:00:00Z" },
        { FIELD_TIME, "2026-00-01T10:00:00Z" },
        { FIELD_TIME, "2026-12-31T24:00:00Z" },
        { FIELD_TIME, "2026-12-31T10:60:00Z" },
        { FIELD_TIME, "2026-12-31T10:00:61Z" },
        { FIELD_TIME, "2026-12-31T10:00:00.Z" },
        { FIELD_TIME, "2026-12-31T10:00:00Z " },
        { FIELD_TIME, "2026-12-31T10:00:00+1" },
        { FIELD_TIME, "2026-12-31T10:00:00+24:00" },
        { FIELD_TIME, "+026-12-31T10:00:00Z" },
        { FIELD_TEXT, "1" },
        { FIELD_LIST, "1" },
        { FIELD_TAGS, "1" },
        { FIELD_CHAIN, "1" },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t number = 77;

        cr_expect_not(literal_number(rows[i].kind, rows[i].text, &number), "%s",
                      rows[i].text);
        cr_expect_eq(number, 77, "%s", rows[i].text);
    }
}

Test(literal, a_day_is_its_first_second)
{
    int64_t day;

    cr_assert(literal_day("1970-01-02", &day));
    cr_assert_eq(day, 86400);
    cr_assert_not(literal_day("1970-01-02T00:00:00Z", &day));
    cr_assert_not(literal_day("1970-1-2", &day));
    cr_assert_not(literal_day("2025-02-29", &day));
}

static int age(const char *name)
{
    return literal_protocol(name, strlen(name));
}

Test(literal, protocol_versions_have_an_age)
{
    static const char *const tls[] = { "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2",
                                       "TLSv1.3" };

    for (size_t i = 1; i < COUNT(tls); i++)
        cr_expect_lt(age(tls[i - 1]), age(tls[i]));
    cr_expect_lt(age("DTLSv1"), age("DTLSv1.2"));
    cr_expect_eq(age("tlsv1.2"), age("TLSv1.2"));
    cr_expect_eq(age("TLSv1.0"), age("TLSv1"));
    cr_expect_neq(age("DTLSv1.2") / PROTOCOL_FAMILY,
                  age("TLSv1.2") / PROTOCOL_FAMILY);
    cr_expect_eq(age("TLSv1.4"), 0);
    cr_expect_eq(age("TLS"), 0);
    cr_expect_eq(age(""), 0);
}
