/* thread -- threads that leave the signals to others. */
#pragma once

#include "base/err.h"

#include <pthread.h>

/* Starts run(arg) in a thread that no signal from outside is handed to: SIGINT
 * and its like are for the thread that waits for them, and a reader that goes
 * away is EPIPE.  What a thread's own crash raises still reaches its handler.
 * "stack" is in bytes, 0 for the system's size.  Joining is the caller's.
 * Returns 0 or an errno.  Any thread may call it. */
int thread_start_deaf(pthread_t *id, size_t stack, void *(*run)(void *),
                      void *arg) MUST_USE;
