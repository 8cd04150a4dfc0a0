#include "../../../src/targets/events.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct err err;

static struct spool *spool_of(const char *text)
{
    int fd = memfd_create("list", MFD_CLOEXEC);
    struct spool *spool;
    char name[64];

    cr_assert(fd >= 0
              && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
    spool = spool_open(name, &err);
    cr_assert_not_null(spool, "%s", err.msg);
    close(fd);
    return spool;
}

Test(events, the_end_stays_the_end)
{
    struct spool *spool = spool_of("a");
    struct events *ev = events_new(spool, &err);
    struct event event;

    cr_assert_not_null(ev);
    cr_assert(events_next(ev, &event, &err));
    cr_assert_eq(event.kind, EVENT_TEXT);
    for (int i = 0; i < 3; i++) {
        cr_assert(events_next(ev, &event, &err));
        cr_assert_eq(event.kind, EVENT_END);
    }
    events_free(ev);
    spool_close(spool);
}
