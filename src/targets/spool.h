/* spool -- the bytes of one list, the same whenever they are read.
 *
 * A list is opened once and read more than once.  What cannot be rewound (a
 * pipe, a terminal) is copied to an unlinked file first.  Of what can, each
 * block is hashed when it is first read, and must hash the same ever after: no
 * byte is given out that differs from the one that was checked.
 */
#pragma once

#include "base/buf.h"

#include <stdint.h>

struct spool;

/* "-" is standard input.  NULL with ERR_FILE. */
struct spool *spool_open(const char *name, struct err *e) MUST_USE;
/* NULL is fine. */
void spool_close(struct spool *s);

/* True when nobody but the caller and root could write the list: a regular
 * file of theirs, closed to group and others.  Asked of the opened descriptor,
 * so that no swapped directory or link can answer for another file. */
bool spool_is_ours(const struct spool *s);

/* Back to the first byte, or the one behind a byte order mark. */
bool spool_rewind(struct spool *s, struct err *e) MUST_USE;
/* The next bytes, at most "room"; *got is 0 at the end. */
bool spool_read(struct spool *s, char *out, size_t room, size_t *got,
                struct err *e) MUST_USE;
/* The next line without LF or CR LF; *end when there is none.  Of a line that
 * is longer than the buffer's maximum the beginning is kept, and the buffer is
 * left "overflowed". */
bool spool_line(struct spool *s, struct buf *line, bool *end, struct err *e)
    MUST_USE;

/* Hash of all bytes, once they were read to the end. */
uint64_t spool_hash(const struct spool *s);
