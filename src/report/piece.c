#include "piece.h"

#include "base/text.h"

#include <string.h>

static const char dots[] = "...";

void piece_clear(struct piece *p)
{
    p->len = 0;
    p->cut = false;
}

void piece_add(struct piece *p, const void *bytes, size_t len)
{
    size_t room = PIECE_MAX - p->len;
    size_t part = len < room ? len : room;

    if (part > 0)
        memcpy(p->data + p->len, bytes, part);
    p->len = (unsigned char)(p->len + part);
    p->cut |= part < len;
}

void piece_text(struct piece *p, const char *text)
{
    piece_add(p, text, strlen(text));
}

void piece_target(struct piece *p, const struct record *r)
{
    const struct bytes *target = &r->values[REC_target].text;
    const struct bytes *profile = &r->values[REC_profile].text;

    piece_clear(p);
    piece_add(p, target->data, target->len);
    if (!record_known(r, REC_profile))
        return;
    piece_text(p, " [");
    piece_add(p, profile->data, profile->len);
    piece_text(p, "]");
}

int piece_compare(const struct piece *a, const struct piece *b)
{
    size_t len = a->len < b->len ? a->len : b->len;
    int way = memcmp(a->data, b->data, len);

    return way != 0 ? way : (a->len > b->len) - (a->len < b->len);
}

/* The length of the beginning that fills at most so many columns. */
static size_t fit(const char *text, size_t len, size_t columns)
{
    size_t at = 0, used = 0;

    while (at < len) {
        size_t next = at + 1;

        while (next < len && ((unsigned char)text[next] & 0xc0) == 0x80)
            next++;
        used += text_columns(text + at, next - at);
        if (used > columns)
            break;
        at = next;
    }
    return at;
}

/* A character that PIECE_MAX cut in two is left out. */
static size_t whole_len(const struct piece *p)
{
    size_t len = p->len;

    while (p->cut && len > 0
           && ((unsigned char)p->data[len - 1] & 0xc0) == 0x80)
        len--;
    if (p->cut && len > 0 && ((unsigned char)p->data[len - 1] & 0xc0) == 0xc0)
        len--;
    return len;
}

size_t piece_show(struct buf *out, const struct piece *p, size_t columns)
{
    struct buf text;
    size_t len, shown;

    buf_init(&text, 8 * PIECE_MAX);
    text_encode(&text, p->data, whole_len(p), TEXT_LINE);
    len = fit(buf_string(&text), text.len, columns);
    if (p->cut || len < text.len)
        len = fit(buf_string(&text), text.len, columns - strlen(dots));
    buf_add(out, buf_string(&text), len);
    shown = text_columns(buf_string(&text), len);
    if (p->cut || len < text.len) {
        buf_text(out, dots);
        shown += strlen(dots);
    }
    out->refused |= text.refused;
    buf_release(&text);
    return shown;
}
