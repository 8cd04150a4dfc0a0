#include "net.h"
#include "support.h"

#include <criterion/criterion.h>

#include <string.h>

static const struct {
    const char *literal;
    enum address_reach reach;
} rows[] = {
    { "1.1.1.1", REACH_PUBLIC },
    { "9.255.255.255", REACH_PUBLIC },
    { "11.0.0.0", REACH_PUBLIC },
    { "100.63.255.255", REACH_PUBLIC },
    { "100.128.0.0", REACH_PUBLIC },
    { "126.255.255.255", REACH_PUBLIC },
    { "128.0.0.0", REACH_PUBLIC },
    { "169.253.255.255", REACH_PUBLIC },
    { "172.15.255.255", REACH_PUBLIC },
    { "172.32.0.0", REACH_PUBLIC },
    { "192.0.2.1", REACH_PUBLIC },
    { "192.167.255.255", REACH_PUBLIC },
    { "192.169.0.0", REACH_PUBLIC },
    { "223.255.255.255", REACH_PUBLIC },
    { "0.0.0.0", REACH_RESERVED },
    { "0.1.2.3", REACH_RESERVED },
    { "10.0.0.0", REACH_PRIVATE },
    { "10.255.255.255", REACH_PRIVATE },
    { "100.64.0.0", REACH_SHARED },
    { "100.127.255.255", REACH_SHARED },
    { "127.0.0.1", REACH_LOOPBACK },
    { "127.255.255.255", REACH_LOOPBACK },
    { "169.254.0.0", REACH_LINK_LOCAL },
    { "169.254.169.254", REACH_LINK_LOCAL },
    { "172.16.0.0", REACH_PRIVATE },
    { "172.31.255.255", REACH_PRIVATE },
    { "192.0.0.8", REACH_RESERVED },
    { "192.168.0.0", REACH_PRIVATE },
    { "192.168.255.255", REACH_PRIVATE },
    { "198.18.0.1", REACH_RESERVED },
    { "224.0.0.1", REACH_MULTICAST },
    { "239.255.255.255", REACH_MULTICAST },
    { "240.0.0.0", REACH_RESERVED },
    { "255.255.255.255", REACH_RESERVED },
    { "2606:4700::1111", REACH_PUBLIC },
    { "2001:db8::1", REACH_PUBLIC },
    { "3fff:ffff::1", REACH_PUBLIC },
    { "::", REACH_RESERVED },
    { "::1", REACH_LOOPBACK },
    { "::2", REACH_RESERVED },
    { "::127.0.0.1", REACH_RESERVED },
    { "fe80::1", REACH_LINK_LOCAL },
    { "febf::1", REACH_LINK_LOCAL },
    { "fec0::1", REACH_PRIVATE },
    { "fc00::1", REACH_PRIVATE },
    { "fdff::1", REACH_PRIVATE },
    { "ff02::1", REACH_MULTICAST },
    { "4000::1", REACH_RESERVED },
    { "2001::1", REACH_RESERVED },
    { "64:ff9b:1::1", REACH_RESERVED },
    /* IPv4 in IPv6 counts as what it leads to */
    { "::ffff:127.0.0.1", REACH_LOOPBACK },
    { "::ffff:10.1.2.3", REACH_PRIVATE },
    { "::ffff:169.254.169.254", REACH_LINK_LOCAL },
    { "::ffff:1.1.1.1", REACH_PUBLIC },
    { "64:ff9b::127.0.0.1", REACH_LOOPBACK },
    { "64:ff9b::192.168.1.1", REACH_PRIVATE },
    { "64:ff9b::1.1.1.1", REACH_PUBLIC },
    { "2002:7f00:1::", REACH_LOOPBACK },
    { "2002:a00:1::1", REACH_PRIVATE },
    { "2002:101:101::1", REACH_PUBLIC },
};

Test(reach, every_kind_of_address_at_both_ends_of_its_range)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct address a = address_of(rows[i].literal, 80);

        cr_expect_eq(address_reach(&a), rows[i].reach, "%s is %s, not %s",
                     rows[i].literal, address_reach_name(address_reach(&a)),
                     address_reach_name(rows[i].reach));
    }
}

Test(reach, a_unix_socket_is_on_this_host_and_an_odd_family_nowhere)
{
    struct address a;
    struct err e = { 0 };

    cr_assert(address_unix(&a, "/run/x", &e));
    cr_assert_eq(address_reach(&a), REACH_LOOPBACK);
    a.sa.ss_family = AF_APPLETALK;
    cr_assert_eq(address_reach(&a), REACH_RESERVED);
}

Test(reach, every_reach_has_a_name_of_its_own)
{
    for (enum address_reach i = REACH_PUBLIC; i <= REACH_RESERVED; i++)
        for (enum address_reach j = REACH_PUBLIC; j < i; j++)
            cr_assert_str_neq(address_reach_name(i), address_reach_name(j));
}
