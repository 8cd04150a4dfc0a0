/* error_lines -- OpenSSL's errors as its programs print them, one a line. */
#pragma once

struct buf;

/* Empties the calling thread's error queue into lines. */
void error_lines_take(struct buf *lines);
/* The errors that OpenSSL's own connecting would leave there: an address that
 * could not be connected to, for the reason errno, or from ... */
void error_lines_connect(struct buf *lines, int sys);
void error_lines_bind(struct buf *lines, int sys);
/* ... and a name that could not be looked up, in getaddrinfo(3)'s words. */
void error_lines_lookup(struct buf *lines, const char *reason);
