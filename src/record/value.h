/* value -- one value of a record or certificate: what owns its bytes. */
#pragma once

#include "record.h"

/* Frees what the bytes hold and leaves them empty. */
void bytes_release(struct bytes *b);

/* Frees what the value holds and gives it that state. */
void value_reset(struct value *v, enum value_state state);
/* Replaces the value by a copy of the text; false when out of memory, and the
 * value is unknown then. */
bool value_set_text(struct value *v, const void *data, size_t len) MUST_USE;
void value_set_number(struct value *v, int64_t number);
/* Adds a copy of the text to the items; false when out of memory. */
bool value_add(struct value *v, const void *data, size_t len) MUST_USE;

/* The items with room for one more after "count", or NULL.  There is always
 * room for the next power of two, so nobody has to remember how much. */
void *value_grow(void *items, size_t count, size_t size) MUST_USE;

/* What the setters assert of a row. */
bool kind_is_number(enum field_kind kind);
bool kind_is_list(enum field_kind kind);

/* Frees the certificates of the record. */
void chain_release(struct record *r);
