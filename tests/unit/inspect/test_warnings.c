#include "look.h"

#include <criterion/criterion.h>

#include <string.h>

/* The only warning of a server with this certificate. */
static void expect_warning(const struct cert_spec *spec,
                           void (*setup)(SSL_CTX *), const char *text)
{
    struct identity root =
        identity_make(&(struct cert_spec){ .cn = "Root", .ca = 1 }, NULL);
    struct identity leaf = identity_make(spec, &root);
    struct tls_peer p = { .identity = &leaf,
                          .trusts = &root,
                          .setup = setup,
                          .setup_client = setup };
    struct record *r = look_at_peer(&p, NULL);

    cr_expect_eq(r->values[REC_warnings].nitems, 1);
    expect_item(r, REC_warnings, 0, text, strlen(text));
    record_free(r);
    tls_peer_stop(&p);
    identity_release(&leaf);
    identity_release(&root);
}

Test(warnings, a_short_key_is_told)
{
    expect_warning(&(struct cert_spec){ .cn = "a", .key = "RSA1024" }, NULL,
                   "the RSA key of the leaf has only 1024 bits");
}

Test(warnings, a_weak_signature_is_told)
{
    expect_warning(&(struct cert_spec){ .cn = "a", .digest = "SHA1" }, NULL,
                   "the leaf is signed with SHA1");
}

static void only_tls11(SSL_CTX *ctx)
{
    SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(ctx, TLS1_1_VERSION);
}

Test(warnings, an_old_version_is_told)
{
    expect_warning(&(struct cert_spec){ .cn = "a" }, only_tls11,
                   "TLSv1.1 is out of date (RFC 8996)");
}
