#include "told.h"

#include <criterion/criterion.h>

#include <string.h>

TestSuite(state, .init = told_init, .fini = told_fini);

Test(state, a_handshake_of_tls13_goes_through_these)
{
    struct tls_peer p = { .trace = { .state = true }, .trusts = &told_leaf };

    told_shake(&p);
    told_is(&p.log, "SSL_connect:before SSL initialization\n"
                    "SSL_connect:SSLv3/TLS write client hello\n"
                    "SSL_connect:SSLv3/TLS write client hello\n"
                    "SSL_connect:SSLv3/TLS read server hello\n"
                    "SSL_connect:TLSv1.3 read encrypted extensions\n"
                    "depth=0 CN = leaf\n"
                    "verify return:1\n"
                    "SSL_connect:SSLv3/TLS read server certificate\n"
                    "SSL_connect:TLSv1.3 read server certificate verify\n"
                    "SSL_connect:SSLv3/TLS read finished\n"
                    "SSL_connect:SSLv3/TLS write change cipher spec\n"
                    "SSL_connect:SSLv3/TLS write finished\n"
                    "SSL3 alert write:warning:close notify\n");
    tls_peer_stop(&p);
}

Test(state, waiting_is_no_state_unless_it_is_asked_for)
{
    struct tls_peer quiet = { .trace = { .state = true } };
    struct tls_peer loud = { .trace = { .state = true, .waits = true } };

    told_wait(&quiet);
    told_lacks(&quiet.log, "error");
    tls_peer_stop(&quiet);
    told_wait(&loud);
    told_has(&loud.log, "SSL_connect:error in SSLv3/TLS write client hello\n");
    tls_peer_stop(&loud);
}

Test(state, a_failure_tells_where_it_was)
{
    struct tls_peer p = { .trace = { .state = true },
                          .identity = &told_leaf,
                          .setup = tls_peer_only_tls13,
                          .setup_client = tls_peer_only_tls12 };

    tls_peer_start(&p);
    cr_expect(!tls_peer_handshake(&p));
    told_has(&p.log, "SSL3 alert read:fatal:protocol version\n"
                     "SSL_connect:error in error\n");
    tls_peer_stop(&p);
}

Test(state, nothing_is_told_that_nobody_asked_for)
{
    struct tls_peer p = { .trusts = &told_leaf };

    told_shake(&p);
    told_is(&p.log, "depth=0 CN = leaf\nverify return:1\n");
    told_is(&p.out, "");
    tls_peer_stop(&p);
}

Test(state, nothing_is_told_when_nobody_listens)
{
    struct tls_peer p = { .unheard = true,
                          .setup_client = tls_watch_context,
                          .trace = { .debug = true,
                                     .msg = true,
                                     .state = true,
                                     .extensions = true,
                                     .staple = true,
                                     .no_name = true,
                                     .queue = true,
                                     .security = SECURITY_ALL } };

    told_shake(&p);
    told_is(&p.log, "");
    told_is(&p.out, "");
    tls_peer_stop(&p);
}
