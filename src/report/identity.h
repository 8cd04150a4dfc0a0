/* identity -- of which run a journal is: lines, in whatever order. */
#pragma once

#include "base/err.h"

/* True when both have the same lines; else e names the first that differs, and
 * the journal at "path". */
bool identity_same(const char *path, const char *was, const char *now,
                   struct err *e) MUST_USE;
