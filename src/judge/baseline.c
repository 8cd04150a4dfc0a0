/* baseline -- an earlier report as a thing to compare with. */
#include "change.h"
#include "earlier.h"
#include "judge.h"
#include "places.h"

#include "base/fault.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CANDIDATES = 16, /* rows of one key that are looked at */
    CHANGE_MAX = 256 * 1024,
};

static const char gone[] = "gone";

struct baseline {
    int fd;
    bool csv;
    bool address; /* it belongs to the key */
    bool named; /* some row, or the header, says which target it is */
    struct csv_header header;
    struct places places;
    atomic_bool damaged; /* a row could not be read again */
    /* The next one of baseline_gone(), and from which row to look for it. */
    size_t gone_nth, gone_row;
};

/* ---- opening ---- */

static bool read_row(const struct baseline *b, struct buf *row,
                     struct record *r, struct err *e)
{
    return b->csv ? csv_read_row(&b->header, row, r, e)
                  : json_read_row(row, r, e);
}

static bool open_file(struct baseline *b, const char *path, struct err *e)
{
    struct stat st;

    /* A pipe would be waited for. */
    b->fd = fault_here()
                ? -1
                : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (b->fd < 0 && errno == ENOENT)
        return err_set(e, ERR_FILE,
                       "there is no such file; a first run has none to compare "
                       "with: leave out -baseline, or begin with an empty one");
    if (b->fd < 0 || fstat(b->fd, &st) < 0)
        return err_sys(e, ERR_FILE, errno, "it cannot be opened");
    if (!S_ISREG(st.st_mode))
        return err_set(e, ERR_FILE, "it is no regular file");
    return true;
}

/* Finds out what it is; *start is behind a byte order mark. */
static bool look(struct baseline *b, uint64_t *start, struct err *e)
{
    unsigned char head[4] = { 0 };
    ssize_t n = fault_here() ? -1 : pread(b->fd, head, sizeof(head), 0);

    if (n < 0)
        return err_sys(e, ERR_FILE, errno, "it cannot be read");
    *start = memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    b->csv = n > 0 && head[*start] != '{';
    if (b->csv && (head[0] < ' ' || head[0] >= 0xfe))
        return err_set(e, ERR_FILE,
                       "it is neither CSV nor JSON Lines in UTF-8");
    return true;
}

/* Only an address that cannot be read has no host. */
static bool is_named(const struct record *r)
{
    if (record_known(r, REC_host))
        return record_known(r, REC_port);
    return record_known(r, REC_target) && record_known(r, REC_status)
           && record_status(r) == STATUS_INVALID;
}

/* What an earlier run told as gone was not there then either. */
static bool was_there(const struct record *r)
{
    const char *change = record_get(r, REC_change);

    return !change || strcmp(change, gone) != 0;
}

static bool add_row(struct baseline *b, struct buf *row, uint64_t offset,
                    struct record *r, struct err *e)
{
    struct key key;

    record_clear(r);
    if (row->len == 0)
        return true;
    if (!read_row(b, row, r, e))
        return false;
    key = key_of(r, b->address);
    b->named |= b->csv || is_named(r);
    return !was_there(r) || places_add(&b->places, &key, offset, e);
}

static bool add_rows(struct baseline *b, struct rows *in, struct record *r,
                     struct err *e)
{
    struct buf row;
    bool header = b->csv, done = true, end = false;
    uint64_t line = 1;
    struct err why = { 0 };

    buf_init(&row, ROW_MAX);
    while (done && !end) {
        uint64_t offset = in->at;

        line = in->line;
        done = rows_next(in, &row, &end, &why);
        if (done && !end)
            done = header ? csv_read_header(&b->header, &row, &why)
                          : add_row(b, &row, offset, r, &why);
        header = false;
    }
    buf_release(&row);
    if (!done)
        err_set(e, why.code, "line %" PRIu64 ": %s", line, why.msg);
    return done;
}

static bool check_names(const struct baseline *b, struct err *e)
{
    if (b->named || b->places.count == 0)
        return true;
    return err_set(e, ERR_FILE, "none of its rows has a host and a port");
}

static bool read_all(struct baseline *b, struct err *e)
{
    struct record *r = record_new();
    struct rows in = { 0 };
    uint64_t start = 0;
    bool done = false;

    if (!r)
        err_memory(e, "a row");
    else
        done = look(b, &start, e) && rows_init(&in, b->fd, b->csv, start, e)
               && add_rows(b, &in, r, e) && check_names(b, e)
               && places_build(&b->places, e);
    rows_release(&in);
    record_free(r);
    return done;
}

static bool begin(struct baseline *b, const char *path, struct err *e)
{
    return open_file(b, path, e) && read_all(b, e);
}

struct baseline *baseline_open(const char *path, bool all_addresses,
                               struct err *e)
{
    struct baseline *b = mem_new(1, sizeof(*b));
    struct err why = { 0 };

    if (!b) {
        err_memory(e, "a baseline");
        return NULL;
    }
    *b = (struct baseline){ .fd = -1, .address = all_addresses };
    if (!places_init(&b->places, &why)) {
        mem_free(b);
        err_set(e, why.code, "%s", why.msg);
        return NULL;
    }
    if (begin(b, path, &why))
        return b;
    err_set(e, why.code, "baseline '%s': %s", path, why.msg);
    baseline_close(b);
    return NULL;
}

void baseline_close(struct baseline *b)
{
    if (!b)
        return;
    if (b->fd >= 0)
        close(b->fd);
    csv_header_release(&b->header);
    places_release(&b->places);
    mem_free(b);
}

/* ---- one row again ---- */

/* False also when it is another row than the first time. */
static bool read_again(struct baseline *b, uint32_t nth, struct record *r)
{
    struct err why = { 0 };
    struct rows in = { 0 };
    struct buf row;
    struct key key;
    bool done, end;

    record_clear(r);
    buf_init(&row, ROW_MAX);
    done = rows_init(&in, b->fd, b->csv, places_offset(&b->places, nth), &why)
           && rows_next(&in, &row, &end, &why) && !end
           && read_row(b, &row, r, &why);
    buf_release(&row);
    rows_release(&in);
    key = key_of(r, b->address);
    if (!done || !places_holds(&b->places, nth, &key)) {
        b->damaged = true;
        return false;
    }
    return true;
}

bool baseline_whole(const struct baseline *b)
{
    return !b->damaged;
}

/* ---- judging ---- */

struct chosen {
    struct record *row;
    uint32_t nth;
};

enum found { FOUND, ABSENT, UNREADABLE };

/* Reads the row that fits best: the first that was written as the target of
 * the record is, else the first. */
static enum found choose(struct baseline *b, const struct record *r,
                         const uint32_t *rows, size_t n, struct chosen *out)
{
    size_t first = n;

    for (size_t i = 0; i < n; i++) {
        if (!read_again(b, rows[i], out->row))
            return UNREADABLE;
        if (!key_fits(out->row, r, b->address))
            continue;
        if (first == n)
            first = i;
        out->nth = rows[i];
        if (n == 1 || key_same_text(out->row, r, REC_target))
            return FOUND;
    }
    if (first == n)
        return ABSENT;
    out->nth = rows[first];
    return read_again(b, out->nth, out->row) ? FOUND : UNREADABLE;
}

/* Finds and takes the row of a record. */
static enum found find(struct baseline *b, const struct record *r,
                       struct chosen *out)
{
    const struct key key = key_of(r, b->address);
    uint32_t rows[CANDIDATES];
    enum found found;

    do {
        size_t n = places_find(&b->places, &key, rows, CANDIDATES);

        found = choose(b, r, rows, n, out);
    } while (found == FOUND && !places_take(&b->places, &key, out->nth));
    return found;
}

static void say_change(const struct record *row, struct record *r)
{
    struct buf change;

    buf_init(&change, CHANGE_MAX);
    change_say(&change, row, r);
    if (change.refused) {
        record_state(r, REC_change, VALUE_UNKNOWN);
        r->incomplete = true;
    } else if (change.len == 0) {
        record_text(r, REC_change, "same");
    } else {
        record_bytes(r, REC_change, change.data, change.len);
    }
    buf_release(&change);
}

void baseline_judge(struct baseline *b, struct record *r)
{
    struct chosen chosen = { .row = record_new() };
    enum found found = chosen.row ? find(b, r, &chosen) : UNREADABLE;

    record_state(r, REC_change, VALUE_UNKNOWN);
    b->damaged |= r->incomplete; /* maybe it cannot say which target it is */
    if (found == UNREADABLE)
        b->damaged = true;
    if (!chosen.row)
        r->incomplete = true;
    else if (found == ABSENT)
        record_text(r, REC_change, "new");
    else if (found == FOUND && change_can_tell(chosen.row)
             && change_can_tell(r))
        say_change(chosen.row, r);
    record_free(chosen.row);
}

/* ---- what no record asked for ---- */

static void keep_key(struct record *r, bool address)
{
    for (size_t i = 0; i < FIELDS_COUNT; i++) {
        enum field_id id = (enum field_id)i;

        if (!key_names(id) && !(address && id == REC_address))
            record_state(r, id, VALUE_UNKNOWN);
    }
}

/* Rows that cannot be read do not count. */
static bool seek(struct baseline *b, size_t nth, struct record *r)
{
    if (nth < b->gone_nth)
        b->gone_nth = b->gone_row = 0;
    while ((b->gone_row = places_left(&b->places, b->gone_row))
           < b->places.count) {
        bool done = read_again(b, (uint32_t)b->gone_row++, r);

        if (done && b->gone_nth++ == nth)
            return true;
    }
    return false;
}

struct record *baseline_gone(struct baseline *b, size_t nth)
{
    struct record *r = NULL;

    /* A row that could not be compared would look as if nobody had asked. */
    if (b->damaged)
        return NULL;
    r = record_new();
    if (!r || !seek(b, nth, r)) {
        b->damaged |= !r;
        record_free(r);
        return NULL;
    }
    keep_key(r, b->address);
    record_text(r, REC_change, gone);
    b->damaged |= r->incomplete;
    return r;
}
