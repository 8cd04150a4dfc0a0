/* hashdir -- directories of certificates named by hash (openssl-rehash(1)).
 *
 * OpenSSL opens such files one by one during verification, where running out
 * of descriptors looks like a missing issuer.  Here the whole directory is
 * read at once: exactly what OpenSSL's lookups could find in it. */
#pragma once

#include "plan_room.h"

#include <openssl/x509.h>

enum {
    HASHDIR_PATH = 0, /* -CApath: PEM; HASH.0, HASH.1 ... up to the first gap */
    HASHDIR_STORE = 1, /* -CAstore: PEM or DER; any HASH.N */
    HASHDIR_DEFAULT = 2, /* nobody named it: unreadable files are passed over */
};

struct hashdir_ask {
    const char *who; /* begins messages: "option '-CApath'" */
    const char *path;
    unsigned rules; /* of the above */
    const struct library *library;
};
/* Adds certificates and CRLs whose names have the hash of their file's name.
 * False when the directory, or a file in it that is there, cannot be opened. */
bool hashdir_load(X509_STORE *store, const struct hashdir_ask *ask,
                  struct err *e) MUST_USE;
