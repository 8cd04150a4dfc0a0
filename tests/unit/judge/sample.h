/* sample -- records and files to judge. */
#pragma once

#include "record.h"

#include <stddef.h>

/* A record of pairs of field and value, up to NULL.  Values: INT, MS, TIME as
 * the number inside; BOOL yes or no; LIST and TAGS ("key=value") one item a
 * pair; CHAIN one subject a pair; "(none)" and "(not asked)" the states. */
struct record *sample_record(const char *field, ...) __attribute__((sentinel));
void sample_set(struct record *r, const char *field, const char *value);

/* A file of that content; its name.  It goes with the process. */
const char *sample_file(const void *content, size_t len);
const char *sample_text(const char *content);
/* Replaces the content of the file of that name. */
void sample_rewrite(const char *name, const char *content);
