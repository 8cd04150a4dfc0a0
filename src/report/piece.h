/* piece -- the beginning of a text, kept raw in a place of fixed size, so that
 * what is counted needs no memory that could be refused. */
#pragma once

#include "record.h"

enum { PIECE_MAX = 200 };

struct piece {
    char data[PIECE_MAX];
    unsigned char len;
    bool cut; /* there was more */
};

/* Empties it. */
void piece_clear(struct piece *p);
void piece_add(struct piece *p, const void *bytes, size_t len);
void piece_text(struct piece *p, const char *text);
/* "host.example:443 [profile]" */
void piece_target(struct piece *p, const struct record *r);

/* Below, at and above 0 as memcmp(3). */
int piece_compare(const struct piece *a, const struct piece *b);

/* Appends what fits into so many columns of a terminal, encoded, with dots for
 * what does not; returns how many it took. */
size_t piece_show(struct buf *out, const struct piece *p, size_t columns);
