/* sheet -- what a format writes on, and what it must know to do so.
 *
 * All received text passes sheet_encode(): there is no other way to the out
 * buffer for it. */
#pragma once

#include "base/text.h"
#include "report.h"

struct sheet {
    struct buf out; /* the finished bytes */
    struct buf scratch; /* encoded text on its way into a cell */
    bool lost; /* something was dropped from an earlier scratch */
    const struct field_list *fields;
    bool csv_raw, color;
    unsigned heed; /* findings that make a target a failed one */
    bool by_address; /* a target may have several records */
};

void sheet_init(struct sheet *s, const struct report_config *config);
void sheet_release(struct sheet *s);
/* Empties it for the next record. */
void sheet_clear(struct sheet *s);
/* False when something was dropped. */
bool sheet_ok(const struct sheet *s);

/* The empty scratch. */
struct buf *sheet_scratch(struct sheet *s);
/* Adds received text to the scratch or to out. */
void sheet_encode(struct buf *to, const struct bytes *text,
                  enum text_shape shape);

/* An INT, MS or TIME in its one way of writing. */
void sheet_number(struct buf *to, enum field_kind kind, int64_t number);

/* "host.example:443 [profile]" */
void sheet_target(struct buf *to, const struct record *r);
