#include "sheet.h"

#include <inttypes.h>
#include <stdint.h>
#include <time.h>

/* A target's output is capped long before; this is the last stop. */
enum { SHEET_MAX = 256 << 20 };

/* RFC 3339 has years of four digits. */
static const int64_t first_second = -62167219200; /* 0000-01-01T00:00:00Z */
static const int64_t last_second = 253402300799; /* 9999-12-31T23:59:59Z */

void sheet_init(struct sheet *s, const struct report_config *config)
{
    *s = (struct sheet){
        .fields = &config->fields,
        .csv_raw = config->csv_raw,
        .heed = config->heed,
        .by_address = config->by_address,
    };
    buf_init(&s->out, SHEET_MAX);
    buf_init(&s->scratch, SHEET_MAX);
}

void sheet_release(struct sheet *s)
{
    buf_release(&s->out);
    buf_release(&s->scratch);
}

void sheet_clear(struct sheet *s)
{
    buf_clear(&s->out);
    buf_clear(&s->scratch);
    s->lost = false;
}

bool sheet_ok(const struct sheet *s)
{
    return !s->lost && buf_ok(&s->scratch) && buf_ok(&s->out);
}

struct buf *sheet_scratch(struct sheet *s)
{
    s->lost = s->lost || !buf_ok(&s->scratch);
    buf_clear(&s->scratch);
    return &s->scratch;
}

void sheet_encode(struct buf *to, const struct bytes *text,
                  enum text_shape shape)
{
    text_encode(to, text->data, text->len, shape);
}

static void add_time(struct buf *to, int64_t seconds)
{
    struct tm tm;
    time_t t = seconds;

    if (t < first_second)
        t = first_second;
    if (t > last_second)
        t = last_second;
    gmtime_r(&t, &tm);
    buf_printf(to, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
               tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void add_ms(struct buf *to, int64_t us)
{
    if (us < 0) /* a span never is */
        us = 0;
    buf_printf(to, "%" PRId64 ".%03d", us / 1000, (int)(us % 1000));
}

void sheet_number(struct buf *to, enum field_kind kind, int64_t number)
{
    if (kind == FIELD_TIME)
        add_time(to, number);
    else if (kind == FIELD_MS)
        add_ms(to, number);
    else
        buf_printf(to, "%" PRId64, number);
}

void sheet_target(struct buf *to, const struct record *r)
{
    sheet_encode(to, &r->values[REC_target].text, TEXT_LINE);
    if (!record_known(r, REC_profile))
        return;
    buf_text(to, " [");
    sheet_encode(to, &r->values[REC_profile].text, TEXT_LINE);
    buf_byte(to, ']');
}
