/* places -- where in a file the row of a record is: 24 bytes a row and up to
 * 11 for the table.  Any thread, once it is built. */
#pragma once

#include "record.h"

#include <pthread.h>

/* What makes a record the same target in two runs, as two hashes: of what is
 * always known, and of the rest. */
struct key {
    uint64_t place; /* host and port; without a host the target as written */
    uint32_t rest; /* sni, starttls, profile, address */
    bool vague; /* something of the rest is not known */
};

/* "address": it belongs to the key. */
struct key key_of(const struct record *r, bool address);
/* False when a field of the key is known on both sides and not the same. */
bool key_fits(const struct record *a, const struct record *b, bool address);
bool key_same_text(const struct record *a, const struct record *b,
                   enum field_id id);
/* Target, host, port, sni, starttls and profile: what names a record. */
bool key_names(enum field_id id);

/* One row; chained to the next one of the same place, in the file's order. */
struct place {
    uint64_t offset;
    uint32_t tag; /* upper half of the hash of the place */
    uint32_t rest;
    uint32_t next;
    bool vague, taken;
};

struct places {
    struct place *rows;
    size_t count, room;
    uint32_t *slots; /* first rows of the chains; open addressing */
    size_t mask;
    pthread_mutex_t lock;
};

/* No row. */
#define PLACE_NONE (UINT32_MAX - 1)

bool places_init(struct places *p, struct err *e) MUST_USE;
void places_release(struct places *p);
bool places_add(struct places *p, const struct key *key, uint64_t offset,
                struct err *e) MUST_USE;
/* After the last row: now it can be asked. */
bool places_build(struct places *p, struct err *e) MUST_USE;

uint64_t places_offset(const struct places *p, uint32_t row);
/* Whether the row was added with that key. */
bool places_holds(const struct places *p, uint32_t row, const struct key *key);

/* The first "max" rows that may have that key and that nobody took; those that
 * have it exactly, or else those of which too little is known; their number. */
size_t places_find(struct places *p, const struct key *key, uint32_t *rows,
                   size_t max);
/* Takes a row that was found; false when another thread was faster. */
bool places_take(struct places *p, const struct key *key, uint32_t row);
/* The first row from "row" on that nobody took, or the number of rows. */
size_t places_left(struct places *p, size_t row);
