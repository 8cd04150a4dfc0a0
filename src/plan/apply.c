#include "apply.h"

#include <stdarg.h>
#include <stdio.h>

static apply_fn *const handlers[OPTIONS_COUNT] = {
#define OPT(id, name, kind, argname, choices, scope, topic, needs, traits, \
            handler, help)                                                 \
    [OPT_##id] = apply_##handler,
#include "options.def"
#undef OPT
};

enum turn {
    EVERY_WORD, /* once for each of its words, in the order said */
    ONCE, /* once for all its words together, with the last of them */
};

/* The order in which s_client puts things into effect, whatever the order on
 * the command line: a version flag undoes -min_protocol, -build_chain needs
 * the trust stores and the security level of -cipher, and so on. */
/* clang-format off */
static const struct pass {
    apply_fn *handler;
    enum turn turn;
} passes[] = {
    { apply_refused, EVERY_WORD },
    { apply_provider, EVERY_WORD },
    { apply_propquery, ONCE },
    { apply_verify_store, ONCE },
    { apply_store, ONCE },
    { apply_conf, EVERY_WORD },
    { apply_ssl_config, ONCE },
    { apply_version, ONCE },
    { apply_unexpected_eof, ONCE },
    { apply_ktls, ONCE },
    { apply_verify_param, EVERY_WORD },
    { apply_crl_download, ONCE },
    { apply_sizes, ONCE },
    { apply_chain_store, ONCE },
    { apply_request_cas, ONCE },
    { apply_client_engine, ONCE },
    { apply_srtp, ONCE },
    { apply_xcert, ONCE },
    { apply_npn, ONCE },
    { apply_alpn, ONCE },
    { apply_serverinfo, ONCE },
    { apply_ct, ONCE },
    { apply_verify_mode, ONCE },
    { apply_identity, ONCE },
    { apply_srp, ONCE },
    { apply_keylog, ONCE },
    { apply_psk, ONCE },
    { apply_pha, ONCE },
    { apply_raw_key, EVERY_WORD },
    { apply_fallback, ONCE },
    { apply_dane, ONCE },
    { apply_status, ONCE },
    { apply_nameopt, EVERY_WORD },
    { apply_trace, EVERY_WORD },
    { apply_messages, EVERY_WORD },
    { apply_security, EVERY_WORD },
    { apply_async, ONCE },
    { apply_mtu, ONCE },
    { apply_sctp, ONCE },
    { apply_tfo, ONCE },
};
/* clang-format on */

static bool run_pass(struct apply *a, const struct pass *pass,
                     enum option_scope scope, struct err *e)
{
    const struct option_said *last = NULL;

    for (size_t i = 0; i < a->set->count; i++) {
        const struct option_said *said = &a->set->said[i];

        if (handlers[said->id] != pass->handler
            || option_rows[said->id].scope != scope)
            continue;
        last = said;
        a->row = &option_rows[said->id];
        if (pass->turn == EVERY_WORD && !pass->handler(a, said, e))
            return false;
    }
    return pass->turn != ONCE || !last || pass->handler(a, last, e);
}

bool apply_scope(struct apply *a, enum option_scope scope, struct err *e)
{
    for (size_t i = 0; i < sizeof(passes) / sizeof(passes[0]); i++)
        if (!run_pass(a, &passes[i], scope, e))
            return false;
    return true;
}

/* ---- handlers that do nothing but answer ---- */

bool apply_none(struct apply *a, const struct option_said *said, struct err *e)
{
    (void)a;
    (void)said;
    (void)e;
    return true;
}

bool apply_refused(struct apply *a, const struct option_said *said,
                   struct err *e)
{
    return err_set(e, ERR_USAGE,
                   "Call to SSL_CONF_cmd(-%s, %s) failed: OpenSSL knows it for "
                   "servers only, s_client refuses it too; leave it out",
                   a->row->name, said->text ? said->text : "<NULL>");
}

bool apply_default(bool done, struct err *e)
{
    if (done || err_row(e->code)->status == STATUS_INTERNAL)
        return done;
    err_clear(e);
    return true;
}

/* ---- sentences ---- */

bool apply_reason(struct err *e, enum err_code code, const char *fmt, ...)
{
    char what[ERR_MSG_MAX];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(what, sizeof(what), fmt, ap);
    va_end(ap);
    return tls_reason(e, code, what);
}

bool apply_rejected(const struct apply *a, const struct option_said *said,
                    struct err *e)
{
    if (said->text)
        return apply_reason(e, ERR_USAGE,
                            "option '-%s': OpenSSL does not accept '%s'",
                            a->row->name, said->text);
    return apply_reason(e, ERR_USAGE, "option '-%s': OpenSSL refuses it",
                        a->row->name);
}
