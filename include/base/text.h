/* text -- the one encoder: every received byte that is shown goes through it.
 *
 * Shown as it is: printable ASCII and well-formed, harmless UTF-8.  Written as
 * "\xHH", byte by byte: C0, DEL, C1 (alone or as U+0080-009F), bidirectional
 * controls (U+061C 200E 200F 202A-202E 2066-2069), U+2028, U+2029, U+FEFF and
 * what is not UTF-8.  A backslash becomes "\\", so the encoding can be undone.
 */
#pragma once

#include "base/buf.h"

enum text_shape {
    TEXT_LINE, /* LF and TAB are escaped like any control: one line stays one */
    TEXT_BLOCK, /* LF and TAB are kept: our own layout around received text */
    TEXT_SHOWN, /* as a block, and a backslash stays one: it is for people, and
                 * cannot be undone */
};

/* Appends the encoded form of len bytes to out. */
void text_encode(struct buf *out, const void *bytes, size_t len,
                 enum text_shape shape);

/* Undoes TEXT_LINE or TEXT_BLOCK; false when the text is not of our making. */
bool text_decode(struct buf *out, const char *text, size_t len) MUST_USE;

/* Columns that the (encoded) text fills on a terminal; wide East Asian
 * characters count two. */
size_t text_columns(const char *text, size_t len);

/* Distance of two words: insertions, deletions, exchanges, swaps of
 * neighbours.  Words over 63 bytes are infinitely far. */
unsigned text_distance(const char *a, const char *b);
/* The distance from which on a word is another one than "name", and no slip of
 * the finger: where more than a third of its letters are wrong. */
unsigned text_too_far(const char *name);

/* How much of a name can be put into a command, or between quotes in XML, and
 * end neither: up to a blank, a control character, a quote, '<', '>' or '&'. */
size_t text_name_span(const char *name);

/* Numbers in whole: "text" must be one from end to end (decimal; no blanks,
 * no sign but '-').  False leaves *out alone. */
bool text_int(const char *text, long long *out) MUST_USE;
/* Seconds with an optional decimal part ("2", "0.5") to milliseconds. */
bool text_seconds(const char *text, long long *ms) MUST_USE;
