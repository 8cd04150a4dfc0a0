/* queue -- a bounded queue of pointers between threads.
 *
 * Any number of givers and takers.  Giving waits while it is full, taking
 * while it is empty: that is the back-pressure of the whole program. */
#pragma once

#include "base/err.h"

struct queue;

/* A queue of at most "room" pointers; NULL when out of memory. */
struct queue *queue_new(size_t room) MUST_USE;
/* Only when no thread uses it any more; what is left inside is not freed. */
void queue_free(struct queue *q);
/* Waits for room.  False when the queue was closed: the caller keeps item. */
bool queue_give(struct queue *q, void *item) MUST_USE;
/* Waits for an item.  NULL when closed and empty. */
void *queue_take(struct queue *q) MUST_USE;
/* No more giving; takers still get what is there. */
void queue_close(struct queue *q);
