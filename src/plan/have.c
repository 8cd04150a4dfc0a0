/* have -- what the OpenSSL at hand can do. */
#include "plan.h"

#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

/* What the headers promise. */
static const bool built_with[NEEDS_COUNT] = {
    [NEEDS_NOTHING] = true,
    [NEEDS_COMP] = true, /* asked at run time */
    [NEEDS_OPENSSL_3_2] = OPENSSL_VERSION_NUMBER >= 0x30200000,
    [NEEDS_OPENSSL_3_3] = OPENSSL_VERSION_NUMBER >= 0x30300000,
    [NEEDS_OPENSSL_3_5] = OPENSSL_VERSION_NUMBER >= 0x30500000,
#ifndef OPENSSL_NO_SSL3
    [NEEDS_SSL3] = true,
#endif
#ifndef OPENSSL_NO_SCTP
    [NEEDS_SCTP] = true,
#endif
#ifndef OPENSSL_NO_SRP
    [NEEDS_SRP] = true,
#endif
#ifndef OPENSSL_NO_CT
    [NEEDS_CT] = true,
#endif
#ifndef OPENSSL_NO_NEXTPROTONEG
    [NEEDS_NPN] = true,
#endif
#ifndef OPENSSL_NO_SSL_TRACE
    [NEEDS_TRACE] = true,
#endif
#ifndef OPENSSL_NO_ENGINE
    [NEEDS_ENGINE] = true,
#endif
#ifndef OPENSSL_NO_SRTP
    [NEEDS_SRTP] = true,
#endif
#ifndef OPENSSL_NO_DTLS
    [NEEDS_DTLS] = true,
#endif
#ifndef OPENSSL_NO_KTLS
    [NEEDS_KTLS] = true,
#endif
    [NEEDS_RAW_KEYS] = OPENSSL_VERSION_NUMBER >= 0x30200000,
#ifndef OPENSSL_NO_QUIC
    [NEEDS_QUIC] = OPENSSL_VERSION_NUMBER >= 0x30500000, /* tls/quic.h */
#endif
#ifdef TCP_FASTOPEN_CONNECT
    [NEEDS_TFO] = true, /* our own connects */
#endif
};

/* The oldest library that has it: it may not be the one we were built for. */
static const unsigned long runs_from[NEEDS_COUNT] = {
    [NEEDS_OPENSSL_3_2] = 0x30200000, [NEEDS_OPENSSL_3_3] = 0x30300000,
    [NEEDS_OPENSSL_3_5] = 0x30500000, [NEEDS_RAW_KEYS] = 0x30200000,
    [NEEDS_QUIC] = 0x30500000,
};

static bool can_ssl3(void)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    bool can = ctx && SSL_CTX_set_min_proto_version(ctx, SSL3_VERSION)
               && SSL_CTX_set_max_proto_version(ctx, SSL3_VERSION);

    SSL_CTX_free(ctx);
    ERR_clear_error();
    return can;
}

static bool can_compress(void)
{
    return sk_SSL_COMP_num(SSL_COMP_get_compression_methods()) > 0;
}

bool plan_have(enum option_needs needs)
{
    if (!built_with[needs] || OpenSSL_version_num() < runs_from[needs])
        return false;
    if (needs == NEEDS_SSL3)
        return can_ssl3();
    return needs != NEEDS_COMP || can_compress();
}
