#include "net.h"
#include "net/spots.h"

bool wait_fd(struct waiter *w, int fd, int want, deadline_ms when,
             struct err *e)
{
    return w->ops->wait_fd(w, fd, want, when, e);
}

bool wait_any(struct waiter *w, struct wait_spot *spots, size_t count,
              deadline_ms when, struct err *e)
{
    return w->ops->wait_any(w, spots, count, when, e);
}

bool wait_flag(struct waiter *w, struct signal_flag *f, deadline_ms when,
               struct err *e)
{
    return w->ops->wait_flag(w, f, when, e);
}

bool wait_until(struct waiter *w, deadline_ms when, struct err *e)
{
    return w->ops->pause(w, when, e);
}
