/* look -- certificates and connections as records, for the tests of inspect. */
#pragma once

#include "../../support/tls_peer.h"
#include "inspect.h"

/* The record of a certificate alone, as the leaf of a connection has it; all
 * fields wanted.  NULL ask: the usual one. */
struct record *look_at_cert(X509 *cert, const struct inspect_ask *ask);
/* Shakes hands (which must do) and inspects; the peer goes on. */
struct record *look_at_peer(struct tls_peer *p, const struct inspect_ask *ask);

extern const struct inspect_ask usual_ask; /* nothing asked but names' style */

void expect_text(struct record *r, enum field_id id, const char *text);
void expect_number(struct record *r, enum field_id id, int64_t number);
void expect_state(struct record *r, enum field_id id, enum value_state state);
/* The nth item of a list, bytes and length. */
void expect_item(struct record *r, enum field_id id, size_t n,
                 const char *bytes, size_t len);
