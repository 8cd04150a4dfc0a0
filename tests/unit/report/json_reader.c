#include "json_reader.h"

#include "base/mem.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct reader {
    const char *at, *end;
};

static bool value(struct reader *in);

static bool accept(struct reader *in, char c)
{
    bool there = in->at < in->end && *in->at == c;

    in->at += there;
    return there;
}

static bool word(struct reader *in, const char *text)
{
    size_t len = strlen(text);

    if ((size_t)(in->end - in->at) < len || memcmp(in->at, text, len) != 0)
        return false;
    in->at += len;
    return true;
}

static bool digits(struct reader *in)
{
    const char *start = in->at;

    while (in->at < in->end && isdigit((unsigned char)*in->at))
        in->at++;
    return in->at > start;
}

static bool number(struct reader *in)
{
    accept(in, '-');
    if (!accept(in, '0') && !digits(in))
        return false;
    return !accept(in, '.') || digits(in);
}

static bool escape(struct reader *in, struct buf *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *place;
    unsigned code;

    if (in->end - in->at >= 5 && *in->at == 'u') {
        cr_assert_eq(sscanf(in->at, "u%4x", &code), 1);
        cr_assert_lt(code, 0x80u, "the encoder leaves no such character");
        buf_byte(out, (char)code);
        in->at += 5;
        return true;
    }
    place = in->at < in->end ? strchr(from, *in->at) : NULL;
    if (!place || !*place)
        return false;
    buf_byte(out, to[place - from]);
    in->at++;
    return true;
}

static bool string(struct reader *in, struct buf *out)
{
    if (!accept(in, '"'))
        return false;
    while (in->at < in->end && *in->at != '"') {
        unsigned char c = (unsigned char)*in->at++;

        if (c < 0x20 || (c == '\\' && !escape(in, out)))
            return false;
        if (c != '\\')
            buf_byte(out, (char)c);
    }
    return accept(in, '"');
}

static bool skip_string(struct reader *in)
{
    struct buf out;
    bool done;

    buf_init(&out, SIZE_MAX / 2);
    done = string(in, &out);
    buf_release(&out);
    return done;
}

static bool members(struct reader *in, bool keys, char close)
{
    if (accept(in, close))
        return true;
    do {
        if (keys && (!skip_string(in) || !accept(in, ':')))
            return false;
        if (!value(in))
            return false;
    } while (accept(in, ','));
    return accept(in, close);
}

static bool value(struct reader *in)
{
    if (accept(in, '{'))
        return members(in, true, '}');
    if (accept(in, '['))
        return members(in, false, ']');
    return skip_string(in) || word(in, "true") || word(in, "false")
           || word(in, "null") || number(in);
}

bool json_is_valid(const char *text, size_t len)
{
    struct reader in = { .at = text, .end = text + len };

    return value(&in) && in.at == in.end;
}

/* Reads the key of the nth member and says whether it is the one. */
static bool is_key(struct reader *in, bool object, size_t nth, const char *key)
{
    char place[24];
    struct buf name;
    bool same;

    snprintf(place, sizeof(place), "%zu", nth);
    if (!object)
        return strcmp(place, key) == 0;
    buf_init(&name, SIZE_MAX / 2);
    cr_assert(string(in, &name) && accept(in, ':'));
    same = strcmp(buf_string(&name), key) == 0;
    buf_release(&name);
    return same;
}

char *json_member(const char *object, const char *key)
{
    struct reader in = { .at = object + 1, .end = object + strlen(object) };
    size_t nth = 0;

    if (*in.at == '}' || *in.at == ']')
        return NULL;
    do {
        bool found = is_key(&in, *object == '{', nth++, key);
        const char *start = in.at;

        cr_assert(value(&in));
        if (found)
            return mem_copy(start, (size_t)(in.at - start));
    } while (accept(&in, ','));
    return NULL;
}

char *json_string(const char *text)
{
    struct reader in = { .at = text, .end = text + strlen(text) };
    struct buf out;
    size_t len;

    buf_init(&out, SIZE_MAX / 2);
    if (string(&in, &out) && in.at == in.end)
        return buf_take(&out, &len);
    buf_release(&out);
    return NULL;
}
