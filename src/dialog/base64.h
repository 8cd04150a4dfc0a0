/* base64 -- RFC 4648 section 4, for HTTP's basic authorization. */
#pragma once

#include "base/buf.h"

/* Appends the encoded form of len bytes, with padding. */
void base64_encode(struct buf *out, const void *bytes, size_t len);
