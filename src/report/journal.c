/* journal -- the file: a head with the identity of the run, then an entry a
 * target: length, sum, place, packed records.  What follows the last entry
 * whose sum is right was cut by a kill and is cut off. */
#include "report/journal.h"

#include "base/clock.h"
#include "base/mem.h"
#include "crc.h"
#include "identity.h"
#include "io.h"
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MAGIC_LEN = 8,
    HEAD_LEN = 16, /* of an entry: length, sum, place */
    ENTRY_MAX = 64 * 1024 * 1024, /* records of one target */
    IDENTITY_MAX = 1024 * 1024,
    KIND_LEN = 7, /* of the magic: what remains is the version */
    LOCK_ATTEMPTS = 100, /* at a file that another run takes away */
};

static const char magic[MAGIC_LEN + 1] = "TLSFJRN1";

struct journal {
    struct journal_config config;
    char *path;
    int fd;
    unsigned char *done; /* a bit a place: an earlier run has it */
    uint64_t count; /* of those */
    uint64_t first, end; /* where the entries begin; the last whole one ends */
    struct buf entry; /* the one at hand */
    struct keeper keeper; /* syncs */
};

static uint64_t get(const char *p, unsigned bytes)
{
    uint64_t number = 0;

    for (unsigned i = 0; i < bytes; i++)
        number |= (uint64_t)(unsigned char)p[i] << (8 * i);
    return number;
}

static void put(char *p, uint64_t number, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        p[i] = (char)(number >> (8 * i) & 0xff);
}

static bool failed(const struct journal *j, const char *what, struct err *e)
{
    const int sys = errno;
    char text[ERR_MSG_MAX];

    snprintf(text, sizeof(text), "%s the journal '%.200s'", what, j->path);
    return err_sys(e, ERR_OUTPUT, sys, text);
}

/* ---- entries ---- */

/* Reads the entry at "at" into j->entry (place and records); false when there
 * is no whole one. */
static bool read_entry(struct journal *j, uint64_t at, uint64_t size)
{
    char head[HEAD_LEN];
    uint64_t len;

    if (at + HEAD_LEN > size || !io_read_at(j->fd, head, HEAD_LEN, at))
        return false;
    len = get(head, 4);
    if (len < 8 || len > ENTRY_MAX || at + 8 + len > size)
        return false;
    buf_clear(&j->entry);
    buf_add(&j->entry, head + 8, 8);
    for (uint64_t left = len - 8, from = at + HEAD_LEN; left > 0;) {
        char block[4096];
        size_t n = left < sizeof(block) ? (size_t)left : sizeof(block);

        if (!io_read_at(j->fd, block, n, from))
            return false;
        buf_add(&j->entry, block, n);
        left -= n;
        from += n;
    }
    return buf_ok(&j->entry)
           && crc32c(0, j->entry.data, j->entry.len) == get(head + 4, 4);
}

static uint64_t entry_end(const struct journal *j, uint64_t at)
{
    return at + 8 + j->entry.len;
}

static bool mark(struct journal *j)
{
    const uint64_t seq = get(j->entry.data, 8);

    if (seq >= j->config.targets)
        return false;
    if (!journal_has(j, seq))
        j->count++;
    j->done[seq / 8] |= (unsigned char)(1u << seq % 8);
    return true;
}

/* Finds the entries that an earlier run left and cuts off what is no entry. */
static bool find_entries(struct journal *j, struct err *e)
{
    struct stat st;

    if (fstat(j->fd, &st) != 0)
        return failed(j, "reading", e);
    j->end = j->first;
    while (read_entry(j, j->end, (uint64_t)st.st_size) && mark(j))
        j->end = entry_end(j, j->end);
    if (j->entry.refused)
        return err_memory(e, "reading the journal");
    if (!io_allowed() || ftruncate(j->fd, (off_t)j->end) != 0)
        return failed(j, "cutting", e);
    return true;
}

/* ---- the head ---- */

static bool write_head(struct journal *j, struct err *e)
{
    const size_t len = strlen(j->config.identity);
    char head[MAGIC_LEN + 8];

    memcpy(head, magic, MAGIC_LEN);
    put(head + MAGIC_LEN, len, 4);
    put(head + MAGIC_LEN + 4, crc32c(0, j->config.identity, len), 4);
    j->first = j->end = sizeof(head) + len;
    if (!io_allowed() || ftruncate(j->fd, 0) != 0)
        return failed(j, "cutting", e);
    if (!io_write_at(j->fd, head, sizeof(head), 0)
        || !io_write_at(j->fd, j->config.identity, len, sizeof(head)))
        return failed(j, "writing", e);
    return true;
}

static bool refuse_version(const struct journal *j, struct err *e)
{
    return err_set(e, ERR_USAGE,
                   "-resume: the journal '%.200s' is of another version of "
                   "tlsfleet; leave out -resume to begin anew",
                   j->path);
}

/* True with *whole = false when the head was cut by a kill or is damaged. */
static bool read_head(struct journal *j, bool *whole, struct err *e)
{
    char head[MAGIC_LEN + 8], *was;
    uint64_t len;
    bool same;

    *whole = io_read_at(j->fd, head, sizeof(head), 0);
    if (*whole && memcmp(head, magic, MAGIC_LEN) != 0)
        return refuse_version(j, e);
    len = *whole ? get(head + MAGIC_LEN, 4) : 0;
    *whole &= len <= IDENTITY_MAX;
    if (!*whole)
        return true;
    was = mem_new(len + 1, 1);
    if (!was)
        return err_memory(e, "reading the journal");
    *whole = io_read_at(j->fd, was, (size_t)len, sizeof(head))
             && crc32c(0, was, (size_t)len) == get(head + MAGIC_LEN + 4, 4);
    j->first = sizeof(head) + len;
    same = !*whole || identity_same(j->path, was, j->config.identity, e);
    mem_free(was);
    return same;
}

/* ---- opening ---- */

/* Any other file of the user's is left alone. */
static bool check_kind(const struct journal *j, struct err *e)
{
    char start[KIND_LEN];
    struct stat st;
    size_t len;

    if (fstat(j->fd, &st) != 0)
        return failed(j, "reading", e);
    len = st.st_size < KIND_LEN ? (size_t)st.st_size : KIND_LEN;
    if (S_ISREG(st.st_mode) && !io_read_at(j->fd, start, len, 0))
        return failed(j, "reading", e);
    if (S_ISREG(st.st_mode) && memcmp(start, magic, len) == 0)
        return true;
    return err_set(e, ERR_USAGE,
                   "'%.200s' is no journal of tlsfleet and is left alone; name "
                   "another file with -journal",
                   j->path);
}

/* Whether the file that was locked is still the one of that name: the run that
 * had the lock before may have taken it away. */
static bool is_there(const struct journal *j)
{
    struct stat ours, there;

    return fstat(j->fd, &ours) == 0 && lstat(j->path, &there) == 0
           && ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

static void close_file(struct journal *j)
{
    if (j->fd >= 0)
        close(j->fd);
    j->fd = -1;
}

static bool open_file(struct journal *j, struct err *e)
{
    for (int i = 0; i < LOCK_ATTEMPTS; i++) {
        close_file(j);
        if (io_allowed())
            j->fd =
                open(j->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (j->fd < 0)
            return failed(j, "opening", e);
        if (flock(j->fd, LOCK_EX | LOCK_NB) == 0) {
            if (is_there(j))
                return check_kind(j, e);
        } else if (errno == EWOULDBLOCK) {
            break;
        } else {
            return failed(j, "locking", e);
        }
    }
    return err_set(e, ERR_USAGE, "another run is using the journal '%.200s'",
                   j->path);
}

/* The file of an earlier run gets out of the way under a name that tells. */
static bool put_aside(struct journal *j, const char *why, struct buf *note,
                      struct err *e)
{
    struct buf old;
    bool done;

    buf_init(&old, 64 * 1024);
    buf_printf(&old, "%s.old", j->path);
    done = buf_ok(&old) && io_allowed() && rename(j->path, old.data) == 0;
    if (done)
        buf_printf(note, "the journal of an earlier run is now '%s'; %s",
                   old.data, why);
    else
        failed(j, "renaming", e);
    buf_release(&old);
    return done && open_file(j, e);
}

static bool begin_anew(struct journal *j, struct buf *note, struct err *e)
{
    const bool resume = j->config.resume;
    struct stat st;

    if (fstat(j->fd, &st) != 0)
        return failed(j, "reading", e);
    if (st.st_size > 0
        && !put_aside(j,
                      resume ? "its beginning cannot be read, so all targets "
                               "are probed"
                             : "-resume would have gone on with it",
                      note, e))
        return false;
    if (st.st_size == 0 && resume)
        buf_text(note, "there is nothing to resume: all targets are probed");
    return write_head(j, e);
}

static bool begin(struct journal *j, struct buf *note, struct err *e)
{
    bool whole = false;

    if (!open_file(j, e) || (j->config.resume && !read_head(j, &whole, e)))
        return false;
    return whole ? find_entries(j, e) : begin_anew(j, note, e);
}

static void release(struct journal *j)
{
    keeper_end(&j->keeper);
    close_file(j);
    buf_release(&j->entry);
    mem_free(j->done);
    mem_free(j->path);
    mem_free(j);
}

struct journal *journal_open(const struct journal_config *config,
                             struct buf *note, struct err *e)
{
    struct journal *j = mem_new(1, sizeof(*j));

    if (!j) {
        err_memory(e, "the journal");
        return NULL;
    }
    j->config = *config;
    j->fd = -1;
    buf_init(&j->entry, ENTRY_MAX);
    j->path = mem_text(config->path);
    j->done = mem_new((size_t)config->targets / 8 + 1, 1);
    if (!j->path || !j->done)
        err_memory(e, "the journal");
    else if (begin(j, note, e) && keeper_begin(&j->keeper, j->fd, e))
        return j;
    release(j);
    return NULL;
}

bool journal_has(const struct journal *j, uint64_t seq)
{
    return seq < j->config.targets && (j->done[seq / 8] >> seq % 8 & 1);
}

uint64_t journal_count(const struct journal *j)
{
    return j->count;
}

/* ---- using ---- */

bool journal_replay(struct journal *j, struct record_sink *sink, struct err *e)
{
    const uint64_t end = j->end;

    for (uint64_t at = j->first; at < end; at = entry_end(j, at)) {
        struct record *r = NULL;

        if (read_entry(j, at, end))
            r = record_unpack(j->entry.data + 8, j->entry.len - 8);
        if (!r)
            return err_set(e, ERR_OUTPUT,
                           "the journal '%.200s' cannot be read any more",
                           j->path);
        for (struct record *one = r; one; one = one->more)
            one->seq = get(j->entry.data, 8);
        sink->take(sink, r);
    }
    return true;
}

bool journal_append(struct journal *j, const struct record *r, struct err *e)
{
    char head[HEAD_LEN];

    if (journal_has(j, r->seq))
        return true;
    buf_clear(&j->entry);
    buf_add(&j->entry, head, sizeof(head));
    record_pack(r, &j->entry);
    if (!buf_ok(&j->entry))
        return err_memory(e, "writing the journal");
    put(j->entry.data, j->entry.len - 8, 4);
    put(j->entry.data + 8, r->seq, 8);
    put(j->entry.data + 4, crc32c(0, j->entry.data + 8, j->entry.len - 8), 4);
    if (!io_write_at(j->fd, j->entry.data, j->entry.len, j->end))
        return failed(j, "writing", e);
    j->end += j->entry.len;
    return keeper_dirty(&j->keeper) || failed(j, "syncing", e);
}

bool journal_close(struct journal *j, bool whole, struct err *e)
{
    bool done = true;

    if (!j)
        return true;
    if (!keeper_sync(&j->keeper))
        done = failed(j, "syncing", e);
    if (whole && done && unlink(j->path) != 0)
        done = failed(j, "removing", e);
    release(j);
    return done;
}
