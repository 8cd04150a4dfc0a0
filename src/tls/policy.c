/* policy -- certificate policies as s_client tells of them. */
#include "tls_room.h"

#include <openssl/x509v3.h>

static void print_nodes(BIO *bio, const char *whose,
                        STACK_OF(X509_POLICY_NODE) * nodes)
{
    BIO_printf(bio, "%s Policies:%s", whose, nodes ? "\n" : " <empty>\n");
    for (int i = 0; i < sk_X509_POLICY_NODE_num(nodes); i++)
        X509_POLICY_NODE_print(bio, sk_X509_POLICY_NODE_value(nodes, i), 2);
}

void policy_log(struct buf *log, X509_STORE_CTX *ctx)
{
    X509_POLICY_TREE *tree = X509_STORE_CTX_get0_policy_tree(ctx);
    BIO *bio = BIO_new(BIO_s_mem());

    if (!bio)
        return;
    BIO_printf(bio, "Require explicit Policy: %s\n",
               X509_STORE_CTX_get_explicit_policy(ctx) ? "True" : "False");
    print_nodes(bio, "Authority", X509_policy_tree_get0_policies(tree));
    print_nodes(bio, "User", X509_policy_tree_get0_user_policies(tree));
    tls_take_text(log, bio);
}
