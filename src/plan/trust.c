/* trust -- the stores that verify the server, in memory as a whole.
 *
 * Nothing is looked up in files once a store is shared: a lookup that fails
 * for lack of descriptors would be reported as a missing issuer. */
#include "apply.h"
#include "files.h"
#include "hashdir.h"

#include "base/mem.h"

#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The three ways to name trusted certificates. */
struct trust_words {
    enum option_id file, path, store;
};
static const struct trust_words ca_words = { OPT_CAfile, OPT_CApath,
                                             OPT_CAstore };
static const struct trust_words verify_words = { OPT_verifyCAfile,
                                                 OPT_verifyCApath,
                                                 OPT_verifyCAstore };
static const struct trust_words chain_words = { OPT_chainCAfile,
                                                OPT_chainCApath,
                                                OPT_chainCAstore };

enum { WHO_MAX = 64 };

/* A store while it is filled. */
struct filling {
    X509_STORE *store;
    const struct option_set *set;
    const struct library *library;
};

/* ---- what the user names ---- */

/* X509_STORE_load_file(3) in the library at hand. */
static bool read_file(const struct filling *f, const char *name)
{
    return X509_STORE_load_file_ex(f->store, name, f->library->ctx,
                                   f->library->propq);
}

static bool load_file(const struct filling *f, enum option_id id,
                      const char *name, struct err *e)
{
    return read_file(f, name)
           || apply_reason(e, ERR_FILE,
                           "option '-%s': cannot load certificates from '%s'",
                           option_rows[id].name, name);
}

static bool load_dir(const struct filling *f, enum option_id id,
                     const char *path, unsigned rules, struct err *e)
{
    char who[WHO_MAX];
    const struct hashdir_ask ask = {
        .who = who, .path = path, .rules = rules, .library = f->library
    };

    snprintf(who, sizeof(who), "option '-%s'", option_rows[id].name);
    return hashdir_load(f->store, &ask, e);
}

/* Path of a "file:" URI or plain name. */
static const char *local_path(const char *uri)
{
    if (strncmp(uri, "file://", 7) == 0)
        return uri + 7;
    return strncmp(uri, "file:", 5) == 0 ? uri + 5 : uri;
}

static bool load_uri(const struct filling *f, enum option_id id,
                     const char *name, struct err *e)
{
    const struct file_ask ask = { .option = id,
                                  .name = name,
                                  .library = f->library };
    const char *path = local_path(name);
    struct stat st;

    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return file_into_store(&ask, f->store, e);
    return load_dir(f, id, path, HASHDIR_STORE, e);
}

static bool load_words(const struct filling *f, const struct trust_words *words,
                       struct err *e)
{
    const char *file = options_text(f->set, words->file, NULL);
    const char *path = options_text(f->set, words->path, NULL);
    const char *uri = options_text(f->set, words->store, NULL);

    return (!file || load_file(f, words->file, file, e))
           && (!path || load_dir(f, words->path, path, HASHDIR_PATH, e))
           && (!uri || load_uri(f, words->store, uri, e));
}

static bool said_any(const struct option_set *set,
                     const struct trust_words *words)
{
    return options_has(set, words->file) || options_has(set, words->path)
           || options_has(set, words->store);
}

/* ---- what OpenSSL takes when nothing is named ---- */

static const char *place(const char *variable, const char *otherwise)
{
    const char *said = secure_getenv(variable);

    return said ? said : otherwise;
}

static bool default_file(const struct filling *f, struct err *e)
{
    const char *name =
        place(X509_get_default_cert_file_env(), X509_get_default_cert_file());

    return apply_default(
        read_file(f, name)
            || apply_reason(e, ERR_FILE, "the default trust file '%s'", name),
        e);
}

static bool default_dir(const struct filling *f, const char *path,
                        unsigned rules, struct err *e)
{
    const struct hashdir_ask ask = { .who = "the default trust directory",
                                     .path = path,
                                     .rules = rules | HASHDIR_DEFAULT,
                                     .library = f->library };

    return apply_default(hashdir_load(f->store, &ask, e), e);
}

/* SSL_CERT_DIR may be a list for this lookup, and is one name for the next. */
static bool default_path(const struct filling *f, const char *list,
                         struct err *e)
{
    bool loaded = true;

    while (loaded && *list) {
        size_t len = strcspn(list, ":");
        char *path = mem_copy(list, len);

        if (!path)
            return err_memory(e, "the default trust directory");
        loaded = len == 0 || default_dir(f, path, HASHDIR_PATH, e);
        mem_free(path);
        list += len + (list[len] == ':');
    }
    return loaded;
}

static bool load_defaults(const struct filling *f, struct err *e)
{
    const char *dir =
        place(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
    const bool as_store = !options_has(f->set, OPT_no_CAstore);
    /* A single directory is read once: the store's rules find more. */
    const bool as_path =
        !options_has(f->set, OPT_no_CApath) && (!as_store || strchr(dir, ':'));

    return (options_has(f->set, OPT_no_CAfile) || default_file(f, e))
           && (!as_path || default_path(f, dir, e))
           && (!as_store || default_dir(f, local_path(dir), HASHDIR_STORE, e));
}

/* ---- handlers ---- */

static struct filling filling_of(const struct apply *a, X509_STORE *store)
{
    return (
        struct filling){ .store = store, .set = a->set, .library = a->library };
}

bool apply_verify_store(struct apply *a, const struct option_said *said,
                        struct err *e)
{
    struct filling f;

    (void)said;
    a->trust->verify = X509_STORE_new();
    if (!a->trust->verify)
        return err_memory(e, "a trust store");
    f = filling_of(a, a->trust->verify);
    return load_words(&f, &verify_words, e);
}

static bool add_crl(struct apply *a, const char *name, struct err *e)
{
    const struct file_ask ask = { .option = OPT_CRL,
                                  .name = name,
                                  .form =
                                      options_text(a->set, OPT_CRLform, NULL),
                                  .library = a->library };
    X509_CRL *crl = file_crl(&ask, e);
    bool added;

    if (!crl)
        return false;
    added = X509_STORE_add_crl(a->trust->store, crl)
            && (!a->trust->verify || X509_STORE_add_crl(a->trust->verify, crl));
    X509_CRL_free(crl);
    return added || err_memory(e, "a trust store");
}

bool apply_store(struct apply *a, const struct option_said *said, struct err *e)
{
    const struct filling f = filling_of(a, a->trust->store);

    (void)said;
    for (size_t i = 0; i < a->set->count; i++)
        if (a->set->said[i].id == OPT_CRL
            && !add_crl(a, a->set->said[i].text, e))
            return false;
    return load_words(&f, &ca_words, e);
}

bool apply_chain_store(struct apply *a, const struct option_said *said,
                       struct err *e)
{
    X509_STORE *store = X509_STORE_new();
    const struct filling f = filling_of(a, store);
    bool done;

    if (!store)
        return err_memory(e, "a trust store");
    done = load_words(&f, &chain_words, e)
           && (SSL_CTX_set1_chain_cert_store(a->context->ctx, store)
               || apply_rejected(a, said, e));
    X509_STORE_free(store);
    return done;
}

/* ---- building ---- */

/* Sorted and parsed now, not under the store's lock by the first worker. */
static void make_ready(X509_STORE *store)
{
    STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(store);

    sk_X509_OBJECT_sort(objects);
    for (int i = 0; i < sk_X509_OBJECT_num(objects); i++) {
        X509 *cert = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i));

        if (cert)
            cert_make_ready(cert);
    }
}

static void trust_release(void *value)
{
    struct trust *trust = value;

    X509_STORE_free(trust->store);
    X509_STORE_free(trust->verify);
    cached_put(trust->library);
    mem_free(trust);
}

static bool fill(struct trust *trust, struct plan_ask *ask, struct err *e)
{
    struct apply a = { .set = ask->words, .cache = ask->cache, .trust = trust };
    struct filling f;

    trust->library =
        level_get(ask->cache->libraries, 1u << OPTION_SCOPE_LIB, ask, e);
    if (!trust->library)
        return false;
    a.library = cached_value(trust->library);
    trust->store = X509_STORE_new();
    if (!trust->store)
        return err_memory(e, "a trust store");
    if (!apply_scope(&a, OPTION_SCOPE_STORE, e))
        return false;
    f = filling_of(&a, trust->store);
    /* As s_client: naming any of the three puts all defaults out of force. */
    if (!said_any(ask->words, &ca_words) && !load_defaults(&f, e))
        return false;
    make_ready(trust->store);
    if (trust->verify)
        make_ready(trust->verify);
    return true;
}

static void *trust_build(struct cached *self, void *arg, struct err *e)
{
    struct trust *trust = mem_new(1, sizeof(*trust));

    (void)self;
    if (!trust) {
        err_memory(e, "a trust store");
        return NULL;
    }
    if (fill(trust, arg, e))
        return trust;
    trust_release(trust);
    return NULL;
}

const struct cache_kind trust_kind = {
    .what = "a trust store",
    .build = trust_build,
    .release = trust_release,
};
