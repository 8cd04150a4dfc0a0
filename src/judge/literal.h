/* literal -- a value as people and reports write it. */
#pragma once

#include "record.h"

/* Reads an INT, MS (to microseconds), BOOL or TIME (RFC 3339) from end to end;
 * false leaves *out alone. */
bool literal_number(enum field_kind kind, const char *text, int64_t *out)
    MUST_USE;
/* Reads a day, "2026-12-31": its first second. */
bool literal_day(const char *text, int64_t *out) MUST_USE;

/* The age of a protocol version; 0 when the text names none.  TLS and DTLS
 * cannot be compared: they are PROTOCOL_FAMILY apart. */
enum { PROTOCOL_FAMILY = 100 };
int literal_protocol(const char *text, size_t len);
