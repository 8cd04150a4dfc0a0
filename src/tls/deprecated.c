/* deprecated -- what OpenSSL 3 calls deprecated and has no successor for.
 *
 * SRP: its settings live in the SSL_CTX, its call-backs get one argument, which
 * is the context's own (s_client hands over the address of a variable that is
 * gone by then, and crashes).
 *
 * Engines: found as s_client finds them. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "tls/engine.h"
#include "tls_room.h"

#include <openssl/bn.h>
#include <openssl/srp.h>
#ifndef OPENSSL_NO_ENGINE
#    include <dlfcn.h>
#    include <openssl/engine.h>
#    include <openssl/ui.h>
#    include <string.h>
#endif

#ifndef OPENSSL_NO_SRP

enum {
    GROUP_BITS_MAX = 8192, /* the largest of RFC 5054; a test takes seconds */
    GENERATOR_BITS_MAX = 64, /* as s_client: a generator is a small number */
};

static char *give_password(SSL *ssl, void *arg)
{
    const struct srp *srp = arg;

    (void)ssl;
    return OPENSSL_strdup(srp->pass);
}

static void print_number(struct buf *out, const char *before, const BIGNUM *n)
{
    char *hex = BN_bn2hex(n);

    buf_text(out, before);
    if (hex)
        buf_text(out, hex);
    else
        out->refused = true;
    OPENSSL_free(hex);
}

static void log_group(struct buf *log, const BIGNUM *n, const BIGNUM *g)
{
    if (!log)
        return;
    buf_text(log, "SRP parameters:\n");
    print_number(log, "\tN=", n);
    print_number(log, "\n\tg=", g);
    buf_byte(log, '\n');
}

/* Asked between the rounds of a primality test: the server chose the number,
 * and a test of it must not outlive the stage. */
static int in_time(int a, int b, BN_GENCB *cb)
{
    const struct conn *c = BN_GENCB_get_arg(cb);

    (void)a;
    (void)b;
    return deadline_left(c->when) != 0;
}

/* N and (N - 1) / 2 are prime, and g generates: g to the (N - 1) / 2 is -1. */
static bool test_group(const BIGNUM *n, const BIGNUM *g, BN_GENCB *cb)
{
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *half = BN_new(), *power = BN_new();
    bool good = ctx && half && power && BN_is_odd(n)
                && BN_check_prime(n, ctx, cb) == 1 && BN_rshift1(half, n)
                && BN_check_prime(half, ctx, cb) == 1
                && BN_mod_exp(power, g, half, n, ctx) && BN_add_word(power, 1)
                && BN_cmp(power, n) == 0;

    BN_free(half);
    BN_free(power);
    BN_CTX_free(ctx);
    return good;
}

static bool is_safe_group(struct conn *c, const BIGNUM *n, const BIGNUM *g)
{
    BN_GENCB *cb;
    bool safe;

    if (BN_num_bits(n) > GROUP_BITS_MAX || BN_num_bits(g) > GENERATOR_BITS_MAX)
        return false;
    cb = BN_GENCB_new();
    if (!cb)
        return false;
    BN_GENCB_set(cb, in_time, c);
    safe = test_group(n, g, cb);
    BN_GENCB_free(cb);
    return safe;
}

static bool accept_group(struct conn *c, const struct srp *srp)
{
    const BIGNUM *n = SSL_get_srp_N(c->ssl), *g = SSL_get_srp_g(c->ssl);

    if (!n || !g)
        return false;
    if (srp->more_groups || c->trace.msg || c->trace.debug)
        log_group(c->lines.err, n, g);
    if (SRP_check_known_gN_param(g, n))
        return true;
    if (c->lines.err && srp->more_groups && c->trace.debug)
        buf_text(c->lines.err, "SRP param N and g are not known params, going "
                               "to check deeper.\n");
    if (srp->more_groups && is_safe_group(c, n, g))
        return true;
    if (c->lines.err)
        buf_text(c->lines.err, "SRP param N and g rejected.\n");
    return false;
}

/* s_client leaves this call-back out when -srp_moregroups is said, so that
 * OpenSSL refuses what the option is to allow. */
static int check_group(SSL *ssl, void *arg)
{
    return accept_group(conn_of(ssl), arg);
}

bool srp_install(SSL_CTX *ctx, const char *user, int strength,
                 const struct srp *srp)
{
    if (user && !SSL_CTX_set_srp_username(ctx, (char *)(uintptr_t)user))
        return false;
    return SSL_CTX_set_srp_cb_arg(ctx, (void *)(uintptr_t)srp)
           && SSL_CTX_set_srp_client_pwd_callback(ctx, give_password)
           && SSL_CTX_set_srp_strength(ctx, strength)
           && SSL_CTX_set_srp_verify_param_callback(ctx, check_group);
}

const char *srp_user(SSL *ssl)
{
    return SSL_get_srp_username(ssl);
}

#else

bool srp_install(SSL_CTX *ctx, const char *user, int strength,
                 const struct srp *srp)
{
    (void)ctx;
    (void)user;
    (void)strength;
    (void)srp;
    return false;
}

const char *srp_user(SSL *ssl)
{
    (void)ssl;
    return NULL;
}

#endif

bool srp_used(const SSL *ssl)
{
    const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);

    return cipher && SSL_CIPHER_get_kx_nid(cipher) == NID_kx_srp;
}

#ifndef OPENSSL_NO_ENGINE

/* OpenSSL does not load a shared object twice, and does not say which of its
 * engines came out of one: the name of an engine lies in its object. */
static ENGINE *find_loaded(const char *path)
{
    ENGINE *engine = ENGINE_get_first();
    Dl_info from;

    while (engine
           && !(dladdr(ENGINE_get_id(engine), &from)
                && strcmp(from.dli_fname, path) == 0))
        engine = ENGINE_get_next(engine);
    return engine;
}

/* An engine that OpenSSL does not know may be a shared object. */
static ENGINE *load_object(const char *path)
{
    ENGINE *engine = ENGINE_by_id("dynamic");

    if (engine && ENGINE_ctrl_cmd_string(engine, "SO_PATH", path, 0)
        && ENGINE_ctrl_cmd_string(engine, "LIST_ADD", "1", 0)
        && ENGINE_ctrl_cmd_string(engine, "LOAD", NULL, 0))
        return engine;
    ENGINE_free(engine);
    return NULL;
}

static ENGINE *find_engine(const char *id)
{
    ENGINE *engine = find_loaded(id);

    ERR_clear_error();
    if (!engine)
        engine = ENGINE_by_id(id);
    return engine ? engine : load_object(id);
}

const char *engine_name(const char *id)
{
    ENGINE *engine = find_engine(id);
    const char *name = engine ? ENGINE_get_id(engine) : NULL;

    ENGINE_free(engine);
    return name;
}

bool engine_use(const char *id)
{
    ENGINE *engine = find_engine(id);
    bool done = engine && ENGINE_set_default(engine, ENGINE_METHOD_ALL);

    ENGINE_free(engine);
    return done;
}

/* Answers an engine's question; no prompt, whatever it is. */
static int answer(char *to, int room, int writing, void *arg)
{
    const char *pass = arg;
    const size_t len = pass ? strlen(pass) : 0;

    (void)writing;
    if (!pass || len > (size_t)room)
        return -1;
    memcpy(to, pass, len);
    return (int)len;
}

EVP_PKEY *engine_key(const char *id, const char *name, const char *pass)
{
    ENGINE *engine = find_engine(id);
    UI_METHOD *ui = UI_UTIL_wrap_read_pem_callback(answer, 0);
    EVP_PKEY *key = NULL;

    if (engine && ui && ENGINE_init(engine)) {
        key =
            ENGINE_load_private_key(engine, name, ui, (void *)(uintptr_t)pass);
        ENGINE_finish(engine);
    }
    UI_destroy_method(ui);
    ENGINE_free(engine);
    return key;
}

bool engine_choose_cert(SSL_CTX *ctx, const char *id)
{
    ENGINE *engine = find_engine(id);
    bool done = engine && SSL_CTX_set_client_cert_engine(ctx, engine);

    ENGINE_free(engine);
    return done;
}

#else

const char *engine_name(const char *id)
{
    (void)id;
    return NULL;
}

bool engine_use(const char *id)
{
    (void)id;
    return false;
}

EVP_PKEY *engine_key(const char *id, const char *name, const char *pass)
{
    (void)id;
    (void)name;
    (void)pass;
    return NULL;
}

bool engine_choose_cert(SSL_CTX *ctx, const char *id)
{
    (void)ctx;
    (void)id;
    return false;
}

#endif
