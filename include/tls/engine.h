/* engine -- what OpenSSL loads as an "engine": deprecated, and still how keys
 * on some cards and in some boxes are reached.
 *
 * Engines are the process's.  An id is a name or the path of a shared object.
 * A call that fails leaves its reason in OpenSSL's queue.  One at a time: an
 * object that another thread is just loading cannot be had. */
#pragma once

#include "base/err.h"

#include <openssl/ssl.h>

/* What an engine calls itself, loaded if need be; NULL: it cannot be had. */
const char *engine_name(const char *id) MUST_USE;
/* Loads an engine and lets it do all that it can; before any thread begins. */
bool engine_use(const char *id) MUST_USE;
/* The private key that an engine has under this name; "pass" answers what it
 * asks for, without one (NULL) it gets no answer.  NULL when it has none. */
EVP_PKEY *engine_key(const char *id, const char *name, const char *pass)
    MUST_USE;
/* Lets an engine choose the client's certificates of a context. */
bool engine_choose_cert(SSL_CTX *ctx, const char *id) MUST_USE;
