/* again -- what the tests of sessions share: two connections to one server. */
#pragma once

#include "../../support/tls_peer.h"

/* Shakes hands with "p" (which must do) and leaves its newest session; NULL
 * when it left none.  The peer goes on. */
SSL_SESSION *again_first(struct tls_peer *p);
/* A second connection to the server of "first": its context is shared. */
void again_start(struct tls_peer *p, struct tls_peer *first);
/* The session as a file gives it back: without a chain.  Frees the old one. */
SSL_SESSION *again_reread(SSL_SESSION *session);
