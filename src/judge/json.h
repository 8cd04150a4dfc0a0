/* json -- RFC 8259, read where it stands.  Strict: what is no JSON is an error,
 * also in values that are skipped. */
#pragma once

#include "record.h"

struct json {
    char *start, *at, *end; /* NUL at the end, none before */
    struct record *r; /* what the values are for */
    struct err *e;
};

enum { JSON_NUMBER_MAX = 64 };

/* Fails with a sentence that names the place. */
bool json_wrong(const struct json *j, const char *what);

/* The first character of the next value; NUL at the end. */
char json_peek(struct json *j);
/* Goes on behind the word if it is the next one. */
bool json_word(struct json *j, const char *word);
/* Decodes a string where it stands and puts a NUL behind it. */
bool json_string(struct json *j, struct bytes *out) MUST_USE;
/* Copies a number as it is written. */
bool json_number(struct json *j, char *out, size_t size) MUST_USE;
/* Any value. */
bool json_skip(struct json *j) MUST_USE;

/* Reads one value; the key is empty inside of an array. */
typedef bool json_member(struct json *j, const struct bytes *key, void *arg);
/* Gives each member of an object ('{') or array ('[') to take. */
bool json_members(struct json *j, char open, json_member *take, void *arg)
    MUST_USE;
