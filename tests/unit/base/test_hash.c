#include "base/hash.h"

#include <criterion/criterion.h>

Test(hash, is_fnv_1a_of_64_bits)
{
    cr_expect_eq(hash_more(HASH_START, "", 0), HASH_START);
    cr_expect_eq(hash_more(HASH_START, "a", 1), UINT64_C(0xaf63dc4c8601ec8c));
    cr_expect_eq(hash_more(HASH_START, "foobar", 6),
                 UINT64_C(0x85944171f73967e8));
}

Test(hash, goes_on_where_it_was)
{
    const uint64_t foo = hash_more(HASH_START, "foo", 3);

    cr_expect_eq(hash_more(foo, "bar", 3), hash_more(HASH_START, "foobar", 6));
}
