/* rows -- the rows of a file as they stand there, from any place in it. */
#pragma once

#include "base/buf.h"

#include <stdint.h>

/* Bytes of one row: far more than the report of one target ever has. */
enum { ROW_MAX = 4 << 20 };

struct rows {
    int fd;
    bool quotes; /* a line end between quotes belongs to the row (CSV) */
    uint64_t at; /* where the next row begins */
    uint64_t line; /* its number, from 1 */
    char *block;
    size_t len, used;
};

/* Reads from byte "at" on; the file stays the caller's.  rows_release() also
 * after a failure. */
bool rows_init(struct rows *in, int fd, bool quotes, uint64_t at, struct err *e)
    MUST_USE;
void rows_release(struct rows *in);
/* The next row without its line end; *end instead when there is none.  False
 * when the file cannot be read, or for a row that is too long or has a NUL. */
bool rows_next(struct rows *in, struct buf *row, bool *end, struct err *e)
    MUST_USE;
