/* apply -- one small function a handler of options.def.
 *
 * The table of passes in apply.c says in which order they have their turn. */
#pragma once

#include "library.h"

/* All that a handler may see.  Only what is being made is not NULL. */
struct apply {
    const struct option_set *set;
    const struct option_row *row; /* of the word at hand */
    struct plan_cache *cache;
    struct library *library; /* LIB words; with STORE and CTX words the one
                              * that is at work */
    struct trust *trust; /* STORE words */
    struct context *context; /* CTX words */
    SSL *ssl; /* SSL words */
    bool as_s_client; /* with SSL words: a value that only the handshake would
                       * find out is left to it */
    struct plan_settings *settings; /* OUT words */
    struct buf *warnings; /* words without effect, one a line; may be NULL for
                           * SSL words */
};

typedef bool apply_fn(struct apply *a, const struct option_said *said,
                      struct err *e);

/* A prototype for every handler that a row names: apply.c puts them all in a
 * table, so a row whose handler nobody wrote does not link. */
#define OPT(id, name, kind, argname, choices, scope, topic, needs, traits, \
            handler, help)                                                 \
    apply_fn apply_##handler;
#include "options.def"
#undef OPT

/* Puts the words of one scope into effect. */
bool apply_scope(struct apply *a, enum option_scope scope, struct err *e)
    MUST_USE;

/* What nobody has named may be missing or garbled, as for OpenSSL: false only
 * for a fault of ours; of anything else e is cleared. */
bool apply_default(bool done, struct err *e) MUST_USE;

/* An OpenSSL call did not take what a word says: a sentence with the option,
 * its value and OpenSSL's reason.  Returns false. */
bool apply_rejected(const struct apply *a, const struct option_said *said,
                    struct err *e);
/* tls_reason() with a formatted beginning.  Returns false. */
bool apply_reason(struct err *e, enum err_code code, const char *fmt, ...)
    PRINTF(3, 4);
