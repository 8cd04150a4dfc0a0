/* closed -- fields whose values are a closed set of names. */
#pragma once

#include "record.h"

/* False when the field has a closed set and that has not the name; the nearest
 * one is told. */
bool closed_check(enum field_id field, const char *name, struct err *e)
    MUST_USE;
