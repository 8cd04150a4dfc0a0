/* Every option that works has a row here that shows it at work: the probe sees
 * something with the words that it does not see with the words before it. */
#include "probes.h"
#include "say.h"

#include <criterion/criterion.h>

#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* ---- rows ---- */

struct effect {
    enum option_id id;
    struct words before; /* the probe must not see it with these alone */
    struct words words; /* and must with these added */
    probe_fn *probe;
    uint64_t number;
    const char *text;
    bool refused; /* the other way round: the effect is a refusal */
};

/* Names of protocols that fill more than one small record. */
#define LONG_NAME                                                         \
    "0123456789012345678901234567890123456789012345678901234567890123456" \
    "0123456789012345678901234567890123456789012345678901234567890123456"
#define LONG_LIST LONG_NAME ",1" LONG_NAME ",2" LONG_NAME ",3" LONG_NAME
#define TLSA_RECORD \
    "3 1 1 0000000000000000000000000000000000000000000000000000000000000000"

/* RFC 7250; not every OpenSSL has names for them. */
enum { EXTENSION_CLIENT_CERT_TYPE = 19, EXTENSION_SERVER_CERT_TYPE = 20 };

/* clang-format off */
static const struct effect effects[] = {
#include "effects.def"
};
/* clang-format on */

/* Effects that only a peer can see, and the flow test that is one; or options
 * that rooms above read from the words. */
static const struct {
    enum option_id id;
    const char *where;
} elsewhere[] = {
    { OPT_client_sigalgs, "tests/flow: which signature a server gets" },
    { OPT_record_padding, "tests/flow: the length of records" },
    { OPT_issuer_checks, "nowhere: OpenSSL ignores it since 1.1.0" },
    { OPT_srp_moregroups, "tests/flow: which groups are taken" },
    { OPT_srp_strength, "tests/flow: which groups are refused" },
    { OPT_connect, "targets" },
    { OPT_host, "targets" },
    { OPT_port, "targets" },
    { OPT_msgfile, "tests/flow: what is in the file" },
    { OPT_sess_out, "tests/flow: what is in the file" },
    { OPT_all_addresses, "tests/flow: a record for each" },
    { OPT_expect, "judge" },
    { OPT_ssl_config, "test_library.c: it needs an openssl.cnf of its own" },
    { OPT_ssl_client_engine, "tests/flow: an engine that has keys" },
};

/* ---- the test ---- */

enum { PATHS = 8, PATH_ROOM = 128 };

/* "@name" becomes the path of a file of the pki. */
struct expanded {
    struct words words;
    char paths[PATHS][PATH_ROOM];
};

static void expand(struct expanded *x, const struct words *before,
                   const struct words *words, const struct pki *pki)
{
    const struct words *const both[] = { before, words };
    size_t n = 0, paths = 0;

    memset(x, 0, sizeof(*x));
    for (size_t i = 0; i < 2; i++)
        for (const char *const *w = both[i]->word; *w; w++) {
            x->words.word[n] = *w;
            if (**w == '@') {
                snprintf(x->paths[paths], PATH_ROOM, "%s/%s", pki->dir, *w + 1);
                x->words.word[n] = x->paths[paths++];
            }
            n++;
        }
}

static bool probe(const struct effect *row, struct plan_cache *cache,
                  const struct words *words, const struct pki *pki)
{
    struct option_set set = say(words);
    struct err e = { 0 };
    struct look at = { .plan = plan_get(cache, &set, &e),
                       .pki = pki,
                       .number = row->number,
                       .text = row->text };
    bool seen = false;

    options_release(&set);
    if (!at.plan)
        return false;
    at.settings = plan_settings(at.plan);
    at.ssl = plan_ssl(at.plan, "www.example.com", &e);
    cr_assert_not_null(at.ssl, "%s", e.msg);
    seen = row->probe(&at);
    SSL_free(at.ssl);
    plan_put(at.plan);
    return seen;
}

static void check(const struct effect *row, struct plan_cache *cache,
                  const struct pki *pki)
{
    static const struct words none;
    const char *name = option_rows[row->id].name;
    struct expanded with, without;
    bool seen;

    expand(&without, &row->before, &none, pki);
    expand(&with, &row->before, &row->words, pki);
    seen = probe(row, cache, &with.words, pki);
    cr_expect(seen != row->refused, "-%s has no effect", name);
    seen = probe(row, cache, &without.words, pki);
    cr_expect(seen == row->refused, "-%s: the probe always sees its effect",
              name);
}

/* Rooms above read it, or nobody can see it from here. */
static bool is_elsewhere(enum option_id id)
{
    for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
        if (elsewhere[i].id == id)
            return true;
    return false;
}

static bool works_here(const struct option_row *row)
{
    return row->scope != OPTION_SCOPE_RUN && row->scope != OPTION_SCOPE_TTY
           && strcmp(row->handler, "refused") != 0;
}

Test(effect, every_option_that_works_has_its_effect)
{
    struct plan_cache *cache = new_cache();
    struct pki pki;

    pki_new(&pki);
    setenv("SSL_CERT_FILE", pki_file(&pki, "root.pem"), 1);
    setenv("SSL_CERT_DIR", pki_file(&pki, "hashed"), 1);
    for (size_t i = 0; i < sizeof(effects) / sizeof(effects[0]); i++) {
        const struct option_row *row = &option_rows[effects[i].id];

        if (plan_have(row->needs) && works_here(row))
            check(&effects[i], cache, &pki);
    }
    plan_cache_free(cache);
    pki_free(&pki);
}

Test(effect, no_option_that_works_is_without_a_row)
{
    bool has_row[OPTIONS_COUNT] = { false };

    for (size_t i = 0; i < sizeof(effects) / sizeof(effects[0]); i++)
        has_row[effects[i].id] = true;
    for (size_t i = 0; i < OPTIONS_COUNT; i++)
        if (works_here(&option_rows[i]) && !is_elsewhere((enum option_id)i))
            cr_expect(has_row[i], "-%s has no row in effects.def",
                      option_rows[i].name);
}
