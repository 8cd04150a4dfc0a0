#include "base/text.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

Test(text, what_is_only_shown_keeps_its_backslashes)
{
    static const char bytes[] = "a\\b\t\n\x1b[m\xc2\x9b\xff";
    struct buf out;

    buf_init(&out, 1000);
    text_encode(&out, bytes, sizeof(bytes) - 1, TEXT_SHOWN);
    cr_assert_str_eq(buf_string(&out), "a\\b\t\n\\x1B[m\\xC2\\x9B\\xFF");
    buf_release(&out);
}

static void assert_encodes(const char *bytes, size_t len, const char *line,
                           const char *block)
{
    const char *const expected[] = { [TEXT_LINE] = line, [TEXT_BLOCK] = block };

    for (enum text_shape shape = TEXT_LINE; shape <= TEXT_BLOCK; shape++) {
        struct buf out;

        buf_init(&out, 1000);
        text_encode(&out, bytes, len, shape);
        cr_assert_str_eq(buf_string(&out), expected[shape]);
        buf_release(&out);
    }
}

/* The same in both shapes. */
#define ENCODES(bytes, expected) \
    assert_encodes(bytes, sizeof(bytes) - 1, expected, expected)

Test(text, harmless_bytes_stay)
{
    ENCODES("", "");
    ENCODES("plain text ~!", "plain text ~!");
    ENCODES("caf\xc3\xa9", "caf\xc3\xa9");
    ENCODES("\xe6\x97\xa5", "\xe6\x97\xa5");
    ENCODES("\xf0\x9f\x94\x92", "\xf0\x9f\x94\x92");
    ENCODES("\xed\x9f\xbf\xee\x80\x80", "\xed\x9f\xbf\xee\x80\x80");
}

Test(text, the_first_and_last_of_every_length_stay_and_their_neighbours_not)
{
    ENCODES("\xdf\xbf\xe0\xa0\x80", "\xdf\xbf\xe0\xa0\x80");
    ENCODES("\xef\xbf\xbf\xf0\x90\x80\x80", "\xef\xbf\xbf\xf0\x90\x80\x80");
    ENCODES("\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf");
    ENCODES("\xc1\xbf", "\\xC1\\xBF");
    ENCODES("\xe0\x9f\xbf", "\\xE0\\x9F\\xBF");
    ENCODES("\xf0\x8f\xbf\xbf", "\\xF0\\x8F\\xBF\\xBF");
    ENCODES("\xf4\x90\x80\x80", "\\xF4\\x90\\x80\\x80");
}

Test(text, controls_are_escaped)
{
    ENCODES("a\0b", "a\\x00b");
    ENCODES("\x1b[31m", "\\x1B[31m");
    ENCODES("\r", "\\x0D");
    ENCODES("\x7f", "\\x7F");
    ENCODES("\x9b"
            "1m",
            "\\x9B1m");
    ENCODES("\xc2\x9b", "\\xC2\\x9B");
    ENCODES("\xc2\x85", "\\xC2\\x85");
    ENCODES("\xc2\xa0", "\xc2\xa0");
}

Test(text, only_a_block_keeps_lf_and_tab)
{
    assert_encodes("a\n\tb", 4, "a\\x0A\\x09b", "a\n\tb");
}

Test(text, a_backslash_is_doubled)
{
    ENCODES("a\\b", "a\\\\b");
    ENCODES("\\x41", "\\\\x41");
}

Test(text, what_changes_the_direction_or_breaks_a_line_is_escaped)
{
    ENCODES("\xd8\x9c", "\\xD8\\x9C");
    ENCODES("\xe2\x80\x8e", "\\xE2\\x80\\x8E");
    ENCODES("\xe2\x80\xa8", "\\xE2\\x80\\xA8");
    ENCODES("\xe2\x80\xae", "\\xE2\\x80\\xAE");
    ENCODES("\xe2\x81\xa6", "\\xE2\\x81\\xA6");
    ENCODES("\xe2\x81\xa9", "\\xE2\\x81\\xA9");
    ENCODES("\xef\xbb\xbf", "\\xEF\\xBB\\xBF");
    ENCODES("\xe2\x80\xaf", "\xe2\x80\xaf");
}

Test(text, what_is_not_utf8_is_escaped_byte_by_byte)
{
    ENCODES("\xff\xfe", "\\xFF\\xFE");
    ENCODES("\xc3", "\\xC3");
    ENCODES("\xc3(", "\\xC3(");
    ENCODES("\xc0\x80", "\\xC0\\x80");
    ENCODES("\xe0\x80\xaf", "\\xE0\\x80\\xAF");
    ENCODES("\xf0\x80\x80\xaf", "\\xF0\\x80\\x80\\xAF");
    ENCODES("\xed\xa0\x80", "\\xED\\xA0\\x80");
    ENCODES("\xf4\x90\x80\x80", "\\xF4\\x90\\x80\\x80");
    ENCODES("\xf5\x80\x80\x80", "\\xF5\\x80\\x80\\x80");
    ENCODES("\xe6\x97", "\\xE6\\x97");
    ENCODES("\xf0\x9f\x94", "\\xF0\\x9F\\x94");
}

/* Encodes and decodes the same bytes. */
static void assert_round_trip(const char *bytes, size_t len,
                              enum text_shape shape)
{
    struct buf encoded, decoded;

    buf_init(&encoded, 4 * len + 1);
    buf_init(&decoded, len + 1);
    text_encode(&encoded, bytes, len, shape);
    cr_assert(text_decode(&decoded, buf_string(&encoded), encoded.len));
    cr_assert_eq(decoded.len, len);
    cr_assert(len == 0 || memcmp(decoded.data, bytes, len) == 0);
    buf_release(&encoded);
    buf_release(&decoded);
}

Test(text, decoding_gives_back_any_bytes)
{
    unsigned seed = 3;

    for (int round = 0; round < 5000; round++) {
        char bytes[40];
        size_t len = (size_t)rand_r(&seed) % sizeof(bytes);

        for (size_t i = 0; i < len; i++)
            bytes[i] = (char)(rand_r(&seed) >> 4);
        assert_round_trip(bytes, len, TEXT_LINE);
        assert_round_trip(bytes, len, TEXT_BLOCK);
    }
}

Test(text, encoded_bytes_are_harmless_whatever_they_were)
{
    unsigned seed = 5;

    for (int round = 0; round < 2000; round++) {
        char bytes[40];
        struct buf out;

        for (size_t i = 0; i < sizeof(bytes); i++)
            bytes[i] = (char)(rand_r(&seed) >> 4);
        buf_init(&out, 200);
        text_encode(&out, bytes, sizeof(bytes), TEXT_LINE);
        cr_assert(buf_ok(&out));
        for (size_t i = 0; i < out.len; i++)
            cr_assert((unsigned char)out.data[i] >= ' ' && out.data[i] != 0x7f);
        buf_release(&out);
    }
}

Test(text, what_is_not_of_our_making_is_not_decoded)
{
    static const char *const foreign[] = {
        "\\",    "a\\",   "\\x",     "\\x4", "\\n", "\\xg0",
        "\\x0g", "\\x1b", "\x1b[0m", "\xff", "\r",  "a\\\\\\",
    };

    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        struct buf out;

        buf_init(&out, 100);
        cr_assert_not(text_decode(&out, foreign[i], strlen(foreign[i])), "%zu",
                      i);
        buf_release(&out);
    }
}

Test(text, decoding_more_than_the_buffer_may_hold_fails)
{
    struct buf out;

    buf_init(&out, 2);
    cr_assert_not(text_decode(&out, "abc", 3));
    buf_release(&out);
}

Test(text, columns_are_those_of_a_terminal)
{
    static const struct {
        const char *text;
        size_t columns;
    } rows[] = {
        { "", 0 },
        { "abc", 3 },
        { "caf\xc3\xa9", 4 },
        { "\xe6\x97\xa5\xe6\x9c\xac", 4 },
        { "\xed\x95\x9c", 2 },
        { "e\xcc\x81", 1 },
        { "\xf0\x9f\x98\x80", 2 },
        { "\xef\xbc\xa1", 2 },
        { "\xff", 1 },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        cr_assert_eq(text_columns(rows[i].text, strlen(rows[i].text)),
                     rows[i].columns, "row %zu", i);
}

Test(text, distance_counts_single_mistakes)
{
    static const struct {
        const char *a, *b;
        unsigned far;
    } rows[] = {
        { "", "", 0 },
        { "cipher", "cipher", 0 },
        { "", "abc", 3 },
        { "abc", "", 3 },
        { "cipher", "ciphr", 1 },
        { "cipher", "ciphers", 1 },
        { "cipher", "cipfer", 1 },
        { "cipher", "chiper", 2 },
        { "ab", "ba", 1 },
        { "tls1_3", "tsl1_3", 1 },
        { "kitten", "sitting", 3 },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_assert_eq(text_distance(rows[i].a, rows[i].b), rows[i].far,
                     "row %zu", i);
        cr_assert_eq(text_distance(rows[i].b, rows[i].a), rows[i].far,
                     "row %zu", i);
    }
}

Test(text, a_very_long_word_is_far_from_all)
{
    char longest[65];

    memset(longest, 'a', sizeof(longest));
    longest[63] = '\0';
    cr_assert_eq(text_distance(longest, "a"), 62);
    longest[63] = 'a';
    longest[64] = '\0';
    cr_assert_eq(text_distance(longest, "a"), UINT_MAX);
    cr_assert_eq(text_distance("a", longest), UINT_MAX);
}

Test(text, more_than_a_third_of_the_letters_wrong_is_another_word)
{
    cr_expect_eq(text_too_far("ab"), 1);
    cr_expect_eq(text_too_far("abc"), 2);
    cr_expect_eq(text_too_far("abcdef"), 3);
    cr_expect_eq(text_too_far("abcdefghijklmnopqrstuvwxyz"), 4);
}

Test(text, an_int_is_decimal_from_end_to_end)
{
    static const struct {
        const char *text;
        long long value;
    } rows[] = {
        { "0", 0 },
        { "42", 42 },
        { "-7", -7 },
        { "007", 7 },
        { "9223372036854775807", LLONG_MAX },
        { "-9223372036854775807", -LLONG_MAX },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        long long value = 1;

        cr_assert(text_int(rows[i].text, &value));
        cr_assert_eq(value, rows[i].value);
    }
}

Test(text, what_is_no_int_leaves_the_value_alone)
{
    static const char *const bad[] = {
        "",
        "-",
        "+1",
        " 1",
        "1 ",
        "1.0",
        "0x10",
        "--1",
        "1e3",
        "a",
        "9223372036854775808",
        "99999999999999999999999",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        long long value = 77;

        cr_assert_not(text_int(bad[i], &value), "'%s'", bad[i]);
        cr_assert_eq(value, 77);
    }
}

Test(text, seconds_may_have_a_decimal_part)
{
    static const struct {
        const char *text;
        long long ms;
    } rows[] = {
        { "2", 2000 },    { "0", 0 },     { "0.5", 500 },     { ".5", 500 },
        { "1.25", 1250 }, { "0.001", 1 }, { "1.2000", 1200 },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        long long ms = -1;

        cr_assert(text_seconds(rows[i].text, &ms), "'%s'", rows[i].text);
        cr_assert_eq(ms, rows[i].ms, "'%s': %lld", rows[i].text, ms);
    }
}

Test(text, seconds_are_rounded_up)
{
    long long ms = 0;

    cr_assert(text_seconds("0.0001", &ms));
    cr_assert_eq(ms, 1);
    cr_assert(text_seconds("1.9999", &ms));
    cr_assert_eq(ms, 2000);
}

Test(text, what_is_no_time_leaves_the_value_alone)
{
    static const char *const bad[] = {
        "",
        ".",
        "1.",
        "-1",
        "1.5s",
        "1,5",
        "1.2.3",
        " 1",
        "1e3",
        "inf",
        "0.1x",
        "9223372036854775807",
        "9223372036854775.808",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        long long ms = 77;

        cr_assert_not(text_seconds(bad[i], &ms), "'%s'", bad[i]);
        cr_assert_eq(ms, 77);
    }
}

Test(text, a_name_ends_where_a_command_or_a_quote_could)
{
    static const char ends[] = " \t\r\n\x01\x7f\"'<>&";
    char name[] = "a-b.example?z";

    cr_assert_eq(text_name_span(""), 0);
    cr_assert_eq(text_name_span("h\xc3\xa4user.test"), 12);
    for (size_t i = 0; ends[i]; i++) {
        name[11] = ends[i];
        cr_expect_eq(text_name_span(name), 11, "0x%02x",
                     (unsigned)(unsigned char)ends[i]);
    }
}
