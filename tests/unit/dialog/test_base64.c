#include "../../../src/dialog/base64.h"

#include <criterion/criterion.h>

#include <string.h>

static void check(const void *bytes, size_t len, const char *want)
{
    struct buf out;

    buf_init(&out, 64);
    base64_encode(&out, bytes, len);
    cr_assert_str_eq(buf_string(&out), want);
    buf_release(&out);
}

Test(base64, encodes_the_vectors_of_RFC_4648)
{
    static const char *const rows[][2] = {
        { "", "" },
        { "f", "Zg==" },
        { "fo", "Zm8=" },
        { "foo", "Zm9v" },
        { "foob", "Zm9vYg==" },
        { "fooba", "Zm9vYmE=" },
        { "foobar", "Zm9vYmFy" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check(rows[i][0], strlen(rows[i][0]), rows[i][1]);
}

Test(base64, encodes_any_byte)
{
    check("\0\0\0", 3, "AAAA");
    check("\xff\xff\xff", 3, "////");
    check("\xfb\xef\xbe", 3, "++++");
    check("\xff", 1, "/w==");
}
