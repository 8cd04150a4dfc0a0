#include "output.h"

#include "base/mem.h"
#include "io.h"
#include "sweep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ATTEMPTS = 100 }; /* at a temporary name that nobody has */

/* Turns errno into a sentence about this output.  Returns false. */
static bool failed(const struct output *o, const char *what, struct err *e)
{
    int sys = errno;
    const char *quote = o->file ? "'" : "";
    const char *name = o->file ? o->file : "standard output";
    char text[300];

    if (sys == EPIPE)
        return err_set(e, ERR_OUTPUT,
                       "%s%.200s%s was closed by its reader before the report "
                       "was complete",
                       quote, name, quote);
    snprintf(text, sizeof(text), "cannot %s %s%.200s%s", what, quote, name,
             quote);
    return err_sys(e, ERR_OUTPUT, sys, text);
}

static bool open_direct(struct output *o, struct err *e)
{
    if (!o->file)
        o->fd = STDOUT_FILENO;
    else if (io_allowed())
        o->fd = open(o->file, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (o->fd < 0)
        return failed(o, "open", e);
    o->terminal = isatty(o->fd);
    return true;
}

/* The path whose last name will be replaced.  A symbolic link is followed, so
 * that the file behind it is replaced and not the link. */
static char *find_path(const struct output *o, struct err *e)
{
    struct stat st;
    char *path;

    if (lstat(o->file, &st) != 0 || !S_ISLNK(st.st_mode)) {
        path = mem_text(o->file);
        if (!path)
            err_memory(e, "opening a report");
        return path;
    }
    path = io_allowed() ? realpath(o->file, NULL) : NULL;
    if (!path)
        failed(o, "follow the symbolic link", e);
    return path;
}

/* Opens the folder and remembers the name in it. */
static bool find_place(struct output *o, struct err *e)
{
    char *path = find_path(o, e);
    char *slash = path ? strrchr(path, '/') : NULL;
    const char *folder = ".";

    if (!path)
        return false;
    o->name = mem_text(slash ? slash + 1 : path);
    if (slash) {
        folder = slash == path ? "/" : path;
        *slash = '\0';
    }
    if (!o->name)
        err_memory(e, "opening a report");
    else if (!*o->name)
        err_set(e, ERR_OUTPUT, "'%.200s' names no file", o->file);
    else if (io_allowed())
        o->dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (o->dir < 0)
        failed(o, "open the folder of", e);
    mem_free(path);
    return o->dir >= 0;
}

/* ".NAME.XXXXXX" */
static bool name_temporary(struct output *o)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
    unsigned char random[6];
    struct buf name;
    size_t len;

    mem_free(o->temporary);
    o->temporary = NULL;
    if (!io_allowed() || getrandom(random, sizeof(random), 0) < 0)
        return false;
    buf_init(&name, SIZE_MAX / 2);
    buf_printf(&name, ".%s.", o->name);
    for (size_t i = 0; i < sizeof(random); i++)
        buf_byte(&name, letters[random[i] % 32]);
    o->temporary = buf_take(&name, &len);
    if (!o->temporary)
        errno = ENOMEM;
    return o->temporary;
}

static bool open_temporary(struct output *o, enum readers readers,
                           struct err *e)
{
    const mode_t mode = readers == READERS_OWNER ? 0600 : 0666;
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

    sweep(o->dir, o->name);
    for (int i = 0; i < ATTEMPTS; i++) {
        if (!name_temporary(o))
            break;
        if (io_allowed())
            o->fd = openat(o->dir, o->temporary, flags, mode);
        if (o->fd >= 0 && sweep_hold(o->fd))
            return true;
        if (o->fd < 0 && errno != EEXIST)
            break;
        if (o->fd >= 0) { /* swept away meanwhile, or cannot be locked */
            unlinkat(o->dir, o->temporary, 0);
            close(o->fd);
        }
        o->fd = -1;
    }
    failed(o, "create a file beside", e);
    mem_free(o->temporary); /* not ours: release must not remove it */
    o->temporary = NULL;
    return false;
}

/* A daemon of another user reads it, whatever the umask of cron is. */
static bool let_read(struct output *o, enum readers readers, struct err *e)
{
    if (readers != READERS_ALL)
        return true;
    return (io_allowed() && fchmod(o->fd, 0644) == 0)
           || failed(o, "set who may read", e);
}

bool output_open(struct output *o, const char *file, enum readers readers,
                 struct err *e)
{
    struct stat st;

    *o = (struct output){ .fd = -1, .dir = -1 };
    buf_init(&o->pending, SIZE_MAX / 2);
    if (file && !(o->file = mem_text(file)))
        return err_memory(e, "opening a report");
    if (!file || (stat(file, &st) == 0 && !S_ISREG(st.st_mode)))
        return open_direct(o, e);
    return find_place(o, e) && open_temporary(o, readers, e)
           && let_read(o, readers, e);
}

static bool is_direct(const struct output *o)
{
    return o->dir < 0;
}

/* What is there now, where the report will be; false: nothing yet. */
static bool look(const struct output *o, struct stat *st)
{
    if (is_direct(o))
        return fstat(o->fd, st) == 0;
    return fstatat(o->dir, o->name, st, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool same_inode(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool output_same(const struct output *a, const struct output *b)
{
    struct stat sa, sb;
    bool there_a = look(a, &sa), there_b = look(b, &sb);

    /* /dev/null and its like take any number of reports. */
    if (there_a && S_ISCHR(sa.st_mode) && !a->terminal)
        return false;
    if (there_a || there_b)
        return there_a && there_b && same_inode(&sa, &sb);
    return fstat(a->dir, &sa) == 0 && fstat(b->dir, &sb) == 0
           && same_inode(&sa, &sb) && strcmp(a->name, b->name) == 0;
}

/* Whole lines are written: what stands there is not ours. */
static bool clear_line(const struct output *o)
{
    static const char sequence[] = "\r\033[K";

    return !o->over_line || io_write(o->fd, sequence, sizeof(sequence) - 1);
}

bool output_write(struct output *o, size_t enough, struct err *e)
{
    bool done;

    if (!buf_ok(&o->pending))
        return err_memory(e, "writing a report");
    if (o->pending.len == 0 || o->pending.len < enough)
        return true;
    done = (clear_line(o) && io_write(o->fd, o->pending.data, o->pending.len))
           || failed(o, "write to", e);
    buf_clear(&o->pending);
    return done;
}

/* Standard output may be a file, where only a sync finds a full disk. */
static bool sync_file(struct output *o, struct err *e)
{
    struct stat st;

    if (is_direct(o) && !(fstat(o->fd, &st) == 0 && S_ISREG(st.st_mode)))
        return true;
    return (io_allowed() && fsync(o->fd) == 0) || failed(o, "sync", e);
}

static bool close_file(struct output *o, struct err *e)
{
    bool allowed = io_allowed();
    int fd = o->fd;

    if (!o->file)
        return true;
    o->fd = -1;
    return (close(fd) == 0 && allowed) || failed(o, "close", e);
}

static bool rename_file(struct output *o, bool whole, struct err *e)
{
    struct buf name;
    bool done = false;

    buf_init(&name, SIZE_MAX / 2);
    buf_printf(&name, "%s%s", o->name, whole ? "" : ".partial");
    if (!buf_ok(&name))
        err_memory(e, "naming a report");
    else if (io_allowed())
        done = renameat(o->dir, o->temporary, o->dir, name.data) == 0;
    buf_release(&name);
    return done || failed(o, "give its name to", e);
}

/* What an earlier scan that was cut short wrote is of no use any more. */
static bool remove_partial(const struct output *o, struct err *e)
{
    struct buf name;
    bool named;

    buf_init(&name, SIZE_MAX / 2);
    buf_printf(&name, "%s.partial", o->name);
    named = buf_ok(&name);
    if (named)
        unlinkat(o->dir, name.data, 0); /* it need not be there */
    buf_release(&name);
    return named || err_memory(e, "naming a report");
}

/* So that the new name outlives a crash.  Some file systems cannot (EINVAL),
 * and there is no better way on them. */
static bool sync_folder(struct output *o, struct err *e)
{
    if (io_allowed() && (fsync(o->dir) == 0 || errno == EINVAL))
        return true;
    return failed(o, "sync the folder of", e);
}

bool output_finish(struct output *o, bool whole, struct err *e)
{
    if (!output_write(o, 1, e) || !sync_file(o, e) || !close_file(o, e))
        return false;
    if (is_direct(o))
        return true;
    if (!rename_file(o, whole, e))
        return false;
    mem_free(o->temporary);
    o->temporary = NULL;
    return (!whole || remove_partial(o, e)) && sync_folder(o, e);
}

void output_release(struct output *o)
{
    if (o->temporary)
        unlinkat(o->dir, o->temporary, 0);
    if (o->file && o->fd >= 0)
        close(o->fd);
    if (o->dir >= 0)
        close(o->dir);
    mem_free(o->temporary);
    mem_free(o->name);
    mem_free(o->file);
    buf_release(&o->pending);
    *o = (struct output){ .fd = -1, .dir = -1 };
}
