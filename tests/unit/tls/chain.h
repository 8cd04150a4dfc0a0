/* chain -- what the tests of verification share: a root, a certificate that it
 * signed, and one whose time is over. */
#pragma once

#include "../../support/certs.h"

extern struct identity chain_root, chain_leaf, chain_old;

/* For TestSuite(.init, .fini). */
void chain_init(void);
void chain_fini(void);
