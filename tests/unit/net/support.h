/* support -- loopback sockets and waiters with a script, for tests of net. */
#pragma once

#include "net.h"

/* Never waits: each wait times out at once.  Notes what was asked for. */
struct hasty_waiter {
    struct waiter waiter;
    unsigned waits;
    deadline_ms first, last;
    void (*on_pause)(void *arg);
    void *arg;
};
void hasty_waiter_init(struct hasty_waiter *h);

/* 127.0.0.1 or ::1 (or another literal) with a port. */
struct address address_of(const char *literal, unsigned port);
/* A socket bound to the address, its port chosen by the system; "backlog"
 * below 0: it does not listen, so connecting to it is refused. */
int listener(const char *literal, int backlog, struct address *at);
/* Descriptors that are open in this process. */
int open_descriptors(void);
