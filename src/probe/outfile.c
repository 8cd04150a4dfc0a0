/* outfile -- a file that a target writes: whole, or not there. */
#include "probe_room.h"

#include "base/fault.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { TEMPORARY_MAX = 32, ATTEMPTS = 100 /* at a name that nobody has */ };

struct outfile {
    char *path; /* cut into folder and name */
    const char *name;
    int dir; /* the folder; -1: not open */
    int fd; /* of the temporary file; -1: not open */
    char temporary[TEMPORARY_MAX]; /* "": there is none */
};

static bool allowed(void)
{
    if (!fault_here())
        return true;
    errno = EIO;
    return false;
}

static bool open_folder(struct outfile *f, struct err *e)
{
    char *slash = strrchr(f->path, '/');
    const char *folder = slash == f->path ? "/" : slash ? f->path : ".";

    f->name = slash ? slash + 1 : f->path;
    if (!*f->name)
        return err_set(e, ERR_FILE, "it names no file");
    if (slash)
        *slash = '\0';
    if (allowed())
        f->dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return f->dir >= 0 || err_sys(e, ERR_FILE, errno, "its folder");
}

/* What is there already is replaced, but a device or a link must not be. */
static bool check_place(const struct outfile *f, struct taken *taken,
                        struct err *e)
{
    struct stat st;

    if (fstatat(f->dir, f->name, &st, AT_SYMLINK_NOFOLLOW) == 0
        && !S_ISREG(st.st_mode))
        return err_set(
            e, ERR_FILE, "it is %s",
            S_ISLNK(st.st_mode) ? "a symbolic link" : "not a regular file");
    if (!allowed() || fstat(f->dir, &st) != 0)
        return err_sys(e, ERR_FILE, errno, "its folder");
    return !taken || taken_claim(taken, &st, f->name, e);
}

static bool open_temporary(struct outfile *f, struct err *e)
{
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

    for (int i = 0; i < ATTEMPTS && f->fd < 0; i++) {
        uint64_t number;

        if (!allowed() || getrandom(&number, sizeof(number), 0) < 0)
            break;
        snprintf(f->temporary, sizeof(f->temporary), ".tlsfleet.%016" PRIx64,
                 number);
        f->fd = openat(f->dir, f->temporary, flags, S_IRUSR | S_IWUSR);
        if (f->fd < 0 && errno != EEXIST)
            break;
    }
    if (f->fd >= 0)
        return true;
    f->temporary[0] = '\0'; /* not ours to remove */
    return err_sys(e, ERR_FILE, errno, "creating it");
}

static bool write_all(int fd, const char *bytes, size_t len, struct err *e)
{
    while (len > 0) {
        ssize_t n = allowed() ? write(fd, bytes, len) : -1;

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_sys(e, ERR_FILE, errno, "writing it");
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

static bool put_in_place(struct outfile *f, struct err *e)
{
    /* Some file systems tell of a full disk only now. */
    bool closed = close(f->fd) == 0;

    f->fd = -1;
    if (!closed || !allowed()
        || renameat(f->dir, f->temporary, f->dir, f->name) != 0)
        return err_sys(e, ERR_FILE, errno, "finishing it");
    f->temporary[0] = '\0';
    return true;
}

static void release(struct outfile *f)
{
    if (f->fd >= 0)
        close(f->fd);
    if (f->temporary[0])
        unlinkat(f->dir, f->temporary, 0);
    if (f->dir >= 0)
        close(f->dir);
    mem_free(f->path);
}

static bool write_file(const struct buf *name, const struct buf *text,
                       struct taken *taken, struct err *e)
{
    struct outfile f = { .path = mem_text(buf_string(name)),
                         .dir = -1,
                         .fd = -1 };
    bool done;

    if (!f.path)
        return err_memory(e, "its name");
    done = open_folder(&f, e) && check_place(&f, taken, e)
           && open_temporary(&f, e)
           && write_all(f.fd, buf_string(text), text->len, e)
           && put_in_place(&f, e);
    release(&f);
    return done;
}

bool outfile_write(const struct probe *p, enum option_id id,
                   const struct buf *text, struct err *e)
{
    struct err why = { .code = ERR_NONE };
    struct buf name;
    bool done;

    buf_init(&name, OUTNAME_MAX);
    outname_expand(&name, options_text(&p->target->words, id, ""), p->record);
    if (name.refused)
        done = err_memory(&why, "its name");
    else if (name.overflowed)
        done = err_set(&why, ERR_FILE, "its name is too long");
    else
        done = write_file(&name, text, p->env->taken, &why);
    if (!done)
        err_set(e, why.code, "option '-%s': cannot write '%.200s': %s",
                option_rows[id].name, buf_string(&name), why.msg);
    buf_release(&name);
    return done;
}
