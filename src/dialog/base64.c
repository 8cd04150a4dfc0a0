#include "base64.h"

#include <stdint.h>

/* One to three bytes become four characters. */
static void encode_group(struct buf *out, const unsigned char *p, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = (uint32_t)p[0] << 16 | (n > 1 ? (uint32_t)p[1] << 8 : 0)
                    | (n > 2 ? p[2] : 0);

    buf_byte(out, digits[bits >> 18]);
    buf_byte(out, digits[bits >> 12 & 63]);
    buf_byte(out, n > 1 ? digits[bits >> 6 & 63] : '=');
    buf_byte(out, n > 2 ? digits[bits & 63] : '=');
}

void base64_encode(struct buf *out, const void *bytes, size_t len)
{
    const unsigned char *p = bytes;

    for (; len > 3; p += 3, len -= 3)
        encode_group(out, p, 3);
    if (len > 0)
        encode_group(out, p, len);
}
