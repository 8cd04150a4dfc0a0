/* revocation -- whether certificates of the server's chain have been revoked,
 * asked after the handshake: the lists that say so may have to be fetched, and
 * inside a verification nothing can wait. */
#pragma once

#include "base/buf.h"

#include <openssl/x509.h>

struct conn;

/* The certificates whose list is not at hand, or has expired; none unless the
 * chain has verified without lists.  sk_X509_pop_free(); NULL with e. */
STACK_OF(X509) * tls_crls_missing(struct conn *c, struct err *e) MUST_USE;
/* True for what OpenSSL says (X509_V_ERR_*) where a list is missing. */
bool tls_is_crl_missing(int error);

enum { CRL_PLACES_MAX = 2 }; /* of a certificate that are told */

/* Appends where a certificate says that its list is, or, with "delta", what was
 * added to that lately: addresses of HTTP, one a line; where it has none, one
 * of another kind.  What is not printable is escaped. */
void tls_crl_places(const X509 *cert, bool delta, struct buf *out);

/* Verifies the chain once more, by the flags of c->verify.revocation and with
 * these lists beside those of the trust store.  Errors that the handshake did
 * not have are told and judged as in it, and the last one is the verdict from
 * then on.  False with ERR_VERIFY when the rule does not tolerate one, or with
 * a fault of ours.  Stage VERIFY. */
bool tls_check_revocation(struct conn *c, STACK_OF(X509_CRL) * lists,
                          struct err *e) MUST_USE;
