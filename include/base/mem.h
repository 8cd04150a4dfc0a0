/* mem -- memory that may be refused, and is remembered when it was.
 *
 * OpenSSL's allocations come through here too (tls installs them).  OpenSSL
 * can turn a refused allocation into a wrong verdict without a word, so each
 * refusal sets a flag of the calling thread; a probe whose flag is set throws
 * its findings away.
 */
#pragma once

#include "base/err.h"

/* Zeroed memory for n things of the given size, or NULL.  Freed with
 * mem_free(). */
void *mem_new(size_t n, size_t size) MUST_USE;
/* As realloc(3): NULL leaves the old block as it was. */
void *mem_resize(void *p, size_t size) MUST_USE;
/* A copy of len bytes with a NUL after them, or NULL. */
char *mem_copy(const void *bytes, size_t len) MUST_USE;
/* A copy of a string; NULL for NULL or no memory. */
char *mem_text(const char *text) MUST_USE;
/* Frees; NULL is fine. */
void mem_free(void *p);

/* True when an allocation of this thread was refused since the last call of
 * mem_forget(). */
bool mem_refused(void);
void mem_forget(void);
