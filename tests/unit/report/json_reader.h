/* json_reader -- a strict reader of RFC 8259, independent of jsonl.c. */
#pragma once

#include "base/buf.h"

/* True when the text is one JSON value and nothing else. */
bool json_is_valid(const char *text, size_t len);
/* The value of a key in an object (or the item of an array, key "0"...) as it
 * is written, or NULL; mem_free(). */
char *json_member(const char *object, const char *key);
/* What a string says, or NULL when the value is no string; mem_free(). */
char *json_string(const char *value);
