/* text -- ASN.1 values and received bytes as text; nothing is trusted to end
 * in a NUL. */
#include "inspect_room.h"

#include <string.h>
#include <time.h>

bool time_seconds(const ASN1_TIME *t, int64_t *seconds)
{
    struct tm tm;

    if (!t || !ASN1_TIME_to_tm(t, &tm))
        return false;
    *seconds = timegm(&tm);
    return true;
}

void hex_add(struct buf *out, const unsigned char *bytes, size_t len,
             bool upper)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        const char pair[2] = { digits[bytes[i] >> 4], digits[bytes[i] & 15] };

        buf_add(out, pair, sizeof(pair));
    }
}
