/* srp -- user and password instead of certificates (-srp...). */
#include "apply.h"

enum { STRENGTH = 1024 }; /* s_client's */

/* As s_client, which raises the lowest version where it is lower. */
static bool leave_ssl3(SSL_CTX *ctx)
{
    return SSL_CTX_get_min_proto_version(ctx) >= TLS1_VERSION
           || SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
}

static bool without_user(struct apply *a, const struct option_said *said)
{
    buf_printf(a->warnings,
               "option '-%s': without effect, as there is no -%s\n",
               option_rows[said->id].name, option_rows[OPT_srpuser].name);
    return true;
}

bool apply_srp(struct apply *a, const struct option_said *said, struct err *e)
{
    const struct option_set *set = a->set;
    const char *user = options_text(set, OPT_srpuser, NULL);
    struct context *c = a->context;

    if (!user)
        return without_user(a, said);
    if (!options_has(set, OPT_srppass))
        return err_set(
            e, ERR_SECRET, "option '-%s': say with -%s where the password is",
            option_rows[OPT_srpuser].name, option_rows[OPT_srppass].name);
    if (!secret_said(a->cache, set, OPT_srppass, &c->srp_pass, e))
        return false;
    c->srp = (struct srp){
        .pass = secret_text(c->srp_pass),
        .more_groups = options_has(set, OPT_srp_moregroups),
    };
    if (leave_ssl3(c->ctx)
        && srp_install(c->ctx, options_has(set, OPT_srp_lateuser) ? NULL : user,
                       (int)options_number(set, OPT_srp_strength, STRENGTH),
                       &c->srp))
        return true;
    return apply_reason(e, ERR_USAGE,
                        "option '-%s': OpenSSL does not accept '%s'",
                        option_rows[OPT_srpuser].name, user);
}
