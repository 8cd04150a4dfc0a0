#include "../../../src/net/lookup.h"
#include "../../../src/net/services.h"
#include "base/fault.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>

static struct err err;
static struct addresses found;
static char text[ADDRESS_TEXT_MAX];

Test(lookup, every_failure_of_getaddrinfo_has_its_code)
{
    static const struct {
        int gai, sys;
        enum err_code code;
    } rows[] = {
        { EAI_NONAME, 0, ERR_NAME_UNKNOWN },
        { EAI_NODATA, 0, ERR_NAME_UNKNOWN },
        { EAI_ADDRFAMILY, 0, ERR_NAME_UNKNOWN },
        { EAI_AGAIN, 0, ERR_NAME_TEMPORARY },
        { EAI_FAIL, 0, ERR_NAME_FAILED },
        { EAI_MEMORY, 0, ERR_NO_MEMORY },
        { EAI_SYSTEM, EMFILE, ERR_NO_DESCRIPTORS },
        { EAI_SYSTEM, ENFILE, ERR_NO_DESCRIPTORS },
        { EAI_SYSTEM, EIO, ERR_SYSTEM },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = { 0 };

        cr_assert_not(
            lookup_reason(rows[i].gai, rows[i].sys, "x.test", AF_INET, &e));
        cr_assert_eq(e.code, rows[i].code, "row %zu", i);
    }
}

Test(lookup, a_missing_address_says_of_which_family)
{
    cr_assert_not(lookup_reason(EAI_NONAME, 0, "x.test", AF_INET6, &err));
    cr_assert_str_eq(err.msg, "'x.test' has no IPv6 address");
    err_clear(&err);
    cr_assert_not(lookup_reason(EAI_NONAME, 0, "x.test", AF_UNSPEC, &err));
    cr_assert_str_eq(err.msg, "'x.test' has no address");
}

Test(lookup, knows_literals_from_names)
{
    cr_assert(lookup_is_literal(NULL));
    cr_assert(lookup_is_literal("192.0.2.1"));
    cr_assert(lookup_is_literal("127.1"));
    cr_assert(lookup_is_literal("2001:db8::1"));
    cr_assert(lookup_is_literal("fe80::1%lo"));
    cr_assert_not(lookup_is_literal("localhost"));
    cr_assert_not(lookup_is_literal("192.0.2.256"));
    cr_assert_not(lookup_is_literal("1.2.3.4.5"));
}

Test(lookup, a_literal_keeps_its_zone)
{
    cr_assert(lookup_literal("fe80::1%lo", AF_UNSPEC, &found, &err));
    cr_assert_eq(found.count, 1);
    cr_assert_eq(((struct sockaddr_in6 *)&found.list[0].sa)->sin6_scope_id,
                 if_nametoindex("lo"));
    addresses_release(&found);
}

Test(lookup, a_literal_of_another_family_is_an_unknown_name)
{
    cr_assert_not(lookup_literal("127.0.0.1", AF_INET6, &found, &err));
    cr_assert_eq(err.code, ERR_NAME_UNKNOWN);
    cr_assert_not_null(strstr(err.msg, "IPv6"), "%s", err.msg);
}

Test(lookup, no_host_is_this_host)
{
    cr_assert(lookup_literal(NULL, AF_INET, &found, &err), "%s", err.msg);
    cr_assert_eq(found.count, 1);
    cr_assert_eq(address_reach(&found.list[0]), REACH_LOOPBACK);
    addresses_release(&found);
}

Test(lookup, the_system_knows_localhost)
{
    struct answer answer;

    lookup_system(NULL, "localhost", AF_INET, &answer);
    cr_assert_eq(answer.err.code, ERR_NONE, "%s", answer.err.msg);
    address_print(&answer.found.list[0], text);
    cr_assert_str_eq(text, "127.0.0.1");
    addresses_release(&answer.found);
}

Test(lookup, an_unknown_name_without_descriptors_is_a_fault_of_ours)
{
    struct rlimit limit, none = { 0 };
    struct answer answer;

    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none.rlim_max = limit.rlim_max;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    lookup_system(NULL, "host.invalid", AF_UNSPEC, &answer);
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    cr_assert_eq(answer.err.code, ERR_NO_DESCRIPTORS, "%s", answer.err.msg);
    cr_assert_null(answer.found.list);
}

Test(lookup, memory_may_be_refused)
{
    for (long nth = 1; nth <= 2; nth++) {
        struct err e = { 0 };

        fault_arm(nth);
        cr_assert_not(lookup_literal("127.0.0.1", AF_INET, &found, &e));
        cr_assert_eq(e.code, ERR_NO_MEMORY);
        cr_assert_null(found.list);
    }
}

/* ---- services ---- */

static struct services services;
static uint16_t port;

static bool find(const char *name, int socktype)
{
    err = (struct err){ 0 };
    return services_find(&services, name, socktype, &port, &err);
}

static void set_up(void)
{
    services_init(&services);
}

static void tear_down(void)
{
    services_release(&services);
}

TestSuite(services, .init = set_up, .fini = tear_down);

Test(services, a_number_is_a_port)
{
    cr_assert(find("443", SOCK_STREAM));
    cr_assert_eq(port, 443);
    cr_assert(find("65535", SOCK_STREAM));
    cr_assert_eq(port, 65535);
    cr_assert_not(find("65536", SOCK_STREAM));
    cr_assert_eq(err.code, ERR_ADDRESS);
    cr_assert_not(find("-1", SOCK_STREAM));
    cr_assert_eq(err.code, ERR_ADDRESS);
}

Test(services, a_name_is_looked_up_once)
{
    cr_assert(find("https", SOCK_STREAM), "%s", err.msg);
    cr_assert_eq(port, 443);
    fault_arm(1);
    cr_assert(find("https", SOCK_STREAM));
    cr_assert_eq(port, 443);
    cr_assert_eq(fault_seen(), 0);
}

Test(services, stream_and_datagram_are_different)
{
    cr_assert(find("tftp", SOCK_DGRAM), "%s", err.msg);
    cr_assert_eq(port, 69);
    cr_assert_not(find("tftp", SOCK_STREAM));
    cr_assert_eq(err.code, ERR_ADDRESS);
}

Test(services, an_unknown_name_is_named)
{
    cr_assert_not(find("no-such-service", SOCK_STREAM));
    cr_assert_eq(err.code, ERR_ADDRESS);
    cr_assert_not_null(strstr(err.msg, "no-such-service"));
}

Test(services, a_failing_call_is_a_fault_of_ours)
{
    fault_arm(1);
    cr_assert_not(find("https", SOCK_STREAM));
    cr_assert_eq(err.code, ERR_NO_MEMORY);
}

Test(services, more_names_than_fit_are_looked_up_each_time)
{
    for (size_t i = 0; i < SERVICES_MAX; i++)
        services.known[services.nknown++].port = 1;
    cr_assert(find("https", SOCK_STREAM));
    cr_assert(find("https", SOCK_STREAM));
    cr_assert_eq(services.nknown, SERVICES_MAX);
}
