#include "payload.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAYLOAD_MAX = 16 * 1024 * 1024 };

/* ---- one file ---- */

static bool not_read(const struct payload_ask *ask, int sys, struct err *e)
{
    char what[ERR_MSG_MAX];

    snprintf(what, sizeof(what), "option '-%s': cannot read '%s'",
             option_rows[ask->option].name, ask->file);
    return err_sys(e, ERR_FILE, sys, what);
}

static bool check_size(const struct payload_ask *ask, const struct stat *st,
                       struct err *e)
{
    if (!S_ISREG(st->st_mode))
        return err_set(e, ERR_FILE, "option '-%s': '%s' is not a regular file",
                       option_rows[ask->option].name, ask->file);
    return (size_t)st->st_size <= ask->max
           || err_set(e, ERR_FILE,
                      "option '-%s': '%s' has %lld bytes, %zu are taken",
                      option_rows[ask->option].name, ask->file,
                      (long long)st->st_size, ask->max);
}

/* A file that shrinks meanwhile ends earlier; one that grows is cut where it
 * ended. */
static bool read_all(struct payload *out, size_t size, int fd,
                     const struct payload_ask *ask, struct err *e)
{
    while (out->len < size) {
        ssize_t n = read(fd, out->data + out->len, size - out->len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return not_read(ask, errno, e);
        if (n == 0)
            break;
        out->len += (size_t)n;
    }
    return true;
}

static bool read_open(struct payload *out, int fd,
                      const struct payload_ask *ask, struct err *e)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return not_read(ask, errno, e);
    if (!check_size(ask, &st, e))
        return false;
    out->data = mem_new(1, (size_t)st.st_size + 1);
    if (!out->data)
        return err_memory(e, option_rows[ask->option].name);
    return read_all(out, (size_t)st.st_size, fd, ask, e);
}

bool payload_read(struct payload *out, const struct payload_ask *ask,
                  struct err *e)
{
    /* Not blocking: the open of a FIFO would wait for a writer. */
    int fd = open(ask->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool done;

    *out = (struct payload){ 0 };
    if (fd < 0)
        return not_read(ask, errno, e);
    done = read_open(out, fd, ask, e);
    close(fd);
    return done;
}

void payload_release(struct payload *p)
{
    if (p->data)
        explicit_bzero(p->data, p->len);
    mem_free(p->data);
    *p = (struct payload){ 0 };
}

/* ---- the cache ---- */

static void release(void *value)
{
    payload_release(value);
    mem_free(value);
}

static void *build(struct cached *self, void *arg, struct err *e)
{
    struct payload *p = mem_new(1, sizeof(*p));

    (void)self;
    if (!p) {
        err_memory(e, "a file to be sent");
        return NULL;
    }
    if (payload_read(p, arg, e))
        return p;
    release(p);
    return NULL;
}

const struct cache_kind payload_kind = {
    .what = "a file to be sent",
    .build = build,
    .release = release,
};

bool payload_said(struct plan_cache *cache, const struct option_set *set,
                  enum option_id id, struct cached **out, struct err *e)
{
    struct payload_ask ask = { .option = id,
                               .file = options_text(set, id, NULL),
                               .max = PAYLOAD_MAX };
    struct cache_key key;

    if (!ask.file)
        return true;
    key = (struct cache_key){ .bytes = ask.file, .len = strlen(ask.file) };
    *out = cache_get(cache->payloads, &key, &ask, e);
    return *out;
}

const struct payload *payload_of(const struct cached *entry)
{
    return entry ? cached_value(entry) : NULL;
}
