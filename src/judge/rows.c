#include "rows.h"

#include "base/fault.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 16 * 1024 };

bool rows_init(struct rows *in, int fd, bool quotes, uint64_t at, struct err *e)
{
    *in = (struct rows){ .fd = fd, .quotes = quotes, .at = at, .line = 1 };
    in->block = mem_resize(NULL, BLOCK);
    return in->block ? true : err_memory(e, "a block of it");
}

void rows_release(struct rows *in)
{
    mem_free(in->block);
}

static bool fill_block(struct rows *in, uint64_t from, struct err *e)
{
    ssize_t n;

    do {
        n = fault_here() ? -1 : pread(in->fd, in->block, BLOCK, (off_t)from);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_sys(e, ERR_FILE, errno, "it cannot be read");
    in->len = (size_t)n;
    in->used = 0;
    return true;
}

static size_t count(const char *bytes, size_t len, char what)
{
    const char *end = bytes + len;
    size_t n = 0;

    while ((bytes = memchr(bytes, what, (size_t)(end - bytes))) != NULL) {
        bytes++;
        n++;
    }
    return n;
}

/* Adds what the block has of the row up to a line end; true at a line end. */
static bool add_line(struct rows *in, struct buf *row)
{
    const char *start = in->block + in->used;
    const char *lf = memchr(start, '\n', in->len - in->used);
    size_t len = lf ? (size_t)(lf - start) + 1 : in->len - in->used;

    buf_add(row, start, len);
    in->used += len;
    return lf;
}

/* Adds lines until the row is whole or the file ends. */
static bool read_row(struct rows *in, struct buf *row, struct err *e)
{
    size_t seen = 0, quotes = 0;

    while (buf_ok(row)) {
        bool line_end;

        if (in->used == in->len && !fill_block(in, in->at + row->len, e))
            return false;
        if (in->len == 0)
            break;
        line_end = add_line(in, row);
        if (in->quotes && buf_ok(row))
            quotes += count(row->data + seen, row->len - seen, '"');
        seen = row->len;
        if (line_end && quotes % 2 == 0)
            break;
    }
    if (row->refused)
        return err_memory(e, "a row");
    if (row->overflowed)
        return err_set(e, ERR_FILE, "it is longer than %d MiB", ROW_MAX >> 20);
    return true;
}

static void drop_last(struct buf *row, char what)
{
    if (row->len > 0 && row->data[row->len - 1] == what)
        row->data[--row->len] = '\0';
}

bool rows_next(struct rows *in, struct buf *row, bool *end, struct err *e)
{
    buf_clear(row);
    if (!read_row(in, row, e))
        return false;
    *end = row->len == 0;
    if (*end)
        return true;
    if (memchr(row->data, '\0', row->len))
        return err_set(e, ERR_FILE, "it holds a NUL byte");
    in->at += row->len;
    in->line += count(row->data, row->len, '\n');
    drop_last(row, '\n');
    drop_last(row, '\r');
    return true;
}
