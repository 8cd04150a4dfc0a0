#include "base/text.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

struct range {
    uint32_t first, last;
};

/* Code points that steer a terminal or hide what is beside them. */
static const struct range harmful[] = {
    { 0x0000, 0x001f }, { 0x007f, 0x009f }, { 0x061c, 0x061c },
    { 0x200e, 0x200f }, { 0x2028, 0x2029 }, { 0x202a, 0x202e },
    { 0x2066, 0x2069 }, { 0xfeff, 0xfeff },
};

/* Combining marks: they fill no column of their own. */
static const struct range narrow[] = {
    { 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd },
    { 0x064b, 0x065f }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff },
    { 0x200b, 0x200d }, { 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f },
    { 0xfe20, 0xfe2f },
};

static const struct range wide[] = {
    { 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0xa4cf },
    { 0xa960, 0xa97f },   { 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },
    { 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },
    { 0x1f300, 0x1f64f }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
};

#define IN_TABLE(cp, table) \
    in_ranges(cp, table, sizeof(table) / sizeof((table)[0]))

static bool in_ranges(uint32_t cp, const struct range *ranges, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (cp >= ranges[i].first && cp <= ranges[i].last)
            return true;
    return false;
}

/* Bytes that the lead byte announces; 0 for a byte that cannot lead. */
static size_t sequence_len(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead <= 0xdf)
        return 2;
    if (lead >= 0xe0 && lead <= 0xef)
        return 3;
    return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/* Reads one code point; 0 when the bytes are not UTF-8 as RFC 3629 has it
 * (no surrogates, no longer form than needed). */
static size_t utf8_read(const unsigned char *p, size_t len, uint32_t *cp)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t n = len > 0 ? sequence_len(p[0]) : 0;

    if (n == 0 || n > len)
        return 0;
    *cp = n == 1 ? p[0] : p[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        *cp = *cp << 6 | (p[i] & 0x3fu);
    }
    if (*cp < least[n] || *cp > 0x10ffff || (*cp >= 0xd800 && *cp <= 0xdfff))
        return 0;
    return n;
}

/* Bytes at p that may be shown as they are; 0: the first must be escaped. */
static size_t harmless(const unsigned char *p, size_t len,
                       enum text_shape shape)
{
    uint32_t cp = 0;
    size_t n;

    if (p[0] >= ' ' && p[0] < 0x7f)
        return p[0] == '\\' && shape != TEXT_SHOWN ? 0 : 1;
    if (p[0] == '\n' || p[0] == '\t')
        return shape == TEXT_LINE ? 0 : 1;
    n = utf8_read(p, len, &cp);
    return n > 0 && IN_TABLE(cp, harmful) ? 0 : n;
}

static void escape(struct buf *out, unsigned char byte)
{
    static const char digits[] = "0123456789ABCDEF";
    const char hex[] = { '\\', 'x', digits[byte >> 4], digits[byte & 15] };

    if (byte == '\\')
        buf_add(out, "\\\\", 2);
    else
        buf_add(out, hex, sizeof(hex));
}

void text_encode(struct buf *out, const void *bytes, size_t len,
                 enum text_shape shape)
{
    const unsigned char *p = bytes;
    size_t start = 0, at = 0;

    while (at < len) {
        size_t n = harmless(p + at, len - at, shape);

        if (n > 0) {
            at += n;
            continue;
        }
        buf_add(out, p + start, at - start);
        escape(out, p[at]);
        start = ++at;
    }
    if (at > start)
        buf_add(out, p + start, at - start);
}

/* The value of a digit as escape() writes it, or -1. */
static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Undoes one escape; returns its length, 0 when it is none of ours. */
static size_t unescape(struct buf *out, const char *p, size_t len)
{
    int high, low;

    if (len >= 2 && p[1] == '\\') {
        buf_byte(out, '\\');
        return 2;
    }
    if (len < 4 || p[1] != 'x')
        return 0;
    high = hex_value(p[2]);
    low = hex_value(p[3]);
    if (high < 0 || low < 0)
        return 0;
    buf_byte(out, (char)(high << 4 | low));
    return 4;
}

bool text_decode(struct buf *out, const char *text, size_t len)
{
    size_t n;

    for (size_t at = 0; at < len; at += n) {
        const unsigned char *p = (const unsigned char *)text + at;

        if (*p == '\\') {
            n = unescape(out, text + at, len - at);
        } else {
            n = harmless(p, len - at, TEXT_BLOCK);
            buf_add(out, p, n);
        }
        if (n == 0)
            return false;
    }
    return buf_ok(out);
}

size_t text_columns(const char *text, size_t len)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t columns = 0, at = 0;

    while (at < len) {
        uint32_t cp = 0;
        size_t n = utf8_read(p + at, len - at, &cp);

        at += n > 0 ? n : 1;
        if (!IN_TABLE(cp, narrow))
            columns += IN_TABLE(cp, wide) ? 2 : 1;
    }
    return columns;
}

enum { DISTANCE_MAX = 63 };

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned ab = a < b ? a : b;

    return ab < c ? ab : c;
}

unsigned text_distance(const char *a, const char *b)
{
    /* Optimal string alignment; row[2] is the current one. */
    unsigned rows[3][DISTANCE_MAX + 1];
    unsigned *row[3] = { rows[0], rows[1], rows[2] };
    size_t la = strlen(a), lb = strlen(b);

    if (la > DISTANCE_MAX || lb > DISTANCE_MAX)
        return UINT_MAX;
    for (unsigned j = 0; j <= lb; j++)
        row[2][j] = j;
    for (unsigned i = 1; i <= la; i++) {
        unsigned *oldest = row[0];

        row[0] = row[1];
        row[1] = row[2];
        row[2] = oldest;
        row[2][0] = i;
        for (size_t j = 1; j <= lb; j++) {
            unsigned change = a[i - 1] != b[j - 1];

            row[2][j] =
                least(row[1][j] + 1, row[2][j - 1] + 1, row[1][j - 1] + change);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]
                && row[0][j - 2] + 1 < row[2][j])
                row[2][j] = row[0][j - 2] + 1;
        }
    }
    return row[2][lb];
}

unsigned text_too_far(const char *name)
{
    enum { LETTERS_MOST = 9 };

    return (unsigned)strnlen(name, LETTERS_MOST) / 3 + 1;
}

size_t text_name_span(const char *name)
{
    size_t len = 0;

    while ((unsigned char)name[len] > ' ' && name[len] != 0x7f
           && !strchr("\"'<>&", name[len]))
        len++;
    return len;
}

/* Appends one decimal digit to *value unless that would overflow. */
static bool shift_in(long long *value, char c)
{
    int digit = c - '0';

    if (digit < 0 || digit > 9 || *value > (LLONG_MAX - digit) / 10)
        return false;
    *value = *value * 10 + digit;
    return true;
}

/* LLONG_MIN is refused like any other overflow: nothing here needs it. */
bool text_int(const char *text, long long *out)
{
    const char *digits = text + (text[0] == '-');
    long long value = 0;

    if (!*digits)
        return false;
    for (const char *p = digits; *p; p++)
        if (!shift_in(&value, *p))
            return false;
    *out = digits == text ? value : -value;
    return true;
}

/* Thousandths of a decimal part, rounded up so that no span gets shorter. */
static bool read_thousandths(const char *digits, long long *ms)
{
    long long value = 0;
    size_t n = strspn(digits, "0123456789");
    bool more = n > 3 && strspn(digits + 3, "0") < n - 3;

    if (n == 0 || digits[n])
        return false;
    for (size_t i = 0; i < 3; i++)
        value = value * 10 + (i < n ? digits[i] - '0' : 0);
    *ms = value + more;
    return true;
}

bool text_seconds(const char *text, long long *ms)
{
    size_t whole = strcspn(text, ".");
    long long seconds = 0, part = 0;

    if (!*text)
        return false;
    for (size_t i = 0; i < whole; i++)
        if (!shift_in(&seconds, text[i]))
            return false;
    if (text[whole] && !read_thousandths(text + whole + 1, &part))
        return false;
    if (seconds > (LLONG_MAX - part) / 1000)
        return false;
    *ms = seconds * 1000 + part;
    return true;
}
