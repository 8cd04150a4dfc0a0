/* secrets -- pass phrases out of "pass:", "env:", "file:", "fd:", "stdin". */
#include "plan_room.h"

#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECRET_MAX = 1023 }; /* bytes, as s_client */

struct secret {
    char text[SECRET_MAX + 1];
};

struct secret_ask {
    enum option_id id;
    const char *source;
};

static bool complain(const struct secret_ask *ask, int sys, struct err *e)
{
    char what[ERR_MSG_MAX];

    snprintf(what, sizeof(what), "option '-%s': cannot read '%s'",
             option_rows[ask->id].name, ask->source);
    return err_sys(e, ERR_SECRET, sys, what);
}

static bool too_long(const struct secret_ask *ask, struct err *e)
{
    return err_set(e, ERR_SECRET,
                   "option '-%s': the secret is longer than %d bytes",
                   option_rows[ask->id].name, SECRET_MAX);
}

/* ---- the kinds of source; "rest" is what follows the colon ---- */

static bool from_text(struct secret *s, const struct secret_ask *ask,
                      const char *rest, struct err *e)
{
    size_t len = strlen(rest);

    if (len > SECRET_MAX)
        return too_long(ask, e);
    memcpy(s->text, rest, len + 1);
    return true;
}

static bool from_env(struct secret *s, const struct secret_ask *ask,
                     const char *rest, struct err *e)
{
    const char *value = getenv(rest);

    return value ? from_text(s, ask, value, e)
                 : err_set(e, ERR_SECRET,
                           "option '-%s': no environment variable '%s'",
                           option_rows[ask->id].name, rest);
}

/* The first line, byte by byte: what follows in a pipe belongs to others. */
static bool from_line(struct secret *s, const struct secret_ask *ask, int fd,
                      struct err *e)
{
    size_t len = 0;
    char c;

    for (;;) {
        ssize_t n = read(fd, &c, 1);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return complain(ask, errno, e);
        if (n == 0 || c == '\n')
            break;
        if (len == SECRET_MAX)
            return too_long(ask, e);
        s->text[len++] = c;
    }
    if (len > 0 && s->text[len - 1] == '\r')
        s->text[--len] = '\0';
    return true;
}

static bool from_file(struct secret *s, const struct secret_ask *ask,
                      const char *rest, struct err *e)
{
    int fd = open(rest, O_RDONLY | O_CLOEXEC);
    bool done;

    if (fd < 0)
        return complain(ask, errno, e);
    done = from_line(s, ask, fd, e);
    close(fd);
    return done;
}

static bool from_fd(struct secret *s, const struct secret_ask *ask,
                    const char *rest, struct err *e)
{
    long long fd;

    if (!text_int(rest, &fd) || fd < 0 || fd > INT_MAX)
        return err_set(e, ERR_SECRET,
                       "option '-%s': '%s' is no number of a descriptor",
                       option_rows[ask->id].name, rest);
    return from_line(s, ask, (int)fd, e);
}

static bool from_stdin(struct secret *s, const struct secret_ask *ask,
                       const char *rest, struct err *e)
{
    (void)rest;
    return from_line(s, ask, STDIN_FILENO, e);
}

static const struct source {
    const char *prefix;
    bool (*read)(struct secret *s, const struct secret_ask *ask,
                 const char *rest, struct err *e);
    bool once; /* cannot be read a second time */
} sources[] = {
    { "pass:", from_text, false }, { "env:", from_env, false },
    { "file:", from_file, false }, { "fd:", from_fd, true },
    { "stdin", from_stdin, true },
};

static const struct source *source_of(const char *text)
{
    for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
        size_t len = strlen(sources[i].prefix);

        if (strncmp(text, sources[i].prefix, len) == 0
            && (text[len - 1] == ':' || text[len] == '\0'))
            return &sources[i];
    }
    return NULL;
}

/* ---- the cache ---- */

static void secret_release(void *value)
{
    OPENSSL_cleanse(value, sizeof(struct secret));
    mem_free(value);
}

static void *secret_build(struct cached *self, void *arg, struct err *e)
{
    const struct secret_ask *ask = arg;
    const struct source *source = source_of(ask->source);
    struct secret *s = mem_new(1, sizeof(*s));

    (void)self;
    if (!s) {
        err_memory(e, "a secret");
        return NULL;
    }
    if (source->read(s, ask, ask->source + strlen(source->prefix), e))
        return s;
    secret_release(s);
    return NULL;
}

const struct cache_kind secret_kind = {
    .what = "a secret",
    .build = secret_build,
    .release = secret_release,
};

bool secret_said(struct plan_cache *cache, const struct option_set *set,
                 enum option_id id, struct cached **out, struct err *e)
{
    struct secret_ask ask = { .id = id, .source = options_text(set, id, NULL) };
    const struct source *how;
    struct cache_key key;

    if (!ask.source)
        return true;
    how = source_of(ask.source);
    if (!how)
        return err_set(e, ERR_SECRET,
                       "option '-%s': say where the secret is: pass:, env:, "
                       "file:, fd: or stdin",
                       option_rows[id].name);
    key = (struct cache_key){ .bytes = ask.source, .len = strlen(ask.source) };
    *out = cache_get(cache->secrets, &key, &ask, e);
    /* What cannot be read again is held until the cache goes. */
    if (*out && how->once)
        cached_pin(*out);
    return *out;
}

const char *secret_text(const struct cached *secret)
{
    return secret ? ((const struct secret *)cached_value(secret))->text : NULL;
}
