/* say -- plans out of words, as a command line has them. */
#pragma once

#include "plan.h"

enum { SAID_MAX = 16 };

/* Words one after the other ("-alpn", "h2", ...), up to a NULL. */
struct words {
    const char *word[SAID_MAX];
};
#define WORDS(...) (&(struct words){ { __VA_ARGS__ } })

/* A settled set; options_release() frees it. */
struct option_set say(const struct words *w);

struct plan_cache *new_cache(void);
/* The plan of words that must work. */
const struct plan *get_plan(struct plan_cache *cache, const struct words *w);
/* Words that must not work; why. */
struct err get_refusal(struct plan_cache *cache, const struct words *w);
/* The context of a plan; borrowed from it. */
SSL_CTX *ctx_of(const struct plan *p);
