/* newer -- what OpenSSL has only had since a version after 3.0. */
#pragma once

#include "apply.h"

/* -provparam: "[name:]key=value" for the providers that are loaded by now. */
bool newer_provider_parameter(struct apply *a, const struct option_said *said,
                              struct err *e) MUST_USE;
