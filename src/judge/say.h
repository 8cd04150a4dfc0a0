/* say -- values as texts, for comparing and for sentences.
 *
 * Texts stay as received: the report encodes the sentence that holds them. */
#pragma once

#include "record.h"

/* "none" and "not_asked"; NULL for the other states. */
const char *say_state(enum value_state state);
/* The state as a report can tell it: a text that says "none" or "not_asked"
 * cannot be told from the state. */
enum value_state said_state(const struct record *r, enum field_id id);
/* Length of the quote mark that keeps a spreadsheet from taking a CSV cell for
 * a formula: 1 or 0.  A text that really begins so cannot be told from a
 * guarded one, so nothing compares it. */
size_t say_guard(const char *text, size_t len);

/* Items of a LIST, TAGS ("key=value") or CHAIN (subjects). */
size_t say_count(const struct record *r, enum field_id id);
void say_item(struct buf *out, const struct record *r, enum field_id id,
              size_t nth);
/* A known value whole; items joined by "; ". */
void say_whole(struct buf *out, const struct record *r, enum field_id id);

/* A text for a sentence: cut when long, "" when empty. */
void say_bytes(struct buf *out, const char *data, size_t len);
/* Any value that is not unknown, for a sentence. */
void say_value(struct buf *out, const struct record *r, enum field_id id);
