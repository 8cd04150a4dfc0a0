/* memory -- OpenSSL's allocations through base/mem.h, which remembers refusals.
 *
 * OpenSSL may turn a refused allocation into a wrong verdict and leave nothing
 * in its error queue. */
#include "base/mem.h"
#include "tls_room.h"

#include <openssl/crypto.h>

static void release(void *p, const char *file, int line)
{
    (void)file;
    (void)line;
    mem_free(p);
}

/* OpenSSL expects NULL for no bytes, and does not call that a failure.
 * mem_resize() because mem_new() would clear buffers of 17 KiB in vain. */
static void *allocate(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return size > 0 ? mem_resize(NULL, size) : NULL;
}

static void *resize(void *p, size_t size, const char *file, int line)
{
    if (size > 0)
        return mem_resize(p, size);
    release(p, file, line);
    return NULL;
}

bool tls_watch_memory(void)
{
    return CRYPTO_set_mem_functions(allocate, resize, release) == 1;
}
