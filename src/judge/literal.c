#include "literal.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>
#include <time.h>

static bool read_bool(const char *text, int64_t *out)
{
    bool yes = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;

    if (!yes && strcmp(text, "no") != 0 && strcmp(text, "false") != 0)
        return false;
    *out = yes;
    return true;
}

/* Exactly n digits; moves *at behind them. */
static bool digits(const char **at, size_t n, int *out)
{
    int value = 0;

    for (size_t i = 0; i < n; i++) {
        if ((*at)[i] < '0' || (*at)[i] > '9')
            return false;
        value = value * 10 + ((*at)[i] - '0');
    }
    *at += n;
    *out = value;
    return true;
}

static bool sign(const char **at, const char *allowed)
{
    bool there = **at && strchr(allowed, **at);

    *at += there;
    return there;
}

static bool read_date(const char **at, struct tm *tm)
{
    struct tm normal;

    if (!digits(at, 4, &tm->tm_year) || !sign(at, "-")
        || !digits(at, 2, &tm->tm_mon) || !sign(at, "-")
        || !digits(at, 2, &tm->tm_mday))
        return false;
    tm->tm_year -= 1900;
    tm->tm_mon -= 1;
    /* The 30th of February would become the 1st or 2nd of March. */
    normal = *tm;
    timegm(&normal);
    return normal.tm_mday == tm->tm_mday && normal.tm_mon == tm->tm_mon;
}

static bool read_clock(const char **at, struct tm *tm)
{
    if (!digits(at, 2, &tm->tm_hour) || !sign(at, ":")
        || !digits(at, 2, &tm->tm_min) || !sign(at, ":")
        || !digits(at, 2, &tm->tm_sec))
        return false;
    if (sign(at, ".")) {
        size_t n = strspn(*at, "0123456789");

        *at += n;
        if (n == 0)
            return false;
    }
    return tm->tm_hour < 24 && tm->tm_min < 60 && tm->tm_sec <= 60;
}

/* "Z" or "+01:00", in seconds. */
static bool read_offset(const char **at, int *seconds)
{
    int hours, minutes, east = **at == '-' ? -1 : 1;

    *seconds = 0;
    if (sign(at, "Zz"))
        return true;
    if (!sign(at, "+-") || !digits(at, 2, &hours) || !sign(at, ":")
        || !digits(at, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *seconds = east * (hours * 3600 + minutes * 60);
    return true;
}

static bool read_time(const char *text, int64_t *out)
{
    struct tm tm = { 0 };
    int offset;

    if (!read_date(&text, &tm) || !sign(&text, "Tt ") || !read_clock(&text, &tm)
        || !read_offset(&text, &offset) || *text)
        return false;
    *out = timegm(&tm) - offset;
    return true;
}

bool literal_day(const char *text, int64_t *out)
{
    struct tm tm = { 0 };

    if (!read_date(&text, &tm) || *text)
        return false;
    *out = timegm(&tm);
    return true;
}

bool literal_number(enum field_kind kind, const char *text, int64_t *out)
{
    long long number;
    bool done = false;

    switch (kind) {
    case FIELD_INT:
        done = text_int(text, &number);
        break;
    case FIELD_MS:
        /* Seconds to thousandths, milliseconds to thousandths: one rule. */
        done = text_seconds(text, &number);
        break;
    case FIELD_BOOL:
        return read_bool(text, out);
    case FIELD_TIME:
        return read_time(text, out);
    case FIELD_TEXT:
    case FIELD_LIST:
    case FIELD_TAGS:
    case FIELD_CHAIN:
        break;
    }
    if (done)
        *out = number;
    return done;
}

int literal_protocol(const char *text, size_t len)
{
    static const struct {
        const char *name;
        int age;
    } versions[] = {
        { "SSLv3", 1 },
        { "TLSv1", 2 },
        { "TLSv1.0", 2 },
        { "TLSv1.1", 3 },
        { "TLSv1.2", 4 },
        { "TLSv1.3", 5 },
        { "DTLSv1", PROTOCOL_FAMILY + 1 },
        { "DTLSv1.0", PROTOCOL_FAMILY + 1 },
        { "DTLSv1.2", PROTOCOL_FAMILY + 2 },
    };

    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
        if (strlen(versions[i].name) == len
            && strncasecmp(versions[i].name, text, len) == 0)
            return versions[i].age;
    }
    return 0;
}
