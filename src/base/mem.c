#include "base/mem.h"

#include "base/fault.h"

#include <stdlib.h>
#include <string.h>

static _Thread_local bool refused;

static void *remember(void *p)
{
    if (!p)
        refused = true;
    return p;
}

void *mem_new(size_t n, size_t size)
{
    return remember(fault_here() ? NULL : calloc(n, size));
}

void *mem_resize(void *p, size_t size)
{
    return remember(fault_here() ? NULL : realloc(p, size));
}

char *mem_copy(const void *bytes, size_t len)
{
    char *copy = mem_resize(NULL, len + 1);

    if (copy) {
        if (len > 0)
            memcpy(copy, bytes, len);
        copy[len] = '\0';
    }
    return copy;
}

char *mem_text(const char *text)
{
    return text ? mem_copy(text, strlen(text)) : NULL;
}

void mem_free(void *p)
{
    free(p);
}

bool mem_refused(void)
{
    return refused;
}

void mem_forget(void)
{
    refused = false;
}
