#include "say.h"

#include <criterion/criterion.h>

struct option_set say(const struct words *w)
{
    struct option_set set = { 0 };
    struct err e = { 0 };

    for (size_t i = 0; i < SAID_MAX && w->word[i]; i++) {
        struct option_word word = { .name = w->word[i] + 1,
                                    .level = LEVEL_COMMAND };
        enum option_id id = option_find(word.name);

        cr_assert(id != OPTIONS_COUNT, "no option %s", w->word[i]);
        if (option_rows[id].argname)
            word.value = w->word[++i];
        cr_assert(options_say(&set, &word, &e), "%s", e.msg);
    }
    options_settle(&set);
    return set;
}

struct plan_cache *new_cache(void)
{
    struct err e = { 0 };
    struct plan_cache *cache =
        plan_cache_new(&(struct plan_cache_config){ 0 }, &e);

    cr_assert_not_null(cache, "%s", e.msg);
    return cache;
}

const struct plan *get_plan(struct plan_cache *cache, const struct words *w)
{
    struct option_set set = say(w);
    struct err e = { 0 };
    const struct plan *p = plan_get(cache, &set, &e);

    cr_assert_not_null(p, "%s: %s", w->word[0] ? w->word[0] : "no words",
                       e.msg);
    options_release(&set);
    return p;
}

struct err get_refusal(struct plan_cache *cache, const struct words *w)
{
    struct option_set set = say(w);
    struct err e = { 0 };

    cr_assert_null(plan_get(cache, &set, &e), "%s was taken", w->word[0]);
    cr_assert(e.code != ERR_NONE && e.msg[0]);
    cr_assert(e.stage == STAGE_CONFIG);
    options_release(&set);
    return e;
}

SSL_CTX *ctx_of(const struct plan *p)
{
    struct err e = { 0 };
    SSL *ssl = plan_ssl(p, NULL, &e);
    SSL_CTX *ctx;

    cr_assert_not_null(ssl, "%s", e.msg);
    ctx = SSL_get_SSL_CTX(ssl);
    SSL_free(ssl);
    return ctx;
}
