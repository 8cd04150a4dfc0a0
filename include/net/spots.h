/* spots -- waiting for several descriptors at a time. */
#pragma once

#include "net.h"

/* One of them. */
struct wait_spot {
    int fd;
    int want; /* WAIT_READ, WAIT_WRITE; 0: this one does not count */
    int ready; /* what of it can be done; set by the wait */
};
enum { WAIT_SPOTS_MAX = 8 };

/* True when something can be done; false with ERR_TIMED_OUT when the deadline
 * has passed, which may be now (0). */
bool wait_any(struct waiter *w, struct wait_spot *spots, size_t count,
              deadline_ms when, struct err *e) MUST_USE;
