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
    const bool *wanted; /* per field_id: work out only these costly ones;
                         * NULL: all */
    X509_STORE *store; /* trust for OCSP staples; NULL: cannot be verified */
    bool status_asked; /* -status */
    bool alpn_asked, npn_asked, serverinfo_asked, dane_asked, early_asked,
        raw_key_asked, ktls_asked; /* so were these */
    const char *keymat_label; /* export keying material; NULL: no */
    size_t keymat_len;
    bool showcerts;
    bool secrets; /* -show_secrets: else redacted in the block */
    bool want_block, want_brief;
    bool again; /* the block of a further connection, which is shorter */
    int64_t now; /* wall clock, seconds */
};

/* Session, key exchange, certificates, verdicts; after a good handshake. */
void inspect_connection(const struct conn *c, const struct inspect_ask *ask,
                        struct record *r);
/* What is known after a failed one: certificates seen, verify result, alert;
 * the session too when only what followed the handshake failed. */
void inspect_failure(const struct conn *c, const struct inspect_ask *ask,
                     struct record *r);

/* The fate of -early_data: a status of SSL_get_early_data_status(3). */
void inspect_early_data(int status, struct record *r);

/* Appends s_client's report block as the linked OpenSSL's s_client prints it,
 * whether the handshake was finished or not.  No blocks for the tickets of TLS
 * 1.3; secrets are redacted unless asked for. */
void inspect_block(const struct conn *c, const struct inspect_ask *ask,
                   struct buf *out);
/* Appends s_client's block for a ticket of TLS 1.3 that has just come. */
void inspect_ticket(const struct conn *c, const struct inspect_ask *ask,
                    struct buf *out);
/* Appends s_client's -brief block; after a good handshake. */
void inspect_brief(const struct conn *c, const struct inspect_ask *ask,
                   struct buf *out);
