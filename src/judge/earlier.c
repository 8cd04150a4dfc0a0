#include "earlier.h"

#include "base/text.h"

#include <string.h>

bool earlier_needs(enum field_id id)
{
    return id == REC_address || !(field_rows[id].traits & FIELD_VOLATILE);
}

/* The text with its encoding undone, in "plain" when it had any.  A text that
 * is not of our making is taken as it is. */
static const char *decoded(struct record *r, struct buf *plain,
                           const char *text, size_t *len)
{
    bool done;

    buf_init(plain, *len);
    if (!memchr(text, '\\', *len))
        return text;
    done = text_decode(plain, text, *len);
    r->incomplete |= plain->refused;
    if (!done)
        return text;
    *len = plain->len;
    return buf_string(plain);
}

void earlier_text(struct record *r, enum field_id id, const char *text,
                  size_t len)
{
    struct buf plain;

    text = decoded(r, &plain, text, &len);
    record_bytes(r, id, text, len);
    buf_release(&plain);
}

void earlier_item(struct record *r, enum field_id id, const char *text,
                  size_t len)
{
    struct buf plain;

    text = decoded(r, &plain, text, &len);
    record_add(r, id, text, len);
    buf_release(&plain);
}

void earlier_cert_text(struct record *r, struct cert *c, enum cert_field_id id,
                       const char *text, size_t len)
{
    struct buf plain;

    text = decoded(r, &plain, text, &len);
    cert_bytes(r, c, id, text, len);
    buf_release(&plain);
}
