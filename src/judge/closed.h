/* closed -- fields whose values are a closed set of names. */
#pragma once

#include "record.h"

bool closed_set(enum field_id field);
/* False when the set does not have the name; the nearest one is told. */
bool closed_has(enum field_id field, const char *name, struct err *e) MUST_USE;
