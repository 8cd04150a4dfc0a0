#include "json.h"

#include <string.h>

enum { DEPTH_MAX = 16 };

bool json_wrong(const struct json *j, const char *what)
{
    return err_set(j->e, ERR_FILE, "byte %zu: %s",
                   (size_t)(j->at - j->start) + 1, what);
}

/* ---- tokens ---- */

static void skip_blanks(struct json *j)
{
    while (j->at < j->end && strchr(" \t\r\n", *j->at))
        j->at++;
}

static bool accept(struct json *j, char c)
{
    skip_blanks(j);
    if (j->at == j->end || *j->at != c)
        return false;
    j->at++;
    return true;
}

char json_peek(struct json *j)
{
    skip_blanks(j);
    return *j->at;
}

bool json_word(struct json *j, const char *word)
{
    size_t len = strlen(word);

    skip_blanks(j);
    if ((size_t)(j->end - j->at) < len || memcmp(j->at, word, len) != 0)
        return false;
    j->at += len;
    return true;
}

/* Four hexadecimal digits. */
static bool read_unit(struct json *j, uint32_t *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++, j->at++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        const char *digit = *j->at ? strchr(digits, *j->at) : NULL;

        if (!digit)
            return json_wrong(j, "\\u takes four hexadecimal digits");
        *unit = *unit << 4 | ((uint32_t)(digit - digits) & 15);
    }
    return true;
}

/* What follows "\u"; two halves make a character beyond U+FFFF. */
static bool read_code_point(struct json *j, uint32_t *cp)
{
    uint32_t low;

    if (!read_unit(j, cp))
        return false;
    if (*cp < 0xd800 || *cp > 0xdfff)
        return true;
    if (*cp > 0xdbff || j->at[0] != '\\' || j->at[1] != 'u')
        return json_wrong(j, "half of a character");
    j->at += 2;
    if (!read_unit(j, &low))
        return false;
    if (low < 0xdc00 || low > 0xdfff)
        return json_wrong(j, "half of a character");
    *cp = 0x10000 + ((*cp - 0xd800) << 10 | (low - 0xdc00));
    return true;
}

static char *put_utf8(char *to, uint32_t cp)
{
    int more = cp < 0x80 ? 0 : cp < 0x800 ? 1 : cp < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = { 0x00, 0xc0, 0xe0, 0xf0 };

    *to++ = (char)(lead[more] | cp >> (6 * more));
    while (more-- > 0)
        *to++ = (char)(0x80 | (cp >> (6 * more) & 0x3f));
    return to;
}

/* The escape at j->at; what it stands for is never longer than itself. */
static bool read_escape(struct json *j, char **to)
{
    static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
    const char *place;
    uint32_t cp;

    j->at++;
    place = *j->at ? strchr(from, *j->at) : NULL;
    if (place) {
        *(*to)++ = into[place - from];
        j->at++;
        return true;
    }
    if (*j->at != 'u')
        return json_wrong(j, "no such escape");
    j->at++;
    if (!read_code_point(j, &cp))
        return false;
    *to = put_utf8(*to, cp);
    return true;
}

/* Reads a string to where it stands, with a NUL behind it. */
bool json_string(struct json *j, struct bytes *out)
{
    char *to;

    if (!accept(j, '"'))
        return json_wrong(j, "a string is expected");
    to = out->data = j->at;
    while (j->at < j->end && *j->at != '"') {
        if ((unsigned char)*j->at < ' ')
            return json_wrong(j, "a control character in a string");
        if (*j->at != '\\')
            *to++ = *j->at++;
        else if (!read_escape(j, &to))
            return false;
    }
    if (j->at == j->end)
        return json_wrong(j, "a string is not closed");
    j->at++;
    *to = '\0';
    out->len = (size_t)(to - out->data);
    return true;
}

static size_t digits(const char *at)
{
    return strspn(at, "0123456789");
}

/* Copies a number as it is written. */
bool json_number(struct json *j, char *out, size_t size)
{
    const char *at = j->at + (*j->at == '-');
    size_t n = digits(at), len;

    if (n == 0 || (n > 1 && *at == '0'))
        return json_wrong(j, "a value is expected");
    at += n;
    if (*at == '.') {
        n = digits(at + 1);
        if (n == 0)
            return json_wrong(j, "a number without an end");
        at += 1 + n;
    }
    if (*at == 'e' || *at == 'E') {
        at += at[1] == '+' || at[1] == '-' ? 2 : 1;
        n = digits(at);
        if (n == 0)
            return json_wrong(j, "a number without an end");
        at += n;
    }
    len = (size_t)(at - j->at);
    if (len >= size)
        return json_wrong(j, "a number is too long");
    memcpy(out, j->at, len);
    out[len] = '\0';
    j->at += len;
    return true;
}

/* ---- what is inside of brackets ---- */

/* Every member of an object or (without key) of an array. */
bool json_members(struct json *j, char open, json_member *take, void *arg)
{
    const char close = open == '{' ? '}' : ']';
    struct bytes key = { 0 };

    if (!accept(j, open))
        return json_wrong(
            j, open == '{' ? "an object is expected" : "an array is expected");
    if (accept(j, close))
        return true;
    do {
        if (open == '{' && !json_string(j, &key))
            return false;
        if (open == '{' && !accept(j, ':'))
            return json_wrong(j, "':' is expected");
        if (!take(j, &key, arg))
            return false;
    } while (accept(j, ','));
    return accept(j, close) ? true : json_wrong(j, "',' or an end is expected");
}

/* arg: the depth of what holds the value. */
static bool skip_value(struct json *j, const struct bytes *key, void *arg)
{
    int depth = *(const int *)arg + 1;
    char number[JSON_NUMBER_MAX];
    struct bytes text;

    (void)key;
    if (depth > DEPTH_MAX)
        return json_wrong(j, "nested too deep");
    switch (json_peek(j)) {
    case '{':
    case '[':
        return json_members(j, *j->at, skip_value, &depth);
    case '"':
        return json_string(j, &text);
    default:
        return json_word(j, "true") || json_word(j, "false")
               || json_word(j, "null")
               || json_number(j, number, sizeof(number));
    }
}

bool json_skip(struct json *j)
{
    int depth = 0;

    return skip_value(j, NULL, &depth);
}
