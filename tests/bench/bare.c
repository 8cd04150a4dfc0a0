/* bare HOST-FILE PORT CA-FILE NAME -- the least a program can do.
 *
 * For each address of the file, one after the other: connect, handshake with a
 * shared SSL_CTX, verification of chain and name, close.  No report, no
 * deadline, no threads.  What tlsfleet spends beyond this is its own.
 */
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int connect_to(const char *host, uint16_t port)
{
    struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
    if (inet_pton(AF_INET, host, &sa.sin_addr) != 1
        || connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static int probe(SSL_CTX *ctx, const char *host, uint16_t port,
                 const char *name)
{
    int fd = connect_to(host, port);
    SSL *ssl = fd < 0 ? NULL : SSL_new(ctx);
    int good = 0;

    if (ssl && SSL_set_fd(ssl, fd) == 1 && SSL_set1_host(ssl, name) == 1
        && SSL_set_tlsext_host_name(ssl, name) == 1)
        good = SSL_connect(ssl) == 1 && SSL_get_verify_result(ssl) == X509_V_OK;
    if (good)
        SSL_shutdown(ssl);
    SSL_free(ssl);
    if (fd >= 0)
        close(fd);
    return good;
}

int main(int argc, char **argv)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    FILE *hosts = argc == 5 ? fopen(argv[1], "r") : NULL;
    unsigned long good = 0, all = 0;
    char host[64];

    if (!hosts || !ctx || SSL_CTX_load_verify_file(ctx, argv[3]) != 1) {
        fprintf(stderr, "usage: bare HOST-FILE PORT CA-FILE NAME\n");
        return 2;
    }
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    while (fscanf(hosts, "%63s", host) == 1) {
        good += (unsigned long)probe(
            ctx, host, (uint16_t)strtoul(argv[2], NULL, 10), argv[4]);
        all++;
    }
    fclose(hosts);
    SSL_CTX_free(ctx);
    printf("%lu of %lu\n", good, all);
    return good == all ? 0 : 1;
}
