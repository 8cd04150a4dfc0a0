/* record -- all that one probe found out.
 *
 * One owner at a time: the worker fills it, the sink takes it, the writer
 * frees it.  Texts are kept as received, with their length; whoever shows them
 * uses base/text.h.  This room knows no OpenSSL and no format.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"

#include <stdint.h>

/* Four ways a fact can be: the reports keep them apart. */
enum value_state {
    VALUE_UNKNOWN, /* could not be found out: empty / absent */
    VALUE_NOT_ASKED, /* was not looked for: not_asked / null */
    VALUE_NONE, /* looked for, there is none: none / [] or "none" */
    VALUE_KNOWN,
};

enum field_kind {
    FIELD_TEXT,
    FIELD_INT,
    FIELD_MS, /* whole microseconds inside; shown as milliseconds, "1.234" */
    FIELD_BOOL, /* yes / no; true / false */
    FIELD_TIME, /* seconds since 1970; shown as RFC 3339 UTC */
    FIELD_LIST, /* texts; in CSV joined by "; " */
    FIELD_TAGS, /* key-value pairs: a list of texts, key and value in turn */
    FIELD_CHAIN, /* certificates: record.chain */
};

/* Traits of a field, or-ed together. */
enum {
    FIELD_DEFAULT = 1 << 0, /* one of the default columns */
    FIELD_VOLATILE = 1 << 1, /* differs between two equal runs */
    FIELD_SECRET = 1 << 2, /* only with -show_secrets */
};

enum field_id {
#define FIELD(id, ...) REC_##id,
#include "record.def"
#undef FIELD
    FIELDS_COUNT
};

struct field_row {
    const char *name; /* CSV header and JSON key */
    enum field_kind kind;
    unsigned traits;
    const char *label; /* for people */
    const char *meaning; /* for the man page */
};

extern const struct field_row field_rows[FIELDS_COUNT];
/* FIELDS_COUNT when there is no such field. */
enum field_id field_find(const char *name);
/* The nearest valid name for a typo, or NULL. */
const char *field_nearest(const char *name);

struct bytes {
    char *data; /* NUL after the last byte */
    size_t len;
};

struct value {
    enum value_state state;
    int64_t number; /* INT, MS, BOOL, TIME */
    struct bytes text; /* TEXT */
    struct bytes *items; /* LIST, TAGS */
    size_t nitems;
};

/* One certificate of the chain: rows of cert.def, same kinds as fields. */
enum cert_field_id {
#define CERT(id, ...) CERT_##id,
#include "cert.def"
#undef CERT
    CERT_FIELDS_COUNT
};
extern const struct field_row cert_field_rows[CERT_FIELDS_COUNT];

struct cert {
    struct value values[CERT_FIELDS_COUNT];
};

struct record {
    uint64_t seq; /* place among the records of this run, from 0 */
    struct value values[FIELDS_COUNT];
    struct cert *chain; /* as the server sent it, leaf first */
    size_t nchain;
    struct bytes log; /* verify lines and the like, as s_client prints on err */
    struct bytes trace; /* messages, dumps and the like, as it prints on out */
    struct bytes block; /* s_client's report block, when asked for */
    struct bytes brief; /* s_client's -brief block, when asked for */
    bool incomplete; /* a setter ran out of memory: not to be believed */
    struct record *more; /* of the same target: its next address; owned */
};

/* NULL when out of memory.  record_free() takes "more" along; NULL is fine. */
struct record *record_new(void) MUST_USE;
void record_free(struct record *r);
/* Forgets every finding; seq and more stay. */
void record_clear(struct record *r);

/* Setters.  The kind must be the row's (asserted).  A later call replaces an
 * earlier one.  A setter without memory marks the record incomplete. */
void record_text(struct record *r, enum field_id id, const char *text);
void record_bytes(struct record *r, enum field_id id, const void *data,
                  size_t len);
/* INT, BOOL, TIME; MS takes microseconds. */
void record_number(struct record *r, enum field_id id, int64_t number);
/* Adds to a LIST (or, in turn key and value, to TAGS). */
void record_add(struct record *r, enum field_id id, const void *data,
                size_t len);
void record_state(struct record *r, enum field_id id, enum value_state state);
/* A new certificate at the end of the chain, good until the next one is added;
 * NULL when out of memory. */
struct cert *record_add_cert(struct record *r);
void cert_bytes(struct record *r, struct cert *c, enum cert_field_id id,
                const void *data, size_t len);
void cert_number(struct cert *c, enum cert_field_id id, int64_t number);
void cert_add(struct record *r, struct cert *c, enum cert_field_id id,
              const void *data, size_t len);
/* Takes over the bytes of b (log, trace, block or brief of r) and empties b;
 * marks the record incomplete when b ran out of memory.  When b overflowed,
 * what it holds counts; a last line and the warnings say that it was cut. */
void record_take(struct record *r, struct bytes *part, struct buf *b);

/* Writes status, stage, code and error from a reason (ERR_NONE: ok). */
void record_outcome(struct record *r, const struct err *e);
enum status record_status(const struct record *r);
/* Whether some record of the target says that it was not attempted. */
bool record_skipped(const struct record *r);
/* The text of a known TEXT field, else NULL. */
const char *record_get(const struct record *r, enum field_id id);
bool record_known(const struct record *r, enum field_id id);
int64_t record_int(const struct record *r, enum field_id id, int64_t otherwise);

/* Appends the records of one target as bytes for a journal, and makes them
 * again (seq is the caller's).  NULL when the bytes are no such records or
 * memory ran out.  Only a program with the same rows can read them. */
void record_pack(const struct record *r, struct buf *out);
struct record *record_unpack(const void *bytes, size_t len) MUST_USE;

/* Where finished records go, those of one target at once; the scan calls it
 * from any worker, the sink owns the records from then on. */
struct record_sink {
    void (*take)(struct record_sink *sink, struct record *r);
};
