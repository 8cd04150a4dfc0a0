/* crl -- revocation lists out of the network, each asked for once a run. */
#pragma once

#include "probe.h"

#include <openssl/x509.h>

/* One list that is wanted. */
struct crl_ask {
    const char *url;
    const struct probe_env *env;
    struct waiter *waiter;
    enum address_reach near; /* addresses of this kind may be asked too ... */
    bool anywhere; /* ... or of any kind (-allow_private_crl) */
    deadline_ms when;
    OSSL_LIB_CTX *library; /* that will verify it; NULL: OpenSSL's own */
    const char *propq;
};
struct crl {
    X509_CRL *crl; /* counted; NULL: none */
    size_t size; /* bytes */
};
void crl_release(struct crl *l);

enum {
    CRL_MAX = 10 * 1024 * 1024, /* bytes of one list */
    CRLS_MS = 5000, /* for all lists of a target */
};

/* Whether a list may be asked for at an address. */
bool crl_may_ask(const struct crl_ask *ask, const struct address *a);
/* Fetches a list.  Codes FETCH, those of resolve(), net_connect() and talk, and
 * our own faults. */
typedef bool crl_fetch_fn(const struct crl_ask *ask, struct crl *out,
                          struct err *e);
crl_fetch_fn crl_fetch;

/* Tests put theirs in place of crl_fetch(). */
struct crl_cache *crl_cache_new_with(crl_fetch_fn *fetch) MUST_USE;
/* The same of a list that somebody has asked for or is asking for: waits for
 * that.  What came of it is kept, unless it was our own fault or there had been
 * too little time. */
bool crl_cache_get(struct crl_cache *l, const struct crl_ask *ask,
                   struct crl *out, struct err *e) MUST_USE;
