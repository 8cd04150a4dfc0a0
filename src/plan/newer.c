#include "newer.h"

#include "base/mem.h"

#include <openssl/provider.h>
#include <string.h>

/* ---- 3.5 ---- */

#if OPENSSL_VERSION_NUMBER >= 0x30500000L

struct parameter {
    const char *provider; /* NULL: every one */
    const char *key, *value;
    bool found;
};

static int set_parameter(OSSL_PROVIDER *provider, void *arg)
{
    struct parameter *p = arg;

    if (p->provider && strcmp(OSSL_PROVIDER_get0_name(provider), p->provider))
        return 1;
    p->found = true;
    return OSSL_PROVIDER_add_conf_parameter(provider, p->key, p->value);
}

/* Cuts "[name:]key=value" into its parts. */
static bool cut(struct parameter *p, char *text)
{
    char *value = strchr(text, '='), *key;

    if (!value)
        return false;
    *value++ = '\0';
    key = strchr(text, ':');
    if (key)
        *key++ = '\0';
    *p = (struct parameter){ .provider = key && *text ? text : NULL,
                             .key = key ? key : text,
                             .value = value };
    return *p->key;
}

static bool set_text(struct apply *a, const struct option_said *said,
                     char *text, struct err *e)
{
    struct parameter p;

    if (!cut(&p, text))
        return err_set(e, ERR_USAGE,
                       "option '-%s': '%s' is not [name:]key=value",
                       a->row->name, said->text);
    if (!OSSL_PROVIDER_do_all(a->library->ctx, set_parameter, &p))
        return apply_rejected(a, said, e);
    return p.found
           || err_set(e, ERR_USAGE,
                      "option '-%s': no -%s before '%s' loads such a provider",
                      a->row->name, option_rows[OPT_provider].name, said->text);
}

bool newer_provider_parameter(struct apply *a, const struct option_said *said,
                              struct err *e)
{
    char *text = mem_text(said->text);
    bool done = text ? set_text(a, said, text, e) : err_memory(e, a->row->name);

    mem_free(text);
    return done;
}

#else

bool newer_provider_parameter(struct apply *a, const struct option_said *said,
                              struct err *e)
{
    (void)said;
    return options_missing(a->row, e);
}

#endif
