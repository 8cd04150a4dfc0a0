#include "base/buf.h"

#include "base/mem.h"

#include <stdio.h>
#include <string.h>

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){ .max = max };
}

void buf_release(struct buf *b)
{
    mem_free(b->data);
    buf_init(b, b->max);
}

/* All of the room: what was there may have been cleared before. */
void buf_wipe(struct buf *b)
{
    if (b->data)
        explicit_bzero(b->data, b->room);
    buf_release(b);
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->overflowed = b->refused = false;
    if (b->data)
        b->data[0] = '\0';
}

bool buf_ok(const struct buf *b)
{
    return !b->overflowed && !b->refused;
}

/* Makes place for len bytes and a NUL. */
static bool reserve(struct buf *b, size_t len)
{
    size_t room = b->room ? b->room : 64;
    char *data;

    if (!buf_ok(b))
        return false;
    if (len > b->max - b->len) {
        b->overflowed = true;
        return false;
    }
    if (b->len + len < b->room)
        return true;
    while (room <= b->len + len)
        room *= 2;
    data = mem_resize(b->data, room);
    if (!data) {
        b->refused = true;
        return false;
    }
    b->data = data;
    b->room = room;
    return true;
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
    if (len == 0 || !reserve(b, len))
        return;
    memcpy(b->data + b->len, bytes, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void buf_byte(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_text(struct buf *b, const char *text)
{
    buf_add(b, text, strlen(text));
}

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
    va_list again;
    int n;

    va_copy(again, ap);
    n = vsnprintf(NULL, 0, fmt, ap);
    if (n < 0) /* as for what is longer than an int can say */
        b->overflowed = true;
    if (n > 0 && reserve(b, (size_t)n)) {
        vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    buf_vprintf(b, fmt, ap);
    va_end(ap);
}

const char *buf_string(const struct buf *b)
{
    return b->data ? b->data : "";
}

char *buf_take(struct buf *b, size_t *len)
{
    char *data = NULL;

    if (buf_ok(b))
        data = b->data ? b->data : mem_copy("", 0);
    if (data) {
        *len = b->len;
        b->data = NULL;
    }
    buf_release(b);
    return data;
}
