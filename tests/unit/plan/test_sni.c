#include "say.h"

#include <criterion/criterion.h>

#include <string.h>

#define NO_TRUST "-no-CAfile", "-no-CApath", "-no-CAstore"
#define DANE \
    "-dane_tlsa_domain", "d.example", "-dane_tlsa_rrdata", "3 0 1 " ZEROS
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static const struct {
    struct words words;
    const char *host;
    const char *sni; /* NULL: none */
} rows[] = {
    { { { 0 } }, "www.example.com", "www.example.com" },
    { { { 0 } }, "_dmarc.example.com", "_dmarc.example.com" },
    { { { 0 } }, "localhost", NULL },
    { { { 0 } }, "www.example.com.", NULL },
    { { { 0 } }, "192.0.2.1", NULL },
    { { { 0 } }, "2001:db8::1", NULL },
    { { { 0 } }, NULL, NULL },
    { { { "-noservername" } }, "www.example.com", NULL },
    { { { "-servername", "other" } }, "www.example.com", "other" },
    { { { DANE } }, "www.example.com", "d.example" },
    { { { DANE } }, NULL, "d.example" },
    { { { DANE, "-servername", "other" } }, "www.example.com", "other" },
    { { { DANE, "-proxy", "p.example:99" } }, "host", "host" },
    { { { "-proxy", "p.example:99" } }, "host", "host" },
    { { { "-servername", "192.0.2.1" } }, NULL, "192.0.2.1" },
};

Test(sni, the_name_is_chosen_as_s_client_chooses_it)
{
    struct plan_cache *cache = new_cache();

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *const *w = rows[i].words.word;
        struct words words = { { NO_TRUST, w[0], w[1], w[2], w[3], w[4],
                                 w[5] } };
        const struct plan *p = get_plan(cache, &words);
        const char *sni = plan_sni(p, rows[i].host);

        cr_expect(rows[i].sni ? sni && strcmp(sni, rows[i].sni) == 0 : !sni,
                  "row %zu: %s", i, sni ? sni : "none");
        plan_put(p);
    }
    plan_cache_free(cache);
}

Test(sni, a_name_that_does_not_fit_is_refused)
{
    struct plan_cache *cache = new_cache();
    char name[300];
    struct err e;

    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    e = get_refusal(cache, WORDS(NO_TRUST, "-servername", name));
    cr_assert_eq(e.code, ERR_USAGE);
    plan_cache_free(cache);
}
