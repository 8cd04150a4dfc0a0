/* told -- what the tests of a connection's lines share. */
#pragma once

#include "../../support/tls_peer.h"

/* A certificate for the peer; for TestSuite(.init, .fini). */
extern struct identity told_leaf;
void told_init(void);
void told_fini(void);

/* A handshake that must work, and the goodbye after it. */
void told_shake(struct tls_peer *p);
/* A handshake with a peer that stays silent: we wait, and then give up. */
void told_wait(struct tls_peer *p);
/* The whole text, or one part of it. */
void told_is(const struct buf *lines, const char *text);
void told_has(const struct buf *lines, const char *part);
void told_lacks(const struct buf *lines, const char *part);
/* How often the part is there. */
size_t told_count(const struct buf *lines, const char *part);
