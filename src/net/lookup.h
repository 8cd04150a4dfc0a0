/* lookup -- one question about a name, without threads and without a cache. */
#pragma once

#include "net.h"

/* What a lookup found: addresses (port 0), or why not. */
struct answer {
    struct addresses found;
    struct err err; /* code is ERR_NONE: found */
};

/* Answers for a host and a family; may take as long as it likes.  Tests put
 * theirs in place of lookup_system(). */
typedef void lookup_fn(void *arg, const char *host, int family,
                       struct answer *out);
void lookup_system(void *arg, const char *host, int family, struct answer *out);

/* True when no name server is needed: an address literal, or no host at all
 * (NULL: the loopback). */
bool lookup_is_literal(const char *host);
bool lookup_literal(const char *host, int family, struct addresses *out,
                    struct err *e) MUST_USE;

/* What a failure "gai" of getaddrinfo(3) says; sys is its errno. */
bool lookup_reason(int gai, int sys, const char *host, int family,
                   struct err *e);
