/* events -- YAML without its dangers, one event at a time.
 *
 * Of YAML only mappings, lists and texts are let through, of bounded depth and
 * size; libyaml is kept from doing more work than the bytes are worth. */
#pragma once

#include "spool.h"

enum event_kind {
    EVENT_TEXT,
    EVENT_LIST, /* up to its EVENT_CLOSE */
    EVENT_MAP, /* keys and values in turn, up to its EVENT_CLOSE */
    EVENT_CLOSE,
    EVENT_END, /* of the document, which is the only one */
};

struct event {
    enum event_kind kind;
    const char *text; /* as written, no NUL inside; until the next event */
    bool nothing; /* a text that was not written at all: "key:" */
    size_t line, column; /* from 1 */
};

struct events;

/* Reads from where the spool stands. */
struct events *events_new(struct spool *spool, struct err *e) MUST_USE;
/* NULL is fine. */
void events_free(struct events *ev);
/* False with a reason when the list cannot be read on; out->line and column
 * are set even then. */
bool events_next(struct events *ev, struct event *out, struct err *e) MUST_USE;
