#include "chain.h"

struct identity chain_root, chain_leaf, chain_old;

void chain_init(void)
{
    chain_root =
        identity_make(&(struct cert_spec){ .cn = "Root", .ca = 1 }, NULL);
    chain_leaf = identity_make(
        &(struct cert_spec){ .cn = "leaf", .serial = "17" }, &chain_root);
    chain_old =
        identity_make(&(struct cert_spec){ .cn = "old",
                                           .not_before = "200101000000Z",
                                           .not_after = "200201000000Z" },
                      &chain_root);
}

void chain_fini(void)
{
    identity_release(&chain_root);
    identity_release(&chain_leaf);
    identity_release(&chain_old);
}
