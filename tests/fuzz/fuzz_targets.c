/* Lists written by anybody: whatever the bytes, targets_open() accepts or
 * complains, and what it accepts can be fed to the end. */
#include "targets.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { COMPLAINTS_MAX = 64 * 1024 };

static bool have(enum option_needs needs)
{
    return needs == NEEDS_NOTHING;
}

static bool check(const struct option_set *words, struct err *e)
{
    return options_check_supported(words, have, e);
}

static void feed(const char *path)
{
    const char *lists[] = { path };
    const struct option_set command = { 0 };
    const struct target_source source = { .command = &command,
                                          .lists = lists,
                                          .nlists = 1,
                                          .check = check,
                                          .shard = 1,
                                          .shards = 1 };
    struct err e = { 0 };
    struct buf complaints;
    struct target_stream *s;
    struct target *t;

    buf_init(&complaints, COMPLAINTS_MAX);
    s = targets_open(&source, &complaints, &e);
    while (s && (t = targets_next(s, &e)) != NULL)
        target_free(t);
    if (!s && e.code == ERR_NONE)
        abort();
    targets_close(s);
    buf_release(&complaints);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    char path[64];
    int fd = memfd_create("list", MFD_CLOEXEC);

    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    feed(path);
    close(fd);
    return 0;
}
