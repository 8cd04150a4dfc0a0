/* gather -- OpenSSL's algorithms, all at once.
 *
 * OpenSSL gathers those of a kind when the first of them is asked for, and
 * never again: one that is missing then, since memory ran out, is missing for
 * good, and every later server seems to speak a TLS that nobody knows.  So this
 * is done where a refused allocation ends it all. */
#include "library.h"

#include <openssl/decoder.h>
#include <openssl/encoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/store.h>

/* Which one is asked for does not matter, nor whether it is there. */
#define GATHER(type, name) type##_free(type##_fetch(ctx, name, NULL))

void library_gather(OSSL_LIB_CTX *ctx)
{
    GATHER(EVP_MD, "SHA256");
    GATHER(EVP_CIPHER, "AES-128-GCM");
    GATHER(EVP_MAC, "HMAC");
    GATHER(EVP_KDF, "HKDF");
    GATHER(EVP_RAND, "CTR-DRBG");
    GATHER(EVP_KEYMGMT, "RSA");
    GATHER(EVP_KEYEXCH, "ECDH");
    GATHER(EVP_SIGNATURE, "RSA");
    GATHER(EVP_ASYM_CIPHER, "RSA");
    GATHER(EVP_KEM, "RSA");
    GATHER(OSSL_ENCODER, "RSA");
    GATHER(OSSL_DECODER, "RSA");
    GATHER(OSSL_STORE_LOADER, "file");
    ERR_clear_error();
}
