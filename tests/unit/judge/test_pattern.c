#include "../../../src/judge/pattern.h"

#include "base/fault.h"

#include <criterion/criterion.h>
#include <string.h>

/* Bytes that a pattern looks at. */
enum { LONGEST = 16 * 1024 };

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static bool finds(const char *pattern, const char *text, size_t len)
{
    struct err e = { 0 };
    struct matcher m;
    bool found;

    cr_assert(pattern_check(pattern, &e), "%s: %s", pattern, e.msg);
    cr_assert(matcher_begin(&m, pattern));
    found = matcher_finds(&m, text, len);
    cr_assert_not(m.stuck);
    matcher_end(&m);
    return found;
}

Test(pattern, it_is_searched_for_unless_it_is_anchored)
{
    static const struct {
        const char *pattern, *text;
        bool found;
    } rows[] = {
        { "GCM", "TLS_AES_256_GCM_SHA384", true },
        { "gcm", "TLS_AES_256_GCM_SHA384", false },
        { "^TLS", "TLS_AES", true },
        { "^AES", "TLS_AES", false },
        { "AES$", "TLS_AES", true },
        { "TLS$", "TLS_AES", false },
        { "^$", "", true },
        { "^$", "x", false },
        { "", "x", true },
        { "a|b", "xxb", true },
        { "^a|b$", "ab", true },
        { "^a|b$", "ba", false },
        { "x.y", "x\ny", true },
        { "[0-9]{3}", "12 345", true },
        { "^[]\\1{999}]$", "{", true },
        { "[[:upper:]]{2}", "aBCd", true },
        { "\\{9999\\}", "{9999}", true },
        { "^[0-9a-f]{64}$", "", false },
        { "(a)[)]\\)", "a))", true },
        { "^((a+[.])+b+)+$", "a.aa.bba.b", true },
        { "^(a{200}|b{200}|c)$", "c", true },
        { "CN = [^,]*[.]example[.]org", "O = x, CN = a.example.org", true },
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_eq(finds(rows[i].pattern, rows[i].text, strlen(rows[i].text)),
                     rows[i].found, "%s in %s", rows[i].pattern, rows[i].text);
}

Test(pattern, a_nul_hides_nothing)
{
    cr_assert(finds("Test", "\0\n\xff\0Test\0", 10));
    cr_assert(finds("Test$", "\0Test", 5));
    cr_assert_not(finds("^Test", "\0Test", 5));
}

Test(pattern, what_cannot_be_read_or_costs_too_much_is_refused)
{
    static const struct {
        const char *pattern, *why;
    } rows[] = {
        { "(", "cannot be read" },
        { "a)(b", "a ) too many" },
        { "a)", "a ) too many" },
        { "a)t++++++++++++++", "a ) too many" },
        { "[a", "cannot be read" },
        { "a{2,1}", "cannot be read" },
        { "(a)\\1", "no back references" },
        { "[^]]\\2", "no back references" },
        { "((a{99}){99}){99}", "repeats too much" },
        { "a{513}", "repeats too much" },
        { "a{1,513}", "repeats too much" },
        { "a{99999999999999999999}", "repeats too much" },
        { "a{9}{9}{9}", "repeats too much" },
        { "((a+)+)+{99}", "repeats too much" },
        { "a++++++++++", "repeats too much" },
        { "(a{400})b{200}", "repeats too much" },
        { "(a{400}|b{200})", "repeats too much" },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err e = { 0 };

        cr_expect_not(pattern_check(rows[i].pattern, &e), "%s",
                      rows[i].pattern);
        cr_expect_eq(e.code, ERR_USAGE);
        cr_expect_not_null(strstr(e.msg, rows[i].why), "%s: %s",
                           rows[i].pattern, e.msg);
    }
}

Test(pattern, a_pattern_that_is_too_long_is_refused)
{
    char pattern[600];
    struct err e = { 0 };

    memset(pattern, 'a', sizeof(pattern));
    pattern[513] = '\0';
    cr_assert_not(pattern_check(pattern, &e));
    cr_assert_not_null(strstr(e.msg, "at most 512 bytes"), "%s", e.msg);
    pattern[512] = '\0';
    cr_assert(finds(pattern, pattern, 512));
}

/* Tried at every place of the text, this would take a minute. */
Test(pattern, the_time_grows_with_the_text_only)
{
    static char text[LONGEST + 1];

    for (size_t i = 0; i < LONGEST; i++)
        text[i] = "O="[i % 2];
    for (int i = 0; i < 100; i++)
        cr_assert_not(finds("O=.*Test", text, LONGEST));
}

Test(pattern, texts_beyond_the_limit_get_no_answer)
{
    static char text[LONGEST + 2];
    struct matcher m;

    memset(text, 'a', LONGEST + 1);
    cr_assert(matcher_begin(&m, "b"));
    cr_assert_not(matcher_finds(&m, text, LONGEST + 1));
    cr_assert(m.stuck);
    matcher_end(&m);

    cr_assert(matcher_begin(&m, "b"));
    cr_assert_not(matcher_finds(&m, text, LONGEST));
    cr_assert_not(m.stuck, "all that is allowed");
    cr_assert_not(matcher_finds(&m, text, 1));
    cr_assert(m.stuck, "the texts of one value count together");
    matcher_end(&m);
}

Test(pattern, no_memory_is_no_answer)
{
    struct err e = { 0 };
    struct matcher m;

    fault_arm(1);
    cr_assert_not(pattern_check("a", &e));
    cr_assert_eq(e.code, ERR_NO_MEMORY);
    for (long nth = 1; nth <= 2; nth++) {
        fault_arm(nth);
        cr_assert_not(matcher_begin(&m, "a"), "fault %ld", nth);
    }
    fault_arm(0);
}
