#include "tls/quic.h"

#include "net.h"

#if OPENSSL_VERSION_NUMBER >= 0x30500000L && !defined(OPENSSL_NO_QUIC)

#    include <openssl/quic.h>

const SSL_METHOD *quic_method(void)
{
    return OSSL_QUIC_client_method();
}

bool quic_is(const SSL *ssl)
{
    return SSL_is_quic(ssl);
}

bool quic_aim(SSL *ssl, BIO *bio)
{
    BIO_ADDR *peer = BIO_ADDR_new();
    bool done = peer && SSL_set_blocking_mode(ssl, 0);

    /* A connection that was never made has no peer. */
    if (done && BIO_dgram_get_peer(bio, peer) > 0
        && BIO_ADDR_family(peer) != AF_UNSPEC)
        done = SSL_set1_initial_peer_addr(ssl, peer);
    BIO_ADDR_free(peer);
    return done;
}

int quic_wants(const SSL *ssl)
{
    SSL *s = (SSL *)(uintptr_t)ssl; /* the getters lack const */

    return (SSL_net_read_desired(s) ? WAIT_READ : 0)
           | (SSL_net_write_desired(s) ? WAIT_WRITE : 0);
}

bool quic_turn(const SSL *ssl, struct timeval *left)
{
    int never = 0;

    return SSL_is_quic(ssl)
           && SSL_get_event_timeout((SSL *)(uintptr_t)ssl, left, &never)
           && !never;
}

int quic_alert(const SSL *ssl)
{
    SSL_CONN_CLOSE_INFO info = { 0 };

    if (!SSL_is_quic(ssl)
        || !SSL_get_conn_close_info((SSL *)(uintptr_t)ssl, &info, sizeof(info))
        || (info.flags & SSL_CONN_CLOSE_FLAG_LOCAL)
        || info.error_code < OSSL_QUIC_ERR_CRYPTO_ERR_BEGIN
        || info.error_code >= OSSL_QUIC_ERR_CRYPTO_ERR_END)
        return -1;
    return (int)(info.error_code - OSSL_QUIC_ERR_CRYPTO_ERR_BEGIN);
}

bool quic_conclude(SSL *ssl)
{
    return SSL_is_quic(ssl) && SSL_stream_conclude(ssl, 0);
}

int quic_close(SSL *ssl)
{
    return SSL_shutdown_ex(ssl, SSL_SHUTDOWN_FLAG_RAPID, NULL, 0);
}

#else

const SSL_METHOD *quic_method(void)
{
    return NULL;
}

bool quic_is(const SSL *ssl)
{
    (void)ssl;
    return false;
}

bool quic_aim(SSL *ssl, BIO *bio)
{
    (void)ssl;
    (void)bio;
    return false;
}

int quic_wants(const SSL *ssl)
{
    (void)ssl;
    return 0;
}

bool quic_turn(const SSL *ssl, struct timeval *left)
{
    (void)ssl;
    (void)left;
    return false;
}

int quic_alert(const SSL *ssl)
{
    (void)ssl;
    return -1;
}

bool quic_conclude(SSL *ssl)
{
    (void)ssl;
    return false;
}

int quic_close(SSL *ssl)
{
    (void)ssl;
    return -1;
}

#endif

bool quic_or_tls13(const SSL *ssl)
{
    return SSL_version(ssl) == TLS1_3_VERSION || quic_is(ssl);
}
