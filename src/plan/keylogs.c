/* keylogs -- one key log a path for a whole run (-keylogfile). */
#include "apply.h"

#include <string.h>

static void *keylog_build(struct cached *self, void *arg, struct err *e)
{
    (void)self;
    return keylog_open(arg, e);
}

static void keylog_release(void *value)
{
    keylog_close(value);
}

const struct cache_kind keylog_kind = {
    .what = "a key log",
    .build = keylog_build,
    .release = keylog_release,
};

bool apply_keylog(struct apply *a, const struct option_said *said,
                  struct err *e)
{
    const struct cache_key key = { .bytes = said->text,
                                   .len = strlen(said->text) };
    struct cached *log = cache_get(a->cache->keylogs, &key, said->text, e);

    if (!log)
        return false;
    a->context->keylog = log;
    return keylog_install(a->context->ctx, cached_value(log))
           || apply_rejected(a, said, e);
}
