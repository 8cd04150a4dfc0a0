/* courtesy -- how hard we may knock: connections at once to one address, and
 * new ones a second in all. */
#pragma once

#include "net.h"

#include <stdatomic.h>

/* 0 is no limit.  Loopback and Unix sockets are never limited.  Any thread;
 * NULL limits nothing.  NULL as the answer: no memory. */
struct courtesy *courtesy_new(unsigned per_address, unsigned rate) MUST_USE;
void courtesy_free(struct courtesy *c);
/* True when there is room for one more connection to the address, which then
 * counts until courtesy_leave(). */
bool courtesy_enter(struct courtesy *c, const struct address *a) MUST_USE;
void courtesy_leave(struct courtesy *c, const struct address *a);
/* Once "stop" is true nobody waits for a turn any more.  Before the first. */
void courtesy_heed(struct courtesy *c, const atomic_bool *stop);
/* Waits for the turn of one new connection; INTERRUPTED when it never comes. */
bool courtesy_pace(struct courtesy *c, struct waiter *w, struct err *e)
    MUST_USE;
