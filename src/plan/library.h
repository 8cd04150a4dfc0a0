/* library -- OpenSSL with the providers that words name.
 *
 * Words of scope LIB make a library context of their own, so that one target's
 * providers do no other's work.  It stays to the end of the run: what worker
 * threads have left in it can only be taken away when they are gone. */
#pragma once

#include "plan_room.h"

#include <openssl/crypto.h>

struct library {
    OSSL_LIB_CTX *ctx; /* NULL: OpenSSL's own */
    char *propq; /* -propquery; NULL: none */
    struct loaded *loaded; /* providers; NULL: none were named */
};

extern const struct cache_kind library_kind;

/* gather.c: all algorithms of a context, NULL for the default one.  What memory
 * was refused for is told by mem_refused(). */
void library_gather(OSSL_LIB_CTX *ctx);
enum { LIBRARIES_MAX = 32 }; /* of a run */
