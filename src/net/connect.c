#include "base/fault.h"
#include "net.h"
#include "net/courtesy.h"
#include "net/reason.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <unistd.h>

enum {
    NAME_MAX_LEN = ADDRESS_TEXT_MAX + 8, /* "[address]:port" */
    UNIX_RETRY_MS = 20,
};

static void print_name(const struct address *a, char *text, size_t room)
{
    char address[ADDRESS_TEXT_MAX];

    address_print(a, address);
    if (a->sa.ss_family == AF_UNIX)
        snprintf(text, room, "%s", address);
    else
        snprintf(text, room, a->sa.ss_family == AF_INET6 ? "[%s]:%u" : "%s:%u",
                 address, address_port(a));
}

/* 0, or the errno of a system call that failed (on purpose, too). */
static int sys_of(int result)
{
    return result < 0 ? errno : 0;
}

static int open_socket(int family, int socktype, int *fd)
{
    *fd = -1;
    if (fault_here())
        return EMFILE;
    *fd = socket(family, socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return sys_of(*fd);
}

static int set_flag(int fd, int level, int name)
{
    int on = 1;

    if (fault_here())
        return ENOBUFS;
    return sys_of(setsockopt(fd, level, name, &on, sizeof(on)));
}

#ifdef TCP_FASTOPEN_CONNECT

/* RFC 7413.  A kernel that does not do it connects as ever. */
static int open_fast(int fd)
{
    const int sys = set_flag(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT);

    return sys == EOPNOTSUPP || sys == ENOPROTOOPT ? 0 : sys;
}

#else

static int open_fast(int fd)
{
    (void)fd;
    return 0;
}

#endif

static int start(int fd, const struct address *a)
{
    if (fault_here())
        return ENOBUFS;
    return sys_of(connect(fd, (const struct sockaddr *)&a->sa, a->len));
}

static int outcome(int fd)
{
    int sys = 0;
    socklen_t len = sizeof(sys);

    if (fault_here())
        return ENOBUFS;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &sys, &len) < 0 ? errno : sys;
}

/* "Cannot assign requested address" says that the local ports ran out, or that
 * this host has no address from which the peer's can be reached.  A datagram
 * socket, which has ports of its own, tells which. */
static bool has_source(const struct address *a)
{
    int fd = socket(a->sa.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool has = fd < 0 || start(fd, a) != EADDRNOTAVAIL;

    net_close(fd);
    return has;
}

static bool failed(const struct address *a, int sys, struct err *e)
{
    char name[NAME_MAX_LEN], what[NAME_MAX_LEN + 24];

    print_name(a, name, sizeof(name));
    snprintf(what, sizeof(what), "connecting to %s", name);
    if (sys == ETIMEDOUT)
        return err_sys(e, ERR_CONNECT_TIMEOUT, sys, what);
    if (sys == EADDRNOTAVAIL && !has_source(a))
        return err_set(e, ERR_NET_UNREACHABLE,
                       "%s: this host has no address to do it from", what);
    return err_sys(e, net_reason(sys, ERR_CONNECT_FAILED), sys, what);
}

static bool too_late(const struct address *a, int64_t began, struct err *e)
{
    char name[NAME_MAX_LEN];
    int64_t took = clock_now_ms() - began;

    print_name(a, name, sizeof(name));
    return err_set(e, ERR_CONNECT_TIMEOUT, "no answer from %s in %d.%d seconds",
                   name, (int)(took / 1000), (int)(took % 1000 / 100));
}

static const struct address *bind_address(const struct addresses *from,
                                          int family)
{
    for (size_t i = 0; from && i < from->count; i++)
        if (from->list[i].sa.ss_family == family)
            return &from->list[i];
    return NULL;
}

static bool bind_to(int fd, const struct address *from, struct err *e)
{
    char name[NAME_MAX_LEN], what[NAME_MAX_LEN + 16];
    int sys = set_flag(fd, SOL_SOCKET, SO_REUSEADDR);

    if (sys == 0)
        sys = fault_here()
                  ? ENOBUFS
                  : sys_of(bind(fd, (const void *)&from->sa, from->len));
    if (sys == 0)
        return true;
    print_name(from, name, sizeof(name));
    snprintf(what, sizeof(what), "binding to %s", name);
    return err_sys(e, ERR_BIND_FAILED, sys, what);
}

/* One address of a connect. */
struct one {
    struct waiter *waiter;
    const struct address *to;
    const struct address *from; /* NULL: any */
    int socktype;
    bool fast_open;
    deadline_ms when;
};

/* One connect(2).  A Unix socket whose queue is full says EAGAIN and cannot be
 * polled for: only asking again helps. */
static bool reach(const struct one *o, int fd, struct err *e)
{
    int64_t began = clock_now_ms();
    int sys = start(fd, o->to);
    struct err late = { 0 };

    while (sys == EAGAIN && o->to->sa.ss_family == AF_UNIX
           && deadline_left(o->when) != 0) {
        if (!wait_until(o->waiter,
                        deadline_sooner(o->when, deadline_in(UNIX_RETRY_MS)),
                        e))
            return false;
        sys = start(fd, o->to);
    }
    if (sys == EINPROGRESS || sys == EINTR) {
        if (!wait_fd(o->waiter, fd, WAIT_WRITE, o->when, &late))
            return late.code == ERR_TIMED_OUT
                       ? too_late(o->to, began, e)
                       : err_set(e, late.code, "%s", late.msg);
        sys = outcome(fd);
    }
    if (sys == EAGAIN)
        return too_late(o->to, began, e);
    return sys == 0 || failed(o->to, sys, e);
}

/* Everything about one address; closes what it opened unless it is the one. */
static bool connect_one(const struct one *o, int *fd, struct err *e)
{
    const int family = o->to->sa.ss_family;
    bool tcp = o->socktype == SOCK_STREAM && family != AF_UNIX;
    int sys = open_socket(family, o->socktype, fd);

    if (sys == 0 && tcp)
        sys = set_flag(*fd, IPPROTO_TCP, TCP_NODELAY);
    if (sys == 0 && tcp && o->fast_open)
        sys = open_fast(*fd);
    if (sys != 0)
        failed(o->to, sys, e);
    else if ((!o->from || bind_to(*fd, o->from, e)) && reach(o, *fd, e))
        return true;
    net_close(*fd);
    *fd = -1;
    return false;
}

/* An equal part of the time left for each of the addresses left. */
static deadline_ms share(deadline_ms when, size_t left)
{
    int64_t now = clock_now_ms();

    return when == DEADLINE_NEVER || when <= now
               ? when
               : now + (when - now) / (int64_t)left;
}

/* As s_client: a local address that cannot be bound ends the search.  So does
 * a fault of ours, which the next address would meet as well. */
static bool hopeless(const struct err *why)
{
    return why->code == ERR_BIND_FAILED
           || err_row(why->code)->status == STATUS_INTERNAL;
}

static bool no_local_address(const struct address *a, struct err *e)
{
    char name[NAME_MAX_LEN];

    print_name(a, name, sizeof(name));
    return err_set(e, ERR_BIND_FAILED,
                   "cannot bind an %s address for %s: the local address is "
                   "of another family",
                   a->sa.ss_family == AF_INET6  ? "IPv6"
                   : a->sa.ss_family == AF_INET ? "IPv4"
                                                : "Unix",
                   name);
}

static bool give_up(const struct err *last, size_t tried, struct err *e)
{
    e->sys = last->sys;
    if (tried > 1 && !hopeless(last))
        return err_set(e, last->code,
                       "none of %zu addresses can be connected to, the last: "
                       "%s",
                       tried, last->msg);
    return err_set(e, last->code, "%s", last->msg);
}

/* Waits for this connection's turn; the budget of the peer begins after it. */
static bool take_turn(struct waiter *w, const struct connect_ask *ask,
                      struct err *e)
{
    const int64_t began = clock_now_ms();

    if (!ask->courtesy)
        return true;
    if (!courtesy_pace(ask->courtesy, w, e))
        return false;
    ask->held->paced_ms += clock_now_ms() - began;
    return true;
}

static bool is_usable(const struct connect_ask *ask, const struct address *a)
{
    return !ask->bind || bind_address(ask->bind, a->sa.ss_family);
}

/* Addresses that are still to be tried, the nth among them. */
static size_t count_left(const struct connect_ask *ask, size_t nth)
{
    size_t left = 0;

    for (size_t i = nth; i < ask->to->count; i++)
        left += is_usable(ask, &ask->to->list[i]);
    return left;
}

/* The nth address; false with a clean "why" when it is full. */
static bool connect_nth(struct waiter *w, const struct connect_ask *ask,
                        size_t nth, int *fd, struct err *why)
{
    struct one o = { .waiter = w,
                     .to = &ask->to->list[nth],
                     .socktype = ask->socktype,
                     .fast_open = ask->fast_open,
                     .when = ask->when };

    o.from = bind_address(ask->bind, o.to->sa.ss_family);
    if (!courtesy_enter(ask->courtesy, o.to)) {
        ask->held->full = true;
        return false;
    }
    if (take_turn(w, ask, why)) {
        if (ask->held && o.when != DEADLINE_NEVER)
            o.when += ask->held->paced_ms;
        o.when = share(o.when, count_left(ask, nth));
        if (connect_one(&o, fd, why))
            return true;
    }
    courtesy_leave(ask->courtesy, o.to);
    return false;
}

bool net_connect(struct waiter *w, const struct connect_ask *ask, int *fd,
                 size_t *which, struct err *e)
{
    struct err why = { 0 };
    size_t tried = 0;

    e->stage = STAGE_CONNECT;
    *fd = -1;
    for (size_t i = 0; i < ask->to->count && !hopeless(&why); i++) {
        const struct address *a = &ask->to->list[i];

        if (!is_usable(ask, a))
            continue;
        why = (struct err){ .stage = STAGE_CONNECT };
        tried++;
        *which = i;
        if (connect_nth(w, ask, i, fd, &why))
            return true;
        if (why.code == ERR_NONE)
            return false;
        if (ask->tried)
            ask->tried(ask->tried_arg, a, &why);
    }
    if (tried == 0 && ask->to->count > 0)
        return no_local_address(&ask->to->list[ask->to->count - 1], e);
    return give_up(&why, tried, e);
}

void net_close(int fd)
{
    if (fd >= 0)
        close(fd);
}

bool net_opened_fast(int fd)
{
    struct tcp_info info = { 0 };
    socklen_t len = sizeof(info);

    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0
           && (info.tcpi_options & TCPI_OPT_SYN_DATA);
}

void net_local_name(int fd, char *text, size_t room)
{
    struct address own = { .len = sizeof(own.sa) };

    text[0] = '\0';
    if (getsockname(fd, (struct sockaddr *)&own.sa, &own.len) == 0)
        print_name(&own, text, room);
}
