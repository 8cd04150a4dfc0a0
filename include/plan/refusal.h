/* refusal -- what s_client says to words of which no plan can be made.
 *
 * For a session whose plan has failed: each step is taken once more, as and in
 * the order in which s_client takes them, up to the first that fails; what it
 * prints then is added.  Nothing is kept of it. */
#pragma once

#include "options.h"

struct plan_cache;

/* False when s_client would have no objection.  A pass phrase that was typed
 * for "cache" is not asked for again; for NULL nobody is asked. */
bool plan_refusal(const struct option_set *words, struct plan_cache *cache,
                  struct buf *out);

/* What s_client says of words that it then passes over. */
void plan_remarks(const struct option_set *words, struct buf *out);

/* What the openssl program says at its end of a file for -writerand that it
 * cannot open. */
void plan_writerand_refusal(const char *name, struct buf *out);

/* The same for one word that SSL_CONF_cmd(3) reads; it need not be one that
 * tlsfleet takes.  "value" is NULL for a flag. */
bool plan_conf_refusal(enum option_id id, const char *value, struct buf *out);
