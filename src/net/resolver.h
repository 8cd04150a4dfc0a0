/* resolver -- private: a resolver whose lookups a test writes the script of. */
#pragma once

#include "lookup.h"

struct resolver *resolver_new_with(const struct resolver_config *config,
                                   lookup_fn *fn, void *arg, struct err *e)
    MUST_USE;
