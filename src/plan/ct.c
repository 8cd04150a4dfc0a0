/* ct -- certificate transparency (-ct, -noct, -ctlogfile). */
#include "apply.h"

#include <openssl/err.h>

#ifndef OPENSSL_NO_CT

static bool load_logs(SSL_CTX *ctx, const char *file)
{
    return file ? SSL_CTX_set_ctlog_list_file(ctx, file)
                : SSL_CTX_set_default_ctlog_list_file(ctx);
}

/* As s_client: what is wrong with the list matters only with -ct. */
static bool refuse_logs(const struct apply *a, const char *file, struct err *e)
{
    if (!options_has(a->set, OPT_ct)) {
        ERR_clear_error();
        buf_printf(a->warnings,
                   "option '-%s': '%s' cannot be loaded, and is of no use "
                   "without -%s\n",
                   option_rows[OPT_ctlogfile].name, file,
                   option_rows[OPT_ct].name);
        return true;
    }
    if (file)
        return apply_reason(e, ERR_FILE,
                            "option '-%s': cannot load the logs of '%s'",
                            option_rows[OPT_ctlogfile].name, file);
    return apply_reason(e, ERR_FILE,
                        "option '-%s': there is no list of logs where OpenSSL "
                        "looks for one; name one with -%s",
                        option_rows[OPT_ct].name,
                        option_rows[OPT_ctlogfile].name);
}

bool apply_ct(struct apply *a, const struct option_said *said, struct err *e)
{
    SSL_CTX *ctx = a->context->ctx;
    const char *file = options_text(a->set, OPT_ctlogfile, NULL);
    const bool wanted = options_has(a->set, OPT_ct);

    (void)said;
    if (wanted && !ct_install(ctx))
        return apply_reason(e, ERR_USAGE, "option '-%s'",
                            option_rows[OPT_ct].name);
    if ((!wanted && !file) || load_logs(ctx, file))
        return true;
    return refuse_logs(a, file, e);
}

#else

bool apply_ct(struct apply *a, const struct option_said *said, struct err *e)
{
    (void)said;
    return apply_missing(a, e);
}

#endif
