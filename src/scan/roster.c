/* roster -- who is in flight and since when, for whoever asks (SIGUSR1). */
#include "scan_room.h"

#include "base/mem.h"

#include <string.h>

bool roster_init(struct roster *r, size_t seats)
{
    *r = (struct roster){ .nseats = seats };
    pthread_mutex_init(&r->lock, NULL);
    r->seats = mem_new(seats, sizeof(*r->seats));
    return r->seats != NULL;
}

void roster_release(struct roster *r)
{
    mem_free(r->seats);
    pthread_mutex_destroy(&r->lock);
}

static void copy_name(char name[ROSTER_NAME], const char *text)
{
    size_t len = strlen(text);

    len = len < ROSTER_NAME ? len : ROSTER_NAME - 1;
    memcpy(name, text, len);
    name[len] = '\0';
}

void roster_begin(struct roster *r, size_t seat, const char *text)
{
    pthread_mutex_lock(&r->lock);
    copy_name(r->seats[seat].name, text);
    r->seats[seat].since_ms = clock_now_ms();
    r->seats[seat].busy = true;
    pthread_mutex_unlock(&r->lock);
}

void roster_end(struct roster *r, size_t seat)
{
    pthread_mutex_lock(&r->lock);
    r->seats[seat].busy = false;
    pthread_mutex_unlock(&r->lock);
}

/* Puts a seat among the longest, which are in order. */
static size_t insert(struct seat *longest, size_t n, size_t most,
                     const struct seat *seat)
{
    size_t at = n;

    while (at > 0 && longest[at - 1].since_ms > seat->since_ms)
        at--;
    if (at == most)
        return n;
    n = n < most ? n + 1 : most;
    memmove(&longest[at + 1], &longest[at], (n - 1 - at) * sizeof(*longest));
    longest[at] = *seat;
    return n;
}

size_t roster_longest(struct roster *r, struct seat *longest, size_t most)
{
    size_t n = 0;

    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < r->nseats; i++)
        if (r->seats[i].busy)
            n = insert(longest, n, most, &r->seats[i]);
    pthread_mutex_unlock(&r->lock);
    return n;
}
