/* dane -- TLSA records as words. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct tlsa {
    uint8_t usage, selector, type;
    unsigned char *data; /* OPENSSL_free() */
    size_t len;
};
/* Reads "usage selector type hexadecimal data"; the name of the field that is
 * wrong, NULL when none is. */
const char *tlsa_read(const char *text, struct tlsa *out);
