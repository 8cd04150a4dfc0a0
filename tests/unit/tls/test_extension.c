#include "told.h"

#include <criterion/criterion.h>

TestSuite(extension, .init = told_init, .fini = told_fini);

Test(extension, each_has_name_number_and_bytes)
{
    struct tls_peer p = { .trace = { .extensions = true } };

    told_shake(&p);
    told_has(&p.out,
             "TLS server extension \"supported versions\" (id=43), len=2\n"
             "0000 - 03 04                                             ..\n"
             "TLS server extension \"key share\" (id=51), len=36\n");
    tls_peer_stop(&p);
}

static int send_odd(SSL *ssl, unsigned type, const unsigned char **out,
                    size_t *len, int *alert, void *arg)
{
    (void)ssl;
    (void)type;
    (void)alert;
    (void)arg;
    *out = (const unsigned char *)"odd";
    *len = 3;
    return 1;
}

static void serve_odd(SSL_CTX *ctx)
{
    tls_peer_only_tls12(ctx);
    cr_assert(SSL_CTX_add_server_custom_ext(ctx, 1234, send_odd, NULL, NULL,
                                            NULL, NULL));
}

static void ask_odd(SSL_CTX *ctx)
{
    cr_assert(
        SSL_CTX_add_client_custom_ext(ctx, 1234, NULL, NULL, NULL, NULL, NULL));
}

Test(extension, one_that_nobody_knows_is_unknown)
{
    struct tls_peer p = { .trace = { .extensions = true },
                          .setup = serve_odd,
                          .setup_client = ask_odd };

    told_shake(&p);
    told_has(&p.out, "TLS server extension \"unknown\" (id=1234), len=3\n"
                     "0000 - 6f 64 64                                        "
                     "  odd\n");
    told_has(&p.out, "TLS server extension \"renegotiation info\" "
                     "(id=65281), len=1\n");
    tls_peer_stop(&p);
}
