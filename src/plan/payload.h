/* payload -- files of bytes to be sent, each read once a run. */
#pragma once

#include "plan_room.h"

struct payload_ask {
    enum option_id option; /* who names it: for messages */
    const char *file;
    size_t max; /* bytes it may have */
};
/* Reads a whole file: one that is no device and has an end.  payload_release()
 * also after a failure. */
bool payload_read(struct payload *out, const struct payload_ask *ask,
                  struct err *e) MUST_USE;
void payload_release(struct payload *p);

/* The file that an option of the set names; *out stays NULL when it was not
 * said. */
bool payload_said(struct plan_cache *cache, const struct option_set *set,
                  enum option_id id, struct cached **out, struct err *e)
    MUST_USE;
/* Lives until the entry is given back; NULL for NULL. */
const struct payload *payload_of(const struct cached *entry);
