/* quicd -- a QUIC server: quicd CERT KEY PROTOCOL.  Prints its port and returns
 * on each connection, one after the other, what it reads on the stream.  Asks
 * for a certificate and takes any, or none. */
#include <openssl/quic.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static unsigned char protocol[256]; /* length and name */

static int choose(SSL *ssl, const unsigned char **out, unsigned char *len,
                  const unsigned char *in, unsigned in_len, void *arg)
{
    (void)ssl;
    (void)arg;
    return SSL_select_next_proto((unsigned char **)(uintptr_t)out, len,
                                 protocol, protocol[0] + 1u, in, in_len)
                   == OPENSSL_NPN_NEGOTIATED
               ? SSL_TLSEXT_ERR_OK
               : SSL_TLSEXT_ERR_ALERT_FATAL;
}

static int accept_any(int ok, X509_STORE_CTX *ctx)
{
    (void)ok;
    (void)ctx;
    return 1;
}

static SSL_CTX *make_context(char *const words[])
{
    SSL_CTX *ctx = SSL_CTX_new(OSSL_QUIC_server_method());

    if (!ctx || SSL_CTX_use_certificate_chain_file(ctx, words[1]) <= 0
        || SSL_CTX_use_PrivateKey_file(ctx, words[2], SSL_FILETYPE_PEM) <= 0)
        return NULL;
    protocol[0] = (unsigned char)strlen(words[3]);
    memcpy(protocol + 1, words[3], protocol[0]);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, accept_any);
    SSL_CTX_set_session_id_context(ctx, protocol, protocol[0] + 1u);
    SSL_CTX_set_alpn_select_cb(ctx, choose, NULL);
    return ctx;
}

static int open_socket(void)
{
    struct sockaddr_in own = { .sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(own);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&own, len) < 0
        || getsockname(fd, (struct sockaddr *)&own, &len) < 0)
        return -1;
    printf("%u\n", ntohs(own.sin_port));
    fflush(stdout);
    return fd;
}

static void serve(SSL *ssl)
{
    char bytes[1024];
    size_t len, written;

    while (SSL_read_ex(ssl, bytes, sizeof(bytes), &len))
        if (!SSL_write_ex(ssl, bytes, len, &written))
            break;
}

int main(int argc, char *argv[])
{
    SSL_CTX *ctx = argc == 4 ? make_context(argv) : NULL;
    SSL *listener = ctx ? SSL_new_listener(ctx, 0) : NULL;
    int fd = listener ? open_socket() : -1;

    if (fd < 0 || !SSL_set_fd(listener, fd) || !SSL_listen(listener)) {
        fprintf(stderr, "usage: quicd CERT KEY PROTOCOL\n");
        return 1;
    }
    for (;;) {
        SSL *ssl = SSL_accept_connection(listener, 0);

        if (ssl)
            serve(ssl);
        SSL_free(ssl);
    }
}
