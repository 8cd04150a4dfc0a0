/* datagram -- the BIO of a connected UDP socket, and the time at which DTLS has
 * to send again what was not answered (RFC 6347 4.2.4). */
#include "tls/quic.h"
#include "tls_room.h"

#include <netinet/in.h>
#include <openssl/bio.h>

deadline_ms datagram_turn(const struct conn *c, deadline_ms when)
{
    struct timeval left;

    if (!quic_turn(c->ssl, &left)
        && (!SSL_is_dtls(c->ssl) || !DTLSv1_get_timeout(c->ssl, &left)))
        return when;
    return deadline_sooner(when, deadline_in(1000 * (int64_t)left.tv_sec
                                             + (left.tv_usec + 999) / 1000));
}

#ifndef OPENSSL_NO_DGRAM

/* Whom the socket is connected to; NULL: nobody, or no memory. */
static BIO_ADDR *peer_of(int fd)
{
    struct sockaddr_storage sa = { .ss_family = AF_UNSPEC };
    const struct sockaddr_in *v4 = (const void *)&sa;
    const struct sockaddr_in6 *v6 = (const void *)&sa;
    socklen_t len = sizeof(sa);
    BIO_ADDR *peer = BIO_ADDR_new();
    bool made = false;

    if (peer && getpeername(fd, (struct sockaddr *)&sa, &len) == 0) {
        if (sa.ss_family == AF_INET)
            made = BIO_ADDR_rawmake(peer, AF_INET, &v4->sin_addr,
                                    sizeof(v4->sin_addr), v4->sin_port);
        else if (sa.ss_family == AF_INET6)
            made = BIO_ADDR_rawmake(peer, AF_INET6, &v6->sin6_addr,
                                    sizeof(v6->sin6_addr), v6->sin6_port);
    }
    if (made)
        return peer;
    BIO_ADDR_free(peer);
    return NULL;
}

/* Without a size of its own OpenSSL asks the kernel, which then must not cut
 * datagrams into pieces behind our back. */
BIO *datagram_bio(const SSL *ssl, int fd)
{
    BIO *bio = BIO_new_dgram(fd, BIO_NOCLOSE);
    BIO_ADDR *peer = peer_of(fd);

    if (bio && peer)
        BIO_ctrl_set_connected(bio, peer);
    BIO_ADDR_free(peer);
    if (bio && !(SSL_get_options(ssl) & SSL_OP_NO_QUERY_MTU))
        BIO_ctrl(bio, BIO_CTRL_DGRAM_MTU_DISCOVER, 0, NULL);
    return bio;
}

#else

BIO *datagram_bio(const SSL *ssl, int fd)
{
    (void)ssl;
    (void)fd;
    return NULL;
}

#endif
