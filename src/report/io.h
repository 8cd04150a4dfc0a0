/* io -- reads and writes that are whole or failed; errno tells why. */
#pragma once

#include "base/err.h"

#include <stdint.h>

bool io_write(int fd, const char *bytes, size_t len) MUST_USE;
bool io_write_at(int fd, const char *bytes, size_t len, uint64_t at) MUST_USE;
/* A file that ends too early is an error (EIO). */
bool io_read_at(int fd, char *bytes, size_t len, uint64_t at) MUST_USE;

/* For a system call that is about to be made: false (ENOSPC) when a test
 * wants it to fail. */
bool io_allowed(void) MUST_USE;
