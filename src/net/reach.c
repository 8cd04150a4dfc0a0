/* reach -- whether an address is anybody's, or means something only near us. */
#include "net.h"

#include <netinet/in.h>
#include <string.h>

enum { V4_BITS = 96 }; /* in an IPv4 address that is mapped into IPv6 */

/* IANA's registries of special-purpose addresses (RFC 6890 and after), as far
 * as something may answer there that is not on the Internet. */
static const struct range {
    uint8_t prefix[16];
    unsigned bits;
    enum address_reach reach;
} ranges[] = {
#define V4(a, b, c, d)                        \
    {                                         \
        [10] = 0xff, 0xff, (a), (b), (c), (d) \
    }
    { V4(0, 0, 0, 0), V4_BITS + 8, REACH_RESERVED },
    { V4(10, 0, 0, 0), V4_BITS + 8, REACH_PRIVATE },
    { V4(100, 64, 0, 0), V4_BITS + 10, REACH_SHARED },
    { V4(127, 0, 0, 0), V4_BITS + 8, REACH_LOOPBACK },
    { V4(169, 254, 0, 0), V4_BITS + 16, REACH_LINK_LOCAL },
    { V4(172, 16, 0, 0), V4_BITS + 12, REACH_PRIVATE },
    { V4(192, 0, 0, 0), V4_BITS + 24, REACH_RESERVED },
    { V4(192, 168, 0, 0), V4_BITS + 16, REACH_PRIVATE },
    { V4(198, 18, 0, 0), V4_BITS + 15, REACH_RESERVED },
    { V4(224, 0, 0, 0), V4_BITS + 4, REACH_MULTICAST },
    { V4(240, 0, 0, 0), V4_BITS + 4, REACH_RESERVED },
    { V4(0, 0, 0, 0), V4_BITS, REACH_PUBLIC },
#undef V4
    { { [15] = 1 }, 128, REACH_LOOPBACK },
    { { 0x20, 0x01 }, 32, REACH_RESERVED }, /* Teredo: leads anywhere */
    { { 0x20 }, 3, REACH_PUBLIC },
    { { 0xfc }, 7, REACH_PRIVATE },
    { { 0xfe, 0x80 }, 10, REACH_LINK_LOCAL },
    { { 0xfe, 0xc0 }, 10, REACH_PRIVATE },
    { { 0xff }, 8, REACH_MULTICAST },
    { { 0 }, 0, REACH_RESERVED }, /* nothing else is given out */
};

/* Addresses of IPv6 behind which is one of IPv4, and where it stands. */
static const struct {
    uint8_t prefix[12];
    unsigned bits, at;
} bridges[] = {
    { { 0x00, 0x64, 0xff, 0x9b }, 96, 12 }, /* NAT64, RFC 6052 */
    { { 0x20, 0x02 }, 16, 2 }, /* 6to4, RFC 3056 */
};

static bool has_prefix(const uint8_t *bytes, const uint8_t *prefix,
                       unsigned bits)
{
    const unsigned whole = bits / 8, rest = bits % 8;

    if (memcmp(bytes, prefix, whole) != 0)
        return false;
    return rest == 0 || (bytes[whole] ^ prefix[whole]) >> (8 - rest) == 0;
}

static void map(uint8_t *bytes, const void *v4)
{
    memset(bytes, 0, 10);
    memset(bytes + 10, 0xff, 2);
    memcpy(bytes + 12, v4, 4);
}

static void look_behind(uint8_t *bytes)
{
    uint8_t v4[4];

    for (size_t i = 0; i < sizeof(bridges) / sizeof(bridges[0]); i++)
        if (has_prefix(bytes, bridges[i].prefix, bridges[i].bits)) {
            memcpy(v4, bytes + bridges[i].at, sizeof(v4));
            map(bytes, v4);
            return;
        }
}

enum address_reach address_reach(const struct address *a)
{
    const struct range *range = ranges;
    uint8_t bytes[16];

    if (a->sa.ss_family == AF_UNIX)
        return REACH_LOOPBACK;
    if (a->sa.ss_family == AF_INET)
        map(bytes, &((const struct sockaddr_in *)&a->sa)->sin_addr);
    else if (a->sa.ss_family == AF_INET6)
        memcpy(bytes, &((const struct sockaddr_in6 *)&a->sa)->sin6_addr,
               sizeof(bytes));
    else
        return REACH_RESERVED;
    look_behind(bytes);
    while (!has_prefix(bytes, range->prefix, range->bits))
        range++;
    return range->reach;
}

const char *address_reach_name(enum address_reach reach)
{
    static const char *const names[] = {
        [REACH_PUBLIC] = "public",
        [REACH_LOOPBACK] = "loopback",
        [REACH_LINK_LOCAL] = "link-local",
        [REACH_PRIVATE] = "private",
        [REACH_SHARED] = "carrier-grade NAT",
        [REACH_MULTICAST] = "multicast",
        [REACH_RESERVED] = "reserved",
    };

    return names[reach];
}
