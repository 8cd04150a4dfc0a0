#include "base/fault.h"
#include "net.h"
#include "support.h"

#include <criterion/criterion.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

enum { TO_MAX = 3 };

static struct waiter waiter;
static struct err err;
static struct address list[TO_MAX];
static struct addresses to = { .list = list };
static struct connect_ask ask;
static int fd, server;
static size_t which;

static enum err_code tried_codes[TO_MAX];
static size_t ntried;

static void note_tried(void *arg, const struct address *a, const struct err *e)
{
    cr_assert_eq(arg, &ask);
    cr_assert_eq(memcmp(a, &list[ntried], sizeof(*a)), 0);
    tried_codes[ntried++] = e->code;
}

static void set_up(void)
{
    waiter_thread_init(&waiter);
    ask = (struct connect_ask){
        .to = &to,
        .socktype = SOCK_STREAM,
        .when = DEADLINE_NEVER,
        .tried = note_tried,
        .tried_arg = &ask,
    };
    fd = server = -1;
    to.count = 1;
}

static void tear_down(void)
{
    net_close(fd);
    net_close(server);
}

TestSuite(connect, .init = set_up, .fini = tear_down);

static bool go(void)
{
    err = (struct err){ 0 };
    return net_connect(&waiter, &ask, &fd, &which, &err);
}

static int option(int level, int name)
{
    int value = 0;
    socklen_t len = sizeof(value);

    cr_assert_eq(getsockopt(fd, level, name, &value, &len), 0);
    return value;
}

Test(connect, gives_a_socket_that_does_not_block_nor_survive_exec)
{
    server = listener("127.0.0.1", 5, &list[0]);
    cr_assert(go(), "%s", err.msg);
    cr_assert_eq(which, 0);
    cr_assert_eq(ntried, 0);
    cr_assert(fcntl(fd, F_GETFL) & O_NONBLOCK);
    cr_assert(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    cr_assert(option(IPPROTO_TCP, TCP_NODELAY));
}

Test(connect, works_over_ipv6_and_names_our_own_end)
{
    char name[ADDRESS_TEXT_MAX + 8];

    server = listener("::1", 5, &list[0]);
    cr_assert(go(), "%s", err.msg);
    net_local_name(fd, name, sizeof(name));
    cr_assert_eq(strncmp(name, "[::1]:", 6), 0, "%s", name);
    net_local_name(-1, name, sizeof(name));
    cr_assert_str_eq(name, "");
}

Test(connect, refusal_names_address_and_port)
{
    char want[64];

    server = listener("127.0.0.1", -1, &list[0]);
    cr_assert_not(go());
    cr_assert_eq(err.code, ERR_REFUSED);
    cr_assert_eq(err.stage, STAGE_CONNECT);
    cr_assert_eq(fd, -1);
    snprintf(want, sizeof(want), "127.0.0.1:%u", address_port(&list[0]));
    cr_assert_not_null(strstr(err.msg, want), "%s", err.msg);
    cr_assert_eq(ntried, 1);
}

Test(connect, goes_on_to_the_next_address_in_order)
{
    int silent = listener("127.0.0.1", -1, &list[0]);

    server = listener("127.0.0.1", 5, &list[1]);
    to.count = 2;
    cr_assert(go(), "%s", err.msg);
    cr_assert_eq(which, 1);
    cr_assert_eq(ntried, 1);
    cr_assert_eq(tried_codes[0], ERR_REFUSED);
    net_close(silent);
}

Test(connect, failure_of_all_says_how_many_and_the_last_reason)
{
    server = listener("127.0.0.1", -1, &list[0]);
    list[1] = list[2] = list[0];
    to.count = 3;
    cr_assert_not(go());
    cr_assert_eq(err.code, ERR_REFUSED);
    cr_assert_eq(ntried, 3);
    cr_assert_not_null(strstr(err.msg, "none of 3 addresses"), "%s", err.msg);
}

/* Two connections fill a backlog of 0; the kernel drops every further SYN. */
static void fill_backlog(int *fillers)
{
    for (int i = 0; i < 2; i++) {
        fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)!connect(fillers[i], (const struct sockaddr *)&list[0].sa,
                       list[0].len);
    }
}

Test(connect, silence_is_a_time_out_that_says_who_and_how_long)
{
    const int64_t began = clock_now_ms();
    struct hasty_waiter hasty;
    int fillers[2], port, seconds, tenths;

    server = listener("127.0.0.1", 0, &list[0]);
    fill_backlog(fillers);
    hasty_waiter_init(&hasty);
    cr_assert_not(net_connect(&hasty.waiter, &ask, &fd, &which, &err));
    cr_assert_eq(err.code, ERR_CONNECT_TIMEOUT);
    cr_assert_eq(sscanf(err.msg, "no answer from 127.0.0.1:%d in %d.%d seconds",
                        &port, &seconds, &tenths),
                 3, "%s", err.msg);
    cr_assert_leq(seconds * 1000 + tenths * 100, clock_now_ms() - began);
    net_close(fillers[0]);
    net_close(fillers[1]);
}

Test(connect, time_is_shared_fairly_between_the_addresses)
{
    struct hasty_waiter hasty;
    int fillers[2];
    int64_t now = clock_now_ms();

    server = listener("127.0.0.1", 0, &list[0]);
    fill_backlog(fillers);
    list[1] = list[2] = list[0];
    to.count = 3;
    ask.when = now + 3000000;
    hasty_waiter_init(&hasty);
    cr_assert_not(net_connect(&hasty.waiter, &ask, &fd, &which, &err));
    cr_assert_eq(hasty.waits, 3);
    cr_assert_geq(hasty.first, now + 1000000);
    cr_assert_lt(hasty.first, now + 1100000);
    cr_assert_eq(hasty.last, ask.when);
    net_close(fillers[0]);
    net_close(fillers[1]);
}

Test(connect, addresses_that_cannot_be_bound_for_take_no_share_of_the_time)
{
    struct address from = address_of("127.0.0.1", 0);
    struct addresses bind = { .list = &from, .count = 1 };
    struct hasty_waiter hasty;
    int fillers[2];

    server = listener("127.0.0.1", 0, &list[0]);
    fill_backlog(fillers);
    list[1] = list[2] = address_of("::1", 1);
    to.count = 3;
    ask.bind = &bind;
    ask.when = clock_now_ms() + 3000000;
    hasty_waiter_init(&hasty);
    cr_assert_not(net_connect(&hasty.waiter, &ask, &fd, &which, &err));
    cr_assert_eq(hasty.waits, 1);
    cr_assert_eq(hasty.first, ask.when);
    net_close(fillers[0]);
    net_close(fillers[1]);
}

Test(connect, binds_to_the_first_local_address_of_the_same_family)
{
    struct address from[] = { address_of("::1", 0), address_of("127.0.0.2", 0),
                              address_of("127.0.0.3", 0) };
    struct addresses bind = { .list = from, .count = 3 };
    char name[ADDRESS_TEXT_MAX + 8];

    server = listener("127.0.0.1", 5, &list[0]);
    ask.bind = &bind;
    cr_assert(go(), "%s", err.msg);
    net_local_name(fd, name, sizeof(name));
    cr_assert_eq(strncmp(name, "127.0.0.2:", 10), 0, "%s", name);
    cr_assert(option(SOL_SOCKET, SO_REUSEADDR));
}

Test(connect, skips_addresses_of_a_family_that_bind_does_not_have)
{
    struct address from = address_of("127.0.0.1", 0);
    struct addresses bind = { .list = &from, .count = 1 };

    list[0] = address_of("::1", 1);
    server = listener("127.0.0.1", 5, &list[1]);
    to.count = 2;
    ask.bind = &bind;
    cr_assert(go(), "%s", err.msg);
    cr_assert_eq(which, 1);
    cr_assert_eq(ntried, 0);
}

Test(connect, fails_when_bind_has_no_family_that_fits)
{
    struct address from = address_of("127.0.0.1", 0);
    struct addresses bind = { .list = &from, .count = 1 };

    list[0] = address_of("::1", 443);
    ask.bind = &bind;
    cr_assert_not(go());
    cr_assert_eq(err.code, ERR_BIND_FAILED);
    cr_assert_not_null(
        strstr(err.msg, "cannot bind an IPv6 address for [::1]:443"), "%s",
        err.msg);
}

Test(connect, a_local_address_that_is_not_ours_ends_the_search)
{
    struct address from = address_of("192.0.2.1", 0);
    struct addresses bind = { .list = &from, .count = 1 };

    server = listener("127.0.0.1", 5, &list[0]);
    list[1] = list[0];
    to.count = 2;
    ask.bind = &bind;
    cr_assert_not(go());
    cr_assert_eq(err.code, ERR_BIND_FAILED);
    cr_assert_eq(ntried, 1);
    cr_assert_not_null(strstr(err.msg, "binding to 192.0.2.1:0"), "%s",
                       err.msg);
}

Test(connect, a_datagram_socket_is_connected_at_once)
{
    list[0] = address_of("127.0.0.1", 9);
    ask.socktype = SOCK_DGRAM;
    cr_assert(go(), "%s", err.msg);
    cr_assert_eq(option(SOL_SOCKET, SO_TYPE), SOCK_DGRAM);
}

/* ---- Unix sockets ---- */

static char directory[] = "/tmp/tlsfleet-unit-XXXXXX";
static char path[64];

static void set_up_unix(void)
{
    set_up();
    cr_assert_not_null(mkdtemp(directory));
    snprintf(path, sizeof(path), "%s/s", directory);
    cr_assert(address_unix(&list[0], path, &err));
}

static void tear_down_unix(void)
{
    tear_down();
    unlink(path);
    rmdir(directory);
}

TestSuite(connect_unix, .init = set_up_unix, .fini = tear_down_unix);

static void listen_unix(int backlog)
{
    server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(
        bind(server, (const struct sockaddr *)&list[0].sa, list[0].len), 0);
    cr_assert_eq(listen(server, backlog), 0);
}

Test(connect_unix, a_path_is_connected_to)
{
    listen_unix(5);
    cr_assert(go(), "%s", err.msg);
}

Test(connect_unix, a_path_without_a_socket_is_named)
{
    cr_assert_not(go());
    cr_assert_eq(err.code, ERR_CONNECT_FAILED);
    cr_assert_not_null(strstr(err.msg, path), "%s", err.msg);
}

Test(connect_unix, a_full_queue_is_a_time_out_in_the_end)
{
    struct hasty_waiter hasty;
    int first;

    listen_unix(0);
    cr_assert(go());
    first = fd;
    ask.when = deadline_in(5);
    hasty_waiter_init(&hasty);
    cr_assert_not(net_connect(&hasty.waiter, &ask, &fd, &which, &err));
    cr_assert_eq(err.code, ERR_CONNECT_TIMEOUT);
    net_close(first);
}

static void accept_one(void *arg)
{
    (void)arg;
    net_close(accept(server, NULL, NULL));
}

Test(connect_unix, a_full_queue_is_asked_again)
{
    struct hasty_waiter hasty;
    int first;

    listen_unix(0);
    cr_assert(go());
    first = fd;
    hasty_waiter_init(&hasty);
    hasty.on_pause = accept_one;
    cr_assert(net_connect(&hasty.waiter, &ask, &fd, &which, &err));
    cr_assert_eq(hasty.waits, 1);
    net_close(first);
}

/* ---- our own faults ---- */

Test(connect, every_failing_system_call_is_a_fault_of_ours_and_closes_all)
{
    struct address from = address_of("127.0.0.1", 0);
    struct addresses bind = { .list = &from, .count = 1 };
    int before;
    long nth = 0;

    server = listener("127.0.0.1", 5, &list[0]);
    list[1] = list[0];
    to.count = 2;
    ask.bind = &bind;
    before = open_descriptors();
    for (;;) {
        ntried = 0;
        fault_arm(++nth);
        if (go())
            break;
        cr_assert_eq(err_row(err.code)->status, STATUS_INTERNAL, "%ld: %s", nth,
                     err.msg);
        cr_assert_eq(ntried, 1);
        cr_assert_eq(open_descriptors(), before, "%ld", nth);
    }
    cr_assert_gt(nth, 6);
    cr_assert_lt(fault_seen(), nth);
}
