#include "hashdir.h"

#include "files.h"
#include "library.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HASH_LEN = 8, NAME_ROOM = 32 };

struct hashdir {
    X509_STORE *store;
    const struct hashdir_ask *ask;
    DIR *dir;
};

/* What a file name says is inside: "HHHHHHHH.N" or "HHHHHHHH.rN". */
struct hashed {
    char hash[HASH_LEN + 1];
    bool crl;
    const char *number;
};

static bool read_name(struct hashed *h, const char *name)
{
    for (size_t i = 0; i < HASH_LEN; i++) {
        if (!isxdigit((unsigned char)name[i])
            || isupper((unsigned char)name[i]))
            return false;
        h->hash[i] = name[i];
    }
    h->hash[HASH_LEN] = '\0';
    if (name[HASH_LEN] != '.')
        return false;
    h->crl = name[HASH_LEN + 1] == 'r';
    h->number = name + HASH_LEN + 1 + h->crl;
    return *h->number && strlen(name) < NAME_ROOM
           && strspn(h->number, "0123456789") == strlen(h->number);
}

static bool has_hash(const X509_NAME *name, const char *hash)
{
    char text[HASH_LEN + 1];
    int ok = 0;
    unsigned long value = X509_NAME_hash_ex(name, NULL, NULL, &ok);

    snprintf(text, sizeof(text), "%08lx", value & 0xffffffff);
    return ok && strcmp(text, hash) == 0;
}

/* ---- one file ---- */

static bool add_cert(const struct hashdir *d, const struct hashed *h,
                     X509 *cert)
{
    bool added = !has_hash(X509_get_subject_name(cert), h->hash)
                 || X509_STORE_add_cert(d->store, cert);

    X509_free(cert);
    return added;
}

static bool add_crl(const struct hashdir *d, const struct hashed *h,
                    X509_CRL *crl)
{
    bool added = !has_hash(X509_CRL_get_issuer(crl), h->hash)
                 || X509_STORE_add_crl(d->store, crl);

    X509_CRL_free(crl);
    return added;
}

/* The next certificate of a file; NULL: no further one. */
static X509 *read_cert(const struct hashdir *d, BIO *bio, bool der)
{
    const struct library *library = d->ask->library;
    X509 *cert = X509_new_ex(library->ctx, library->propq);

    if (!cert
        || (der ? d2i_X509_bio(bio, &cert)
                : PEM_read_bio_X509_AUX(bio, &cert, file_no_phrase, NULL)))
        return cert;
    X509_free(cert);
    return NULL;
}

/* Adds what is in the file; *found: anything at all could be read. */
static bool add_certs(const struct hashdir *d, const struct hashed *h, BIO *bio,
                      bool *found)
{
    X509 *cert;

    while ((cert = read_cert(d, bio, false)) != NULL) {
        *found = true;
        if (!add_cert(d, h, cert))
            return false;
    }
    if (*found || !(d->ask->rules & HASHDIR_STORE) || BIO_reset(bio) != 0)
        return true;
    cert = read_cert(d, bio, true);
    *found = cert != NULL;
    return !cert || add_cert(d, h, cert);
}

static bool add_crls(const struct hashdir *d, const struct hashed *h, BIO *bio,
                     bool *found)
{
    X509_CRL *crl;

    while ((crl = PEM_read_bio_X509_CRL(bio, NULL, file_no_phrase, NULL))
           != NULL) {
        *found = true;
        if (!add_crl(d, h, crl))
            return false;
    }
    if (*found || !(d->ask->rules & HASHDIR_STORE) || BIO_reset(bio) != 0)
        return true;
    crl = d2i_X509_CRL_bio(bio, NULL);
    *found = crl != NULL;
    return !crl || add_crl(d, h, crl);
}

/* Tells why a file that is there cannot be opened: passing it over would turn
 * our own trouble into a finding about a server. */
static void not_opened(const struct hashdir *d, const char *name, int sys,
                       struct err *e)
{
    char what[ERR_MSG_MAX];

    if (sys == ENOENT)
        return;
    snprintf(what, sizeof(what), "%s: cannot open '%s/%s'", d->ask->who,
             d->ask->path, name);
    err_sys(e, ERR_FILE, sys, what);
    if ((d->ask->rules & HASHDIR_DEFAULT)
        && err_row(e->code)->status != STATUS_INTERNAL)
        err_clear(e);
}

/* -1 without e: not there, or nothing that OpenSSL would open. */
static int open_regular(const struct hashdir *d, const char *name,
                        struct err *e)
{
    /* Not blocking, so that a FIFO is refused instead of waited for. */
    int fd = openat(dirfd(d->dir), name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;

    if (fd < 0) {
        not_opened(d, name, errno, e);
    } else if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* NULL as above. */
static BIO *open_file(const struct hashdir *d, const char *name, struct err *e)
{
    int fd = open_regular(d, name, e);
    FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
    BIO *bio = file ? BIO_new_fp(file, BIO_CLOSE) : NULL;

    if (bio || fd < 0)
        return bio;
    if (file)
        fclose(file);
    else
        close(fd);
    err_memory(e, d->ask->who);
    return NULL;
}

/* *found: the file was there and held something. */
static bool load_file(const struct hashdir *d, const struct hashed *h,
                      const char *name, bool *found, struct err *e)
{
    BIO *bio = open_file(d, name, e);
    bool added;

    *found = false;
    if (!bio)
        return e->code == ERR_NONE;
    added = h->crl ? add_crls(d, h, bio, found) : add_certs(d, h, bio, found);
    BIO_free(bio);
    /* The end of a PEM file is an error in OpenSSL's queue. */
    ERR_clear_error();
    return added || err_memory(e, d->ask->who);
}

/* ---- the directory ---- */

/* HASH.0, HASH.1 ... until one is missing, as OpenSSL counts them. */
static bool load_row(const struct hashdir *d, const struct hashed *h,
                     struct err *e)
{
    char name[NAME_ROOM];
    bool found = true;

    for (unsigned n = 0; found; n++) {
        snprintf(name, sizeof(name), "%s.%s%u", h->hash, h->crl ? "r" : "", n);
        if (!load_file(d, h, name, &found, e))
            return false;
    }
    return true;
}

static bool load_entry(const struct hashdir *d, const char *name, struct err *e)
{
    struct hashed h;
    bool found;

    if (!read_name(&h, name))
        return true;
    if (d->ask->rules & HASHDIR_STORE)
        return load_file(d, &h, name, &found, e);
    return strcmp(h.number, "0") != 0 || load_row(d, &h, e);
}

static bool load_entries(const struct hashdir *d, struct err *e)
{
    const struct dirent *entry;

    while (errno = 0, (entry = readdir(d->dir)) != NULL)
        if (!load_entry(d, entry->d_name, e))
            return false;
    return errno == 0 || err_sys(e, ERR_FILE, errno, d->ask->who);
}

bool hashdir_load(X509_STORE *store, const struct hashdir_ask *ask,
                  struct err *e)
{
    struct hashdir d = { .store = store,
                         .ask = ask,
                         .dir = opendir(ask->path) };
    char what[ERR_MSG_MAX];
    bool loaded;

    if (!d.dir) {
        snprintf(what, sizeof(what), "%s: cannot open directory '%s'", ask->who,
                 ask->path);
        return err_sys(e, ERR_FILE, errno, what);
    }
    loaded = load_entries(&d, e);
    closedir(d.dir);
    return loaded;
}
