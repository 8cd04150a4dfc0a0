/* verify -- how the server's certificate is judged. */
#include "apply.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

/* The options that are nothing but a flag of X509_VERIFY_PARAM. */
static const struct {
    enum option_id id;
    unsigned long flags;
} verify_flags[] = {
    { OPT_ignore_critical, X509_V_FLAG_IGNORE_CRITICAL },
    { OPT_issuer_checks, X509_V_FLAG_CB_ISSUER_CHECK },
    { OPT_crl_check, X509_V_FLAG_CRL_CHECK },
    { OPT_crl_check_all, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL },
    { OPT_policy_check, X509_V_FLAG_POLICY_CHECK },
    { OPT_explicit_policy, X509_V_FLAG_EXPLICIT_POLICY },
    { OPT_inhibit_any, X509_V_FLAG_INHIBIT_ANY },
    { OPT_inhibit_map, X509_V_FLAG_INHIBIT_MAP },
    { OPT_x509_strict, X509_V_FLAG_X509_STRICT },
    { OPT_extended_crl, X509_V_FLAG_EXTENDED_CRL_SUPPORT },
    { OPT_use_deltas, X509_V_FLAG_USE_DELTAS },
    { OPT_policy_print, X509_V_FLAG_NOTIFY_POLICY },
    { OPT_check_ss_sig, X509_V_FLAG_CHECK_SS_SIGNATURE },
    { OPT_trusted_first, X509_V_FLAG_TRUSTED_FIRST },
    { OPT_suiteB_128_only, X509_V_FLAG_SUITEB_128_LOS_ONLY },
    { OPT_suiteB_128, X509_V_FLAG_SUITEB_128_LOS },
    { OPT_suiteB_192, X509_V_FLAG_SUITEB_192_LOS },
    { OPT_partial_chain, X509_V_FLAG_PARTIAL_CHAIN },
    { OPT_no_alt_chains, X509_V_FLAG_NO_ALT_CHAINS },
    { OPT_no_check_time, X509_V_FLAG_NO_CHECK_TIME },
    { OPT_allow_proxy_certs, X509_V_FLAG_ALLOW_PROXY_CERTS },
};

/* ---- options with a value ---- */

typedef bool set_fn(X509_VERIFY_PARAM *param, const struct option_said *said);

static bool add_policy(X509_VERIFY_PARAM *param, const struct option_said *said)
{
    ASN1_OBJECT *policy = OBJ_txt2obj(said->text, 0);

    if (policy && X509_VERIFY_PARAM_add0_policy(param, policy))
        return true;
    ASN1_OBJECT_free(policy);
    return false;
}

static bool set_purpose(X509_VERIFY_PARAM *param,
                        const struct option_said *said)
{
    int nth = X509_PURPOSE_get_by_sname(said->text);

    return nth >= 0
           && X509_VERIFY_PARAM_set_purpose(
               param, X509_PURPOSE_get_id(X509_PURPOSE_get0(nth)));
}

static bool set_named(X509_VERIFY_PARAM *param, const struct option_said *said)
{
    const X509_VERIFY_PARAM *named = X509_VERIFY_PARAM_lookup(said->text);

    return named && X509_VERIFY_PARAM_set1(param, named);
}

/* As s_client: a negative number is passed over. */
static bool set_depth(X509_VERIFY_PARAM *param, const struct option_said *said)
{
    if (said->number >= 0)
        X509_VERIFY_PARAM_set_depth(param, (int)said->number);
    return true;
}

static bool set_auth_level(X509_VERIFY_PARAM *param,
                           const struct option_said *said)
{
    if (said->number >= 0)
        X509_VERIFY_PARAM_set_auth_level(param, (int)said->number);
    return true;
}

static bool set_time(X509_VERIFY_PARAM *param, const struct option_said *said)
{
    X509_VERIFY_PARAM_set_time(param, (time_t)said->number);
    return true;
}

static bool set_hostname(X509_VERIFY_PARAM *param,
                         const struct option_said *said)
{
    return X509_VERIFY_PARAM_set1_host(param, said->text, 0);
}

static bool set_email(X509_VERIFY_PARAM *param, const struct option_said *said)
{
    return X509_VERIFY_PARAM_set1_email(param, said->text, 0);
}

static bool set_ip(X509_VERIFY_PARAM *param, const struct option_said *said)
{
    return X509_VERIFY_PARAM_set1_ip_asc(param, said->text);
}

static const struct {
    enum option_id id;
    set_fn *set;
    const char *want; /* what would be right */
} verify_values[] = {
    { OPT_policy, add_policy, "an object identifier or the name of one" },
    { OPT_purpose, set_purpose, "a purpose that this OpenSSL knows" },
    { OPT_verify_name, set_named, "a parameter set that this OpenSSL knows" },
    { OPT_verify_depth, set_depth, "a number" },
    { OPT_auth_level, set_auth_level, "a number" },
    { OPT_attime, set_time, "seconds since 1970" },
    { OPT_verify_hostname, set_hostname, "a host name" },
    { OPT_verify_email, set_email, "an e-mail address" },
    { OPT_verify_ip, set_ip, "an IPv4 or IPv6 address" },
};

static bool set_value(X509_VERIFY_PARAM *param, const struct option_said *said,
                      struct err *e)
{
    for (size_t i = 0; i < sizeof(verify_values) / sizeof(verify_values[0]);
         i++) {
        if (verify_values[i].id != said->id)
            continue;
        if (verify_values[i].set(param, said))
            return true;
        ERR_clear_error();
        return err_set(e, ERR_USAGE, "option '-%s': '%s' is not %s",
                       option_rows[said->id].name, said->text,
                       verify_values[i].want);
    }
    return err_set(e, ERR_UNSUPPORTED, "option '-%s' is none about verifying",
                   option_rows[said->id].name);
}

bool apply_verify_param(struct apply *a, const struct option_said *said,
                        struct err *e)
{
    X509_VERIFY_PARAM *param = SSL_CTX_get0_param(a->context->ctx);

    for (size_t i = 0; i < sizeof(verify_flags) / sizeof(verify_flags[0]); i++)
        if (verify_flags[i].id == said->id)
            return X509_VERIFY_PARAM_set_flags(param, verify_flags[i].flags)
                   || apply_rejected(a, said, e);
    return set_value(param, said, e);
}

/* Where a list may have to be fetched nothing is asked for in the handshake,
 * but by tls_check_revocation() after it. */
bool apply_crl_download(struct apply *a, const struct option_said *said,
                        struct err *e)
{
    X509_VERIFY_PARAM *param = SSL_CTX_get0_param(a->context->ctx);
    const unsigned long flags =
        X509_VERIFY_PARAM_get_flags(param)
        & (X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);

    (void)e;
    if (!flags)
        buf_printf(a->warnings,
                   "option '-%s': no list is asked for without "
                   "-%s or -%s\n",
                   option_rows[said->id].name, option_rows[OPT_crl_check].name,
                   option_rows[OPT_crl_check_all].name);
    X509_VERIFY_PARAM_clear_flags(param, flags);
    a->context->revocation = flags;
    return true;
}

/* -verify and -verify_return_error: whether an error ends the handshake is
 * decided by tls_verify_callback() and the rule in the settings. */
bool apply_verify_mode(struct apply *a, const struct option_said *said,
                       struct err *e)
{
    (void)said;
    (void)e;
    SSL_CTX_set_verify(a->context->ctx, SSL_VERIFY_PEER, tls_verify_callback);
    return true;
}
