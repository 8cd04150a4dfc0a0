#include "tls/newer.h"

#if OPENSSL_VERSION_NUMBER >= 0x30200000L

/* What we would rather have comes first. */
static const unsigned char forms[] = { TLSEXT_cert_type_rpk,
                                       TLSEXT_cert_type_x509 };

bool raw_key_offer(SSL *ssl, enum raw_key_side side)
{
    return side == RAW_KEY_OURS
               ? SSL_set1_client_cert_type(ssl, forms, sizeof(forms))
               : SSL_set1_server_cert_type(ssl, forms, sizeof(forms));
}

bool raw_key_agreed(const SSL *ssl, enum raw_key_side side)
{
    const int form = side == RAW_KEY_OURS
                         ? SSL_get_negotiated_client_cert_type(ssl)
                         : SSL_get_negotiated_server_cert_type(ssl);

    return form == TLSEXT_cert_type_rpk;
}

EVP_PKEY *raw_key_of_server(const SSL *ssl)
{
    return SSL_get0_peer_rpk(ssl);
}

bool raw_key_verify_init(X509_STORE_CTX *ctx, X509_STORE *store, EVP_PKEY *key)
{
    return X509_STORE_CTX_init_rpk(ctx, store, key);
}

#else

bool raw_key_offer(SSL *ssl, enum raw_key_side side)
{
    (void)ssl;
    (void)side;
    return false;
}

bool raw_key_agreed(const SSL *ssl, enum raw_key_side side)
{
    (void)ssl;
    (void)side;
    return false;
}

EVP_PKEY *raw_key_of_server(const SSL *ssl)
{
    (void)ssl;
    return NULL;
}

bool raw_key_verify_init(X509_STORE_CTX *ctx, X509_STORE *store, EVP_PKEY *key)
{
    (void)ctx;
    (void)store;
    (void)key;
    return false;
}

#endif

/* The headers of an OpenSSL without kernel TLS define both as 0. */
bool kernel_encrypts(const SSL *ssl)
{
    return SSL_get_wbio(ssl) && BIO_get_ktls_send(SSL_get_wbio(ssl));
}

bool kernel_decrypts(const SSL *ssl)
{
    return SSL_get_rbio(ssl) && BIO_get_ktls_recv(SSL_get_rbio(ssl));
}

#if OPENSSL_VERSION_NUMBER >= 0x30300000L

int64_t session_began(const SSL_SESSION *session)
{
    return SSL_SESSION_get_time_ex(session);
}

#else

int64_t session_began(const SSL_SESSION *session)
{
    return SSL_SESSION_get_time(session);
}

#endif
