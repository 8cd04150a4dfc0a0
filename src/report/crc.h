/* crc -- CRC-32C (Castagnoli), as iSCSI has it (RFC 3720 appendix B.4). */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Goes on from an earlier sum; 0 begins one. */
uint32_t crc32c(uint32_t sum, const void *bytes, size_t len);
