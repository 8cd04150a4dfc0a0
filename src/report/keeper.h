/* keeper -- a thread that syncs a file soon after it was written to. */
#pragma once

#include "base/err.h"

#include <pthread.h>

struct keeper {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    int fd;
    int sys; /* errno of a sync that failed; 0: none did */
    bool running, dirty, ending;
};

bool keeper_begin(struct keeper *k, int fd, struct err *e) MUST_USE;
/* The file was written to.  False, with errno, when a sync failed before. */
bool keeper_dirty(struct keeper *k) MUST_USE;
/* Syncs now. */
bool keeper_sync(struct keeper *k) MUST_USE;
/* Also when it was not begun. */
void keeper_end(struct keeper *k);
