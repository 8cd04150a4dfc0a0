/* earlier -- rows of an earlier report, back into records.
 *
 * The inverse of the csv and jsonl reports.  Readers change the row they are
 * given.  Fields that no comparison needs are left unknown. */
#pragma once

#include "rows.h"

#include "record.h"

/* ---- fields ---- */

/* Whether a comparison needs the field. */
bool earlier_needs(enum field_id id);
/* Each undoes base/text.h where the text is of its making. */
void earlier_text(struct record *r, enum field_id id, const char *text,
                  size_t len);
void earlier_item(struct record *r, enum field_id id, const char *text,
                  size_t len);
void earlier_cert_text(struct record *r, struct cert *c, enum cert_field_id id,
                       const char *text, size_t len);

/* ---- csv: a header, then cells ---- */

struct csv_header {
    enum field_id *fields; /* FIELDS_COUNT: not needed, or not known here */
    size_t count;
};
/* Reads the header; csv_header_release() also after a failure. */
bool csv_read_header(struct csv_header *header, struct buf *row, struct err *e)
    MUST_USE;
void csv_header_release(struct csv_header *header);
bool csv_read_row(const struct csv_header *header, struct buf *row,
                  struct record *r, struct err *e) MUST_USE;

/* ---- jsonl: an object a row ---- */

bool json_read_row(struct buf *row, struct record *r, struct err *e) MUST_USE;
