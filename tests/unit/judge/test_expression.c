#include "../../../src/judge/expression.h"

#include "base/fault.h"
#include "base/mem.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static void expect_refusal(const char *text, const char *why)
{
    struct err e = { 0 };
    struct expectation *x = expectation_new(text, &e);

    cr_expect_null(x, "%s", text);
    cr_expect_eq(e.code, ERR_USAGE, "%s", text);
    cr_expect_not_null(strstr(e.msg, why), "%s: %s", text, e.msg);
    expectation_free(x);
}

static struct expectation *parse(const char *text)
{
    struct err e = { 0 };
    struct expectation *x = expectation_new(text, &e);

    cr_assert_not_null(x, "%s: %s", text, e.msg);
    return x;
}

Test(expression, field_operator_and_value_may_stand_close_or_apart)
{
    static const char *const texts[] = {
        "days_left>=21",         "days_left >= 21",   "  days_left  >=  21  ",
        "days_left\t>=\t\"21\"", "days_left >='21' ",
    };

    for (size_t i = 0; i < COUNT(texts); i++) {
        struct expectation *x = parse(texts[i]);

        cr_expect_eq(x->field, REC_days_left, "%s", texts[i]);
        cr_expect_eq(x->op, OP_MORE_EQUAL, "%s", texts[i]);
        cr_expect_eq(x->noperands, 1, "%s", texts[i]);
        cr_expect_eq(x->operands[0].number, 21, "%s", texts[i]);
        expectation_free(x);
    }
}

Test(expression, every_operator_is_read)
{
    static const struct {
        const char *text;
        enum op op;
    } rows[] = {
        { "port = 1", OP_EQUAL },   { "port != 1", OP_NOT_EQUAL },
        { "port < 1", OP_LESS },    { "port <= 1", OP_LESS_EQUAL },
        { "port > 1", OP_MORE },    { "port >= 1", OP_MORE_EQUAL },
        { "alpn ~ 1", OP_MATCH },   { "alpn !~ 1", OP_NOT_MATCH },
        { "port in 1,2", OP_IN },   { "port in\t1", OP_IN },
        { "alpn in in,in", OP_IN },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct expectation *x = parse(rows[i].text);

        cr_expect_eq(x->op, rows[i].op, "%s", rows[i].text);
        expectation_free(x);
    }
}

Test(expression, a_value_goes_to_the_end_and_quotes_are_taken_off)
{
    static const struct {
        const char *text, *value;
    } rows[] = {
        { "subject = CN = a, O = b ", "CN = a, O = b" },
        { "subject = \" a \"", " a " },
        { "subject = 'a\"b'", "a\"b" },
        { "subject = 'a\\b'", "a\\b" },
        { "subject = \"a\\\"b\\\\c\\d\"", "a\"b\\c\\d" },
        { "subject = a\"b", "a\"b" },
        { "subject = \"\"", "" },
        { "tags = team=payments", "team=payments" },
        { "issuer !~ \"^=\"", "^=" },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct expectation *x = parse(rows[i].text);

        cr_expect_eq(x->noperands, 1);
        cr_expect_str_eq(x->operands[0].text.data, rows[i].value, "%s",
                         rows[i].text);
        cr_expect_eq(x->operands[0].text.len, strlen(rows[i].value));
        expectation_free(x);
    }
}

Test(expression, in_takes_values_between_commas)
{
    struct expectation *x = parse("alpn in h2 , http/1.1,\"a,b\" , 'c' ,none");
    static const char *const values[] = { "h2", "http/1.1", "a,b", "c",
                                          "none" };

    cr_assert_eq(x->noperands, COUNT(values));
    for (size_t i = 0; i < COUNT(values); i++)
        cr_expect_str_eq(x->operands[i].text.data, values[i]);
    cr_expect_eq(x->operands[4].state, VALUE_NONE);
    expectation_free(x);
}

Test(expression, the_text_is_kept_without_blanks_around_it)
{
    struct expectation *x = parse(" \n alpn  =  h2 \r\n");

    cr_assert_str_eq(x->text, "alpn  =  h2");
    expectation_free(x);
}

Test(expression, every_field_can_be_expected)
{
    for (size_t i = 0; i < FIELDS_COUNT; i++) {
        char text[80] = "";

        strncat(text, field_rows[i].name, 60);
        strncat(text, " = none", 10);
        if (i != REC_expect && i != REC_change)
            expectation_free(parse(text));
        cr_expect_eq(expectation_field(text), i, "%s", text);
    }
}

Test(expression, what_is_wrong_is_named)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        { "", "does not begin with a field" },
        { " ", "does not begin with a field" },
        { ">= 21", "does not begin with a field" },
        { "days_lef >= 21", "did you mean 'days_left'?" },
        { "colour = red", "there is no field 'colour'" },
        { "days-left = 1", "there is no field 'days-left'" },
        { "days_left", "one of = != < <= > >= ~ !~ in" },
        { "days_left 21", "one of = != < <= > >= ~ !~ in" },
        { "days_left inside 21", "one of = != < <= > >= ~ !~ in" },
        { "days_left =", "a value is missing" },
        { "days_left in 1,,2", "a value is missing" },
        { "days_left in 1,", "a value is missing" },
        { "days_left == 21", "begins with '=' stands in quotes" },
        { "days_left => 21", "begins with '>' stands in quotes" },
        { "alpn =~ h2", "begins with '~' stands in quotes" },
        { "alpn = \"h2", "the quote is not closed" },
        { "alpn = \"h2\\\"", "the quote is not closed" },
        { "alpn = \"h2\" or", "more after the quotes" },
        { "alpn = \"h2\", \"h3\"", "more after the quotes" },
        { "alpn in \"h2\" \"h3\"", "more after the quotes" },
        { "days_left = soon", "a whole number" },
        { "days_left in 1,x", "a whole number" },
        { "ms_total < 1s", "milliseconds" },
        { "verified = maybe", "yes or no" },
        { "not_after > 2026", "a date or time" },
        { "protocol >= TLS1.2", "a protocol version" },
        { "protocol = TLSv12", "a protocol version" },
        { "days_left ~ 1", "~ and !~ do not fit" },
        { "verified !~ yes", "~ and !~ do not fit" },
        { "verified < yes", "only = != in fit" },
        { "cipher < AES", "only = != ~ !~ in fit" },
        { "san >= a", "only = != ~ !~ in fit" },
        { "tags > a", "only = != ~ !~ in fit" },
        { "chain > a", "only = != ~ !~ in fit" },
        { "days_left > none", "'none' has no order" },
        { "protocol > not_asked", "'not_asked' has no order" },
        { "cipher ~ (", "the pattern cannot be read" },
        { "expect = met", "only known after the expectations" },
        { "change = same", "see -fail_on change" },
        { "status = okay", "no status 'okay' (the nearest is 'ok'" },
        { "status in ok,timeuot", "the nearest is 'timeout'" },
        { "stage != hand-shake", "the nearest is 'handshake'" },
        { "code = conect_refused", "the nearest is 'connect_refused'" },
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        expect_refusal(rows[i].text, rows[i].why);
}

Test(expression, the_refusal_quotes_the_expression)
{
    expect_refusal("  days_left >= soon ",
                   "expectation 'days_left >= soon': 'soon' is wrong for "
                   "'days_left', which is a whole number");
}

Test(expression, nothing_is_longer_than_it_may_be)
{
    static char text[8192];

    memset(text, 'a', sizeof(text) - 1);
    expect_refusal(text, "longer than 4096 bytes");
    memcpy(text, "alpn = ", 7);
    text[4096] = '\0';
    expectation_free(parse(text));
    text[4096] = 'a';
    text[4097] = '\0';
    expect_refusal(text, "longer than 4096 bytes");
    text[100] = '\0';
    memset(text, 'a', 100);
    expect_refusal(text, "there is no field 'aaaa");
}

Test(expression, in_has_a_limit)
{
    char text[1024] = "port in 1";

    for (int i = 1; i < 256; i++)
        strcat(text, ",1");
    expectation_free(parse(text));
    strcat(text, ",1");
    expect_refusal(text, "more than 256 values");
}

Test(expression, refused_memory_is_no_usage_error)
{
    struct err e = { 0 };
    struct expectation *x = NULL;
    long nth = 1;

    for (; nth < 100; nth++) {
        err_clear(&e);
        fault_arm(nth);
        x = expectation_new("alpn in h2,\"http/1.1\",none", &e);
        if (fault_seen() < nth)
            break;
        cr_assert_null(x, "fault %ld", nth);
        cr_assert_eq(e.code, ERR_NO_MEMORY, "fault %ld: %s", nth, e.msg);
    }
    fault_arm(0);
    cr_assert_not_null(x);
    cr_assert_gt(nth, 5);
    expectation_free(x);
}
