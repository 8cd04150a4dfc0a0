/* peerd [-stay] [-threads N] [-cert FILE -key FILE] [-delay MS] [-holes %]
 *       KIND[:PORT] ...
 *
 * Prints "PORT number kind" for each kind and serves until it is killed or,
 * without -stay, its standard input ends.  FILE of -cert is the whole chain.
 */
#include "peerd.h"

#include <openssl/err.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { KINDS_MAX = 24, THREADS_MAX = 16, BACKLOG = 4096 };

struct options {
    const char *cert, *key;
    unsigned threads;
    bool stay;
};

struct crew {
    struct setup setup;
    struct listener listeners[THREADS_MAX][KINDS_MAX];
    size_t count; /* listeners of each thread */
};

struct share {
    const struct crew *crew;
    unsigned thread;
};

void die(const char *what)
{
    fprintf(stderr, "peerd: %s: %s\n", what, strerror(errno));
    ERR_print_errors_fp(stderr);
    exit(1);
}

/* Listens on a port of all addresses; *port 0 is any and becomes the number. */
static int listen_on(uint16_t *port, int backlog)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(*port) };
    socklen_t len = sizeof(sa);

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &(int){ 1 }, sizeof(int));
    if (bind(fd, (struct sockaddr *)&sa, len) != 0 || listen(fd, backlog) != 0)
        die("listen");
    getsockname(fd, (struct sockaddr *)&sa, &len);
    *port = ntohs(sa.sin_port);
    return fd;
}

/* A listener whose queue is full drops every SYN.  A backlog of 0 holds one
 * connection; the others are there to be sure. */
static void listen_full(uint16_t *port)
{
    struct sockaddr_in sa = { .sin_family = AF_INET };

    listen_on(port, 0);
    sa.sin_port = htons(*port);
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < 4; i++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

        if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0
            && errno != EINPROGRESS)
            die("connect");
    }
}

/* "kind" or "kind:port". */
static void add_kind(struct crew *crew, const struct options *options,
                     const char *word)
{
    char name[32];
    uint16_t port = 0;
    const struct kind *kind;

    if (sscanf(word, "%31[a-z]:%hu", name, &port) < 1
        || crew->count == KINDS_MAX) {
        fprintf(stderr, "peerd: cannot use '%s'\n", word);
        exit(2);
    }
    kind = kind_find_raw(name);
    if (!kind && crew->setup.ctx)
        kind = kind_find_tls(name);
    if (!kind) {
        fprintf(stderr, "peerd: no such kind '%s' (or no -cert)\n", name);
        exit(2);
    }
    if (kind->full)
        listen_full(&port);
    for (unsigned i = 0; i < options->threads && !kind->full; i++)
        crew->listeners[i][crew->count] =
            (struct listener){ .fd = listen_on(&port, BACKLOG), .kind = kind };
    crew->count += !kind->full;
    printf("PORT %u %s\n", port, name);
}

/* The cheapest server there is: no session cache, one ticket. */
static SSL_CTX *make_context(const struct options *options)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

    if (!ctx || SSL_CTX_use_certificate_chain_file(ctx, options->cert) != 1
        || SSL_CTX_use_PrivateKey_file(ctx, options->key, SSL_FILETYPE_PEM)
               != 1)
        die(options->cert);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(ctx, 1);
    SSL_CTX_set_mode(
        ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return ctx;
}

static void *serve(void *arg)
{
    const struct share *share = arg;

    loop_serve(share->crew->listeners[share->thread], share->crew->count,
               &share->crew->setup);
    return NULL;
}

/* Reads one option at argv[i]; returns how many words it took, 0 for none. */
static int read_option(struct options *options, struct setup *setup,
                       char *const *argv)
{
    const char *name = argv[0], *value = argv[1];

    if (strcmp(name, "-stay") == 0) {
        options->stay = true;
        return 1;
    }
    if (name[0] != '-' || !value)
        return 0;
    if (strcmp(name, "-cert") == 0)
        options->cert = value;
    else if (strcmp(name, "-key") == 0)
        options->key = value;
    else if (strcmp(name, "-threads") == 0)
        options->threads = (unsigned)strtoul(value, NULL, 10);
    else if (strcmp(name, "-delay") == 0)
        setup->delay_ms = (int)strtol(value, NULL, 10);
    else if (strcmp(name, "-holes") == 0)
        setup->holes = (unsigned)strtoul(value, NULL, 10);
    else
        return 0;
    return 2;
}

static void raise_descriptors(void)
{
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
    static struct crew crew;
    static struct share shares[THREADS_MAX];
    struct options options = { .threads = 1 };
    int i = 1, taken;
    char byte;

    while (i < argc && (taken = read_option(&options, &crew.setup, argv + i)))
        i += taken;
    if (i == argc || options.threads < 1 || options.threads > THREADS_MAX) {
        fprintf(stderr, "usage: peerd [options] kind ...\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    raise_descriptors();
    if (options.cert)
        crew.setup.ctx = make_context(&options);
    for (; i < argc; i++)
        add_kind(&crew, &options, argv[i]);
    fflush(stdout);
    for (unsigned t = 0; t < options.threads; t++) {
        pthread_t thread;

        shares[t] = (struct share){ .crew = &crew, .thread = t };
        if (pthread_create(&thread, NULL, serve, &shares[t]) != 0)
            die("pthread_create");
    }
    while (options.stay || read(STDIN_FILENO, &byte, 1) > 0)
        if (options.stay)
            pause();
    return 0;
}
