/* inspect -- a finished or failed connection -> fields of a record.
 *
 * Reads the SSL, never waits, never changes what was agreed.  Works from the
 * conn alone when the handshake failed after certificates were seen.
 */
#pragma once

#include "record.h"
#include "tls.h"

struct inspect_ask {
    const char *host; /* what the target asked for: name checks */
    const char *sni; /* sent; NULL: none */
    unsigned long nameopt;
    const bool *wanted; /* per field_id: work out only these costly ones */
    X509_STORE *store; /* trust for OCSP staples; NULL: cannot be verified */
    bool status_asked; /* -status */
    bool showcerts;
    bool secrets; /* -show_secrets: else redacted in the block */
    bool want_block, want_brief;
    int64_t now; /* wall clock, seconds */
};

/* Session, key exchange, certificates, verdicts; after a good handshake. */
void inspect_connection(const struct conn *c, const struct inspect_ask *ask,
                        struct record *r);
/* What is known after a failed one: certificates seen, verify result, alert. */
void inspect_failure(const struct conn *c, const struct inspect_ask *ask,
                     struct record *r);

/* Appends s_client's report block (behaviour section 10; no ticket blocks,
 * secrets redacted unless asked).  "done": the handshake was finished. */
void inspect_block(const struct conn *c, const struct inspect_ask *ask,
                   bool done, struct buf *out);
/* Appends s_client's -brief block (behaviour section 11). */
void inspect_brief(const struct conn *c, const struct inspect_ask *ask,
                   struct buf *out);
