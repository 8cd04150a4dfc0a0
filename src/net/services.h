/* services -- service names as ports, each read from /etc/services once. */
#pragma once

#include "base/err.h"

#include <pthread.h>
#include <stdint.h>

enum { SERVICES_MAX = 16, SERVICE_NAME_ROOM = 32 };

struct service {
    char name[SERVICE_NAME_ROOM];
    int socktype;
    uint16_t port;
};
struct services {
    pthread_mutex_t lock;
    struct service known[SERVICES_MAX];
    size_t nknown;
};

void services_init(struct services *s);
void services_release(struct services *s);
/* Reads a port number or a service name. */
bool services_find(struct services *s, const char *text, int socktype,
                   uint16_t *port, struct err *e) MUST_USE;
