/* lists -- revocation lists out of the network, each asked for once a run. */
#pragma once

#include "probe.h"

#include <openssl/x509.h>

/* One list that is wanted. */
struct list_ask {
    const char *url;
    const struct probe_env *env;
    struct waiter *waiter;
    enum address_reach near; /* addresses of this kind may be asked too ... */
    bool anywhere; /* ... or of any kind (-allow_private_crl) */
    deadline_ms when;
    OSSL_LIB_CTX *library; /* that will verify it; NULL: OpenSSL's own */
    const char *propq;
};
struct list {
    X509_CRL *crl; /* counted; NULL: none */
    size_t size; /* bytes */
};
void list_release(struct list *l);

enum {
    LIST_MAX = 10 * 1024 * 1024, /* bytes of one list */
    LISTS_MS = 5000, /* for all lists of a target */
};

/* Whether a list may be asked for at an address. */
bool list_may_ask(const struct list_ask *ask, const struct address *a);
/* Fetches a list.  Codes FETCH, those of resolve(), net_connect() and talk, and
 * our own faults. */
typedef bool list_fetch_fn(const struct list_ask *ask, struct list *out,
                           struct err *e);
list_fetch_fn list_fetch;

/* Tests put theirs in place of list_fetch(). */
struct lists *lists_new_with(list_fetch_fn *fetch) MUST_USE;
/* The same of a list that somebody has asked for or is asking for: waits for
 * that.  What came of it is kept, unless it was our own fault or there had been
 * too little time. */
bool lists_get(struct lists *l, const struct list_ask *ask, struct list *out,
               struct err *e) MUST_USE;
