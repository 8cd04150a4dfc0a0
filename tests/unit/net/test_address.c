#include "net.h"
#include "net/reason.h"
#include "support.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

static char text[ADDRESS_TEXT_MAX];

Test(address, prints_what_was_read_without_its_port)
{
    static const char *const literals[] = { "192.0.2.1", "2001:db8::1", "::1",
                                            "::ffff:127.0.0.1" };

    for (size_t i = 0; i < 4; i++) {
        struct address a = address_of(literals[i], 443);

        address_print(&a, text);
        cr_assert_str_eq(text, literals[i]);
        cr_assert_eq(address_port(&a), 443);
    }
}

Test(address, prints_the_zone_by_name_if_it_has_one)
{
    struct address a = address_of("fe80::1", 1);
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&a.sa;

    six->sin6_scope_id = if_nametoindex("lo");
    address_print(&a, text);
    cr_assert_str_eq(text, "fe80::1%lo");
    six->sin6_scope_id = 4000000000U;
    address_print(&a, text);
    cr_assert_str_eq(text, "fe80::1%4000000000");
}

Test(address, prints_a_family_it_does_not_know_as_a_question_mark)
{
    struct address a = { .sa.ss_family = AF_APPLETALK };

    address_print(&a, text);
    cr_assert_str_eq(text, "?");
    cr_assert_eq(address_port(&a), 0);
}

Test(address, of_a_unix_socket_is_its_path)
{
    struct address a;
    struct err e = { 0 };

    cr_assert(address_unix(&a, "/run/x.sock", &e));
    address_print(&a, text);
    cr_assert_str_eq(text, "/run/x.sock");
    cr_assert_eq(address_port(&a), 0);
}

Test(address, of_a_unix_socket_has_1_to_107_bytes)
{
    char path[109];
    struct address a;
    struct err e = { 0 };

    memset(path, 'p', sizeof(path));
    path[107] = '\0';
    cr_assert(address_unix(&a, path, &e));
    address_print(&a, text);
    cr_assert_str_eq(text, path);
    path[107] = 'p';
    path[108] = '\0';
    cr_assert_not(address_unix(&a, path, &e));
    cr_assert_eq(e.code, ERR_ADDRESS);
    err_clear(&e);
    cr_assert_not(address_unix(&a, "", &e));
    cr_assert_eq(e.code, ERR_ADDRESS);
}

Test(address, what_an_errno_says_of_the_peer)
{
    static const struct {
        int sys;
        enum err_code code;
    } rows[] = {
        { ECONNREFUSED, ERR_REFUSED },        { ECONNRESET, ERR_RESET },
        { ECONNABORTED, ERR_RESET },          { EPIPE, ERR_CLOSED },
        { ENETUNREACH, ERR_NET_UNREACHABLE }, { EHOSTUNREACH, ERR_UNREACHABLE },
        { ENETDOWN, ERR_NET_UNREACHABLE },    { EHOSTDOWN, ERR_UNREACHABLE },
        { EAFNOSUPPORT, ERR_UNREACHABLE },    { EACCES, ERR_CONNECT_FAILED },
        { EPERM, ERR_CONNECT_FAILED },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        cr_assert_eq(net_reason(rows[i].sys, ERR_CONNECT_FAILED), rows[i].code);
}
