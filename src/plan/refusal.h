/* refusal -- private: what the files of refusals share. */
#pragma once

#include "plan/refusal.h"

#include <openssl/ssl.h>

#define S_CLIENT "s_client: "

/* Who knows the pass phrase of what is called so. */
struct refusal_phrase {
    const char *pass; /* NULL: "phrases" */
    struct phrases *phrases; /* NULL: nobody */
    const char *what;
};

struct refusal {
    const struct option_set *words;
    struct buf *out;
    OSSL_LIB_CTX *library; /* this thread's own while it lasts */
    OSSL_PROVIDER **providers; /* loaded into it */
    size_t nproviders;
    SSL_CTX *ctx;
    struct refusal_phrase phrase; /* of the client's key */
};

/* One step for one word: true when s_client ends there, and has said why. */
typedef bool refusal_fn(struct refusal *r, const char *text);

/* Adds a sentence and OpenSSL's errors; true. */
bool refusal_say(struct refusal *r, const char *sentence);

/* refusal_identity.c: steps for words of our own certificates and keys. */
refusal_fn refusal_key, refusal_cert, refusal_chain, refusal_xcert,
    refusal_xkey, refusal_xchain, refusal_identity, refusal_build;

/* A pem_password_cb(3): answers with a struct refusal_phrase; NULL: never. */
int refusal_pass(char *room, int size, int writing, void *arg);

/* A file of certificates, keys or CRLs. */
struct refusal_file {
    const char *name; /* or URI */
    const char *what; /* as s_client describes it */
    int kind; /* OSSL_STORE_INFO_... */
    bool many; /* all of them are wanted */
    const struct refusal_phrase *phrase; /* NULL: none */
    const char *after; /* the line that follows before 3.2; NULL: none */
};
/* True, with s_client's lines, when it cannot be loaded. */
bool refusal_file(const struct refusal_file *f, struct buf *out);
/* Adds what s_client says of one in which it found nothing. */
void refusal_unread(const struct refusal_file *f, struct buf *out);

/* remark.c: tries all TLSA records and says which cannot be used; whether one
 * can. */
bool remark_records(const struct option_set *words, struct buf *out);
/* remark.c: says which extensions of -serverinfo cannot be added; the others
 * then are in "ctx". */
void remark_extensions(const char *list, SSL_CTX *ctx, struct buf *out);
/* remark.c: says that an engine was loaded, or that it cannot be had. */
bool remark_engine(const char *id, struct buf *out);
