/* test_engine -- an engine that has a client certificate and keys, for
 * -ssl_client_engine and -keyform ENGINE.
 *
 * TEST_ENGINE_CERT and TEST_ENGINE_KEY name the files of the certificate that
 * it chooses; the id of any other key is the name of its file. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/opensslconf.h>

#ifndef OPENSSL_NO_ENGINE

#    include <openssl/engine.h>
#    include <openssl/pem.h>
#    include <stdlib.h>

static EVP_PKEY *load_key(ENGINE *engine, const char *id, UI_METHOD *ui,
                          void *arg)
{
    BIO *file = id ? BIO_new_file(id, "r") : NULL;
    EVP_PKEY *key =
        file ? PEM_read_bio_PrivateKey(file, NULL, NULL, NULL) : NULL;

    (void)engine;
    (void)ui;
    (void)arg;
    BIO_free(file);
    return key;
}

static X509 *load_cert(const char *name)
{
    BIO *file = name ? BIO_new_file(name, "r") : NULL;
    X509 *cert = file ? PEM_read_bio_X509(file, NULL, NULL, NULL) : NULL;

    BIO_free(file);
    return cert;
}

static int choose(ENGINE *engine, SSL *ssl, STACK_OF(X509_NAME) * names,
                  X509 **cert, EVP_PKEY **key, STACK_OF(X509) * *others,
                  UI_METHOD *ui, void *arg)
{
    (void)ssl;
    (void)names;
    (void)others;
    *cert = load_cert(getenv("TEST_ENGINE_CERT"));
    *key = load_key(engine, getenv("TEST_ENGINE_KEY"), ui, arg);
    if (*cert && *key)
        return 1;
    X509_free(*cert);
    EVP_PKEY_free(*key);
    return 0;
}

static int bind(ENGINE *engine, const char *id)
{
    (void)id;
    return ENGINE_set_id(engine, "test_engine")
           && ENGINE_set_name(engine, "engine of the tests")
           && ENGINE_set_load_privkey_function(engine, load_key)
           && ENGINE_set_load_ssl_client_cert_function(engine, choose);
}

IMPLEMENT_DYNAMIC_BIND_FN(bind)
IMPLEMENT_DYNAMIC_CHECK_FN()

#else

extern int there_are_no_engines; /* something: a file must not be empty */

#endif
