/* buf -- bytes that grow up to a maximum.
 *
 * A refused or overflowing addition marks the buffer and is otherwise dropped
 * whole; all later additions are dropped too.  So a formatter adds without
 * looking, and looks once at the end with buf_ok().
 */
#pragma once

#include "base/err.h"

#include <stdarg.h>

struct buf {
    char *data; /* NUL after the last byte, or NULL while empty */
    size_t len;
    size_t room;
    size_t max; /* bytes it may ever hold */
    bool overflowed; /* wanted more than max */
    bool refused; /* no memory */
};

/* An empty buffer that may hold up to max bytes. */
void buf_init(struct buf *b, size_t max);
/* Frees the bytes; the buffer may be used again with the same maximum. */
void buf_release(struct buf *b);
/* The same for secrets: nothing of the bytes stays in memory. */
void buf_wipe(struct buf *b);
/* Empties it and keeps the memory. */
void buf_clear(struct buf *b);
/* False when something was dropped. */
bool buf_ok(const struct buf *b);

void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_byte(struct buf *b, char c);
void buf_text(struct buf *b, const char *text);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_vprintf(struct buf *b, const char *fmt, va_list ap) PRINTF(2, 0);

/* The text so far, never NULL; valid until the next addition. */
const char *buf_string(const struct buf *b);
/* Gives the bytes away (NUL after them, mem_free()); the buffer is empty
 * afterwards.  NULL when something was dropped. */
char *buf_take(struct buf *b, size_t *len);
