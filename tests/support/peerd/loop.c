/* loop -- one thread's share of the connections. */
#include "peerd.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TICK_MS = 1000 };

/* Timers stand in the order they are due.  There are only two spans, so a new
 * one belongs at the end or close to it. */
struct loop {
    int epoll;
    struct peer *first, *last;
};

static int64_t now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void timer_set(struct peer *p, int ms)
{
    struct loop *loop = p->loop;
    struct peer *before = loop->last;

    p->due = now_ms() + ms;
    while (before && before->due > p->due)
        before = before->before;
    p->before = before;
    p->after = before ? before->after : loop->first;
    *(p->before ? &p->before->after : &loop->first) = p;
    *(p->after ? &p->after->before : &loop->last) = p;
}

static void timer_drop(struct peer *p)
{
    if (p->due == 0)
        return;
    *(p->before ? &p->before->after : &p->loop->first) = p->after;
    *(p->after ? &p->after->before : &p->loop->last) = p->before;
    p->due = 0;
}

static void peer_close(struct peer *p)
{
    timer_drop(p);
    SSL_free(p->ssl);
    close(p->fd);
    free(p);
}

static void watch(struct peer *p, int how, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.ptr = p };

    if (epoll_ctl(p->loop->epoll, how, p->fd, &event) != 0)
        die("epoll_ctl");
}

void peer_want_write(struct peer *p, bool want)
{
    watch(p, EPOLL_CTL_MOD, want ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

bool peer_swallow(struct peer *p)
{
    char bytes[4096];
    ssize_t n = read(p->fd, bytes, sizeof(bytes));

    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static void peer_begin(struct peer *p)
{
    p->begun = true;
    watch(p, EPOLL_CTL_ADD, EPOLLIN);
    if (p->kind->tick)
        timer_set(p, TICK_MS);
    if (p->kind->begin && !p->kind->begin(p))
        peer_close(p);
}

/* The same addresses are holes in every run. */
static bool is_hole(const struct setup *setup, uint32_t address)
{
    return (address * 2654435761u >> 8) % 100 < setup->holes;
}

static void peer_new(const struct peer *listener, int fd)
{
    struct sockaddr_in own = { 0 };
    socklen_t len = sizeof(own);
    struct peer *p = calloc(1, sizeof(*p));
    uint32_t address;

    if (!p)
        die("calloc");
    *p = *listener;
    p->listens = false;
    p->fd = fd;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
    getsockname(fd, (struct sockaddr *)&own, &len);
    address = ntohl(own.sin_addr.s_addr);
    p->last_byte = (uint8_t)address;
    if (is_hole(p->setup, address))
        p->kind = kind_find_raw("silent");
    if (p->setup->delay_ms > 0)
        timer_set(p, p->setup->delay_ms);
    else
        peer_begin(p);
}

static void accept_all(const struct peer *listener)
{
    int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    while (fd >= 0) {
        peer_new(listener, fd);
        fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    }
    if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR)
        die("accept");
}

static void peer_tick(struct peer *p)
{
    timer_drop(p);
    if (!p->begun) {
        peer_begin(p);
        return;
    }
    timer_set(p, TICK_MS);
    if (!p->kind->tick(p))
        peer_close(p);
}

/* Returns how long to sleep, as epoll_wait() wants it. */
static int run_timers(struct loop *loop)
{
    int64_t now = now_ms();

    while (loop->first && loop->first->due <= now)
        peer_tick(loop->first);
    return loop->first ? (int)(loop->first->due - now) : -1;
}

static void listen_in(struct loop *loop, const struct listener *listener,
                      const struct setup *setup)
{
    struct peer *p = calloc(1, sizeof(*p));

    if (!p)
        die("calloc");
    *p = (struct peer){ .kind = listener->kind,
                        .setup = setup,
                        .loop = loop,
                        .fd = listener->fd,
                        .listens = true };
    watch(p, EPOLL_CTL_ADD, EPOLLIN);
}

void loop_serve(const struct listener *listeners, size_t count,
                const struct setup *setup)
{
    struct loop loop = { .epoll = epoll_create1(EPOLL_CLOEXEC) };
    struct epoll_event events[64];

    for (size_t i = 0; i < count; i++)
        listen_in(&loop, &listeners[i], setup);
    for (;;) {
        int n = epoll_wait(loop.epoll, events, 64, run_timers(&loop));

        for (int i = 0; i < n; i++) {
            struct peer *p = events[i].data.ptr;

            if (p->listens)
                accept_all(p);
            else if (!p->kind->ready(p))
                peer_close(p);
        }
    }
}
