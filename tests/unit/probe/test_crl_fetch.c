#include "../../../src/probe/crl.h"

#include "base/fault.h"

#include <criterion/criterion.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- where ---- */

static struct address address_of(const char *text)
{
    struct address a = { .len = sizeof(struct sockaddr_in6) };
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&a.sa;
    struct sockaddr_in *v4 = (struct sockaddr_in *)&a.sa;

    a.sa.ss_family = strchr(text, ':') ? AF_INET6 : AF_INET;
    if (a.sa.ss_family == AF_INET6)
        cr_assert_eq(inet_pton(AF_INET6, text, &v6->sin6_addr), 1);
    else
        cr_assert_eq(inet_pton(AF_INET, text, &v4->sin_addr), 1);
    return a;
}

static const struct {
    const char *address;
    enum address_reach near; /* from where it may be asked; public: from all */
} reaches[] = {
    { "192.0.3.1", REACH_PUBLIC },
    { "2600::1", REACH_PUBLIC },
    { "127.0.0.1", REACH_LOOPBACK },
    { "::1", REACH_LOOPBACK },
    { "::ffff:127.0.0.1", REACH_LOOPBACK },
    { "169.254.169.254", REACH_LINK_LOCAL },
    { "fe80::1", REACH_LINK_LOCAL },
    { "10.0.0.1", REACH_PRIVATE },
    { "172.16.0.1", REACH_PRIVATE },
    { "192.168.0.1", REACH_PRIVATE },
    { "fd00::1", REACH_PRIVATE },
    { "64:ff9b::a00:1", REACH_PRIVATE },
    { "100.64.0.1", REACH_SHARED },
    { "0.0.0.0", REACH_RESERVED },
};

Test(crl_fetch, asks_addresses_that_are_anybodys_or_of_the_targets_kind)
{
    static const enum address_reach from[] = {
        REACH_PUBLIC,  REACH_LOOPBACK, REACH_LINK_LOCAL,
        REACH_PRIVATE, REACH_SHARED,   REACH_RESERVED,
    };

    for (size_t i = 0; i < sizeof(reaches) / sizeof(reaches[0]); i++)
        for (size_t k = 0; k < sizeof(from) / sizeof(from[0]); k++) {
            const struct address a = address_of(reaches[i].address);
            struct crl_ask ask = { .near = from[k] };

            cr_expect_eq(
                crl_may_ask(&ask, &a),
                reaches[i].near == REACH_PUBLIC || reaches[i].near == from[k],
                "%s", reaches[i].address);
            ask.anywhere = true;
            cr_expect(crl_may_ask(&ask, &a));
        }
}

/* ---- what ---- */

static struct probe_env env;
static struct waiter waiter;
static struct crl_ask question;
static struct crl list;
static struct err err;

static void set_up(void)
{
    const struct resolver_config config = { .threads = 1 };

    env.resolver = resolver_new(&config, &err);
    cr_assert(env.resolver);
    waiter_thread_init(&waiter);
    question = (struct crl_ask){ .env = &env,
                                 .waiter = &waiter,
                                 .when = deadline_in(60 * 1000) };
}

static void tear_down(void)
{
    cr_assert(resolver_free(env.resolver));
}

TestSuite(crl_fetch, .init = set_up, .fini = tear_down);

static bool fetch(const char *url)
{
    err = (struct err){ 0 };
    question.url = url;
    return crl_fetch(&question, &list, &err);
}

/* However an address is written: what counts is where the packets would go. */
static const struct {
    const char *url, *sentence;
} refused[] = {
    { "http://127.0.0.1:9/x", "127.0.0.1 is a loopback address" },
    { "http://127.1:9/x", "127.0.0.1 is a loopback address" },
    { "http://2130706433:9/x", "127.0.0.1 is a loopback address" },
    { "http://0x7f000001:9/x", "127.0.0.1 is a loopback address" },
    { "http://[::1]:9/x", "::1 is a loopback address" },
    { "http://[::ffff:10.0.0.1]:9/x", "is a private address" },
    { "http://10.0.0.1:9/x", "10.0.0.1 is a private address" },
    { "http://169.254.169.254/latest", "is a link-local address" },
    { "http://100.64.0.1/", "is a carrier-grade NAT address" },
    { "http://224.0.0.1/", "is a multicast address" },
    { "http://0.0.0.0:9/x", "is a reserved address" },
};

Test(crl_fetch, refuses_what_is_near_us_before_anything_is_sent)
{
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        cr_expect_not(fetch(refused[i].url));
        cr_expect_eq(err.code, ERR_FETCH, "%s", refused[i].url);
        cr_expect(strstr(err.msg, refused[i].sentence), "%s: %s",
                  refused[i].url, err.msg);
        cr_expect(strstr(err.msg, "-allow_private_crl"), "%s", err.msg);
    }
}

Test(crl_fetch, refuses_an_address_that_cannot_be_read)
{
    cr_expect_not(fetch("https://127.0.0.1/x"));
    cr_expect_eq(err.code, ERR_FETCH);
    cr_expect_null(list.crl);
}

/* A port of ours on loopback, where nobody listens, or somebody who says
 * nothing; its descriptor. */
static int port_of_ours(bool listens, char url[64])
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(at);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    cr_assert_eq(bind(fd, (struct sockaddr *)&at, len), 0);
    cr_assert_eq(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    if (listens)
        cr_assert_eq(listen(fd, 5), 0);
    snprintf(url, 64, "http://127.0.0.1:%u/x", ntohs(at.sin_port));
    return fd;
}

Test(crl_fetch, goes_there_when_it_may)
{
    char url[64];
    const int fd = port_of_ours(false, url);

    question.near = REACH_LOOPBACK;
    cr_expect_not(fetch(url));
    cr_expect_eq(err.code, ERR_REFUSED, "%s", err.msg);
    question.near = REACH_PRIVATE;
    question.anywhere = true;
    cr_expect_not(fetch(url));
    cr_expect_eq(err.code, ERR_REFUSED, "%s", err.msg);
    close(fd);
}

Test(crl_fetch, that_ran_out_of_time_says_so_or_that_we_were_late)
{
    char url[64];
    const int fd = port_of_ours(true, url);

    question.anywhere = true;
    question.when = deadline_in(0);
    cr_expect_not(fetch(url));
    cr_expect_eq(err_row(err.code)->status, STATUS_TIMEOUT, "%s", err.msg);
    atomic_store(&env.late_us, (int64_t)CRLS_MS * 1000);
    cr_expect_not(fetch(url));
    cr_expect_eq(err.code, ERR_OVERLOAD, "%s", err.msg);
    close(fd);
}

Test(crl_fetch, without_memory_is_our_fault)
{
    char url[64];
    const int fd = port_of_ours(false, url);
    long n = 0;

    question.anywhere = true;
    do {
        fault_arm(++n);
        cr_expect_not(fetch(url));
        if (err.code != ERR_REFUSED)
            cr_expect_eq(err_row(err.code)->status, STATUS_INTERNAL, "%ld: %s",
                         n, err.msg);
    } while (fault_seen() >= n);
    fault_arm(0);
    cr_expect_gt(n, 3);
    close(fd);
}
