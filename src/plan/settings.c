/* settings -- what a plan says to the rooms above, out of its words. */
#include "apply.h"

#include <openssl/x509.h>
#include <sys/socket.h>

enum {
    DEADLINE_MS = 30000,
    STAGE_MS = 10000,
    RETRIES = 1,
    KEYMAT_LEN = 20, /* bytes, as s_client */
};

/* How the openssl program prints names; it changed with 3.2. */
#if OPENSSL_VERSION_NUMBER >= 0x30200000L
enum {
    NAMEOPT = XN_FLAG_SEP_CPLUS_SPC | ASN1_STRFLGS_UTF8_CONVERT
              | ASN1_STRFLGS_ESC_CTRL
};
#else
enum { NAMEOPT = XN_FLAG_ONELINE };
#endif

static int family_of(const struct option_set *set)
{
    if (options_has(set, OPT_4))
        return AF_INET;
    return options_has(set, OPT_6) ? AF_INET6 : AF_UNSPEC;
}

static int socktype_of(const struct option_set *set)
{
    return is_datagram(set) || options_has(set, OPT_quic) ? SOCK_DGRAM
                                                          : SOCK_STREAM;
}

/* -name and -xmpphost are one setting: the last of them counts. */
static const char *dialog_name_of(const struct option_set *set)
{
    const struct option_said *name = options_last(set, OPT_name);
    const struct option_said *host = options_last(set, OPT_xmpphost);

    if (name && host)
        return (name > host ? name : host)->text;
    return name ? name->text : host ? host->text : NULL;
}

static void fill_network(struct plan *p)
{
    const struct option_set *set = &p->words;
    struct plan_settings *s = &p->settings;

    s->family = family_of(set);
    s->socktype = socktype_of(set);
    s->bind_host = p->bind.host;
    s->bind_port = p->bind.port;
    s->unix_path = options_text(set, OPT_unix, NULL);
    s->proxy_host = p->proxy.host;
    s->proxy_port = p->proxy.port;
    s->proxy_user = options_text(set, OPT_proxy_user, NULL);
    s->proxy_pass = secret_text(p->proxy_pass);
    s->starttls = options_text(set, OPT_starttls, NULL);
    s->name = dialog_name_of(set);
    s->deadline_ms = options_number(set, OPT_deadline, DEADLINE_MS);
    s->connect_ms = options_number(set, OPT_connect_timeout, STAGE_MS);
    s->handshake_ms = options_number(set, OPT_handshake_timeout, STAGE_MS);
    s->retries = (unsigned)options_number(set, OPT_retries, RETRIES);
}

static void fill_rest(struct plan *p)
{
    const struct option_set *set = &p->words;
    struct plan_settings *s = &p->settings;

    s->servername = options_text(set, OPT_servername, NULL);
    s->noservername = options_has(set, OPT_noservername);
    s->brief = options_has(set, OPT_brief);
    s->showcerts = options_has(set, OPT_showcerts);
    s->status = options_has(set, OPT_status);
    s->alpn = options_has(set, OPT_alpn);
    s->npn = options_has(set, OPT_nextprotoneg);
    s->serverinfo = options_has(set, OPT_serverinfo);
    s->raw_key = options_has(set, OPT_enable_server_rpk);
    s->ktls = options_has(set, OPT_ktls);
    s->private_crl = options_has(set, OPT_allow_private_crl);
    s->dane_domain = options_text(set, OPT_dane_tlsa_domain, NULL);
    s->keymat_label = options_text(set, OPT_keymatexport, NULL);
    s->keymat_len =
        (size_t)options_number(set, OPT_keymatexportlen, KEYMAT_LEN);
    s->prexit = options_has(set, OPT_prexit);
    s->trace.staple = s->status;
    s->trace.no_name = !s->noservername;
    s->verify = (struct verify_rule){
        .depth = (int)options_number(set, OPT_verify, -1),
        .return_error = options_has(set, OPT_verify_return_error),
        .quiet = options_has(set, OPT_verify_quiet) || s->brief,
        .nameopt = options_has(set, OPT_nameopt) ? 0 : NAMEOPT,
    };
}

static bool parse_hostport(struct hostport *out, const struct option_set *set,
                           enum option_id id, struct err *e)
{
    const char *text = options_text(set, id, NULL);

    return !text || hostport_parse(out, text, e);
}

/* A connection that is opened with its first bytes is not there for a server
 * to speak first on. */
bool apply_tfo(struct apply *a, const struct option_said *said, struct err *e)
{
    const struct plan_settings *s = a->settings;

    (void)said;
    (void)e;
    a->settings->fast_open = s->proxy_host || !s->starttls;
    if (!a->settings->fast_open)
        buf_printf(a->warnings,
                   "option '-%s': no effect with -%s, where the server may "
                   "speak first\n",
                   a->row->name, option_rows[OPT_starttls].name);
    return true;
}

bool settings_fill(struct plan *p, struct plan_cache *cache, struct err *e)
{
    struct apply a = { .set = &p->words,
                       .cache = cache,
                       .settings = &p->settings,
                       .warnings = &p->warnings };

    if (!parse_hostport(&p->bind, &p->words, OPT_bind, e)
        || !parse_hostport(&p->proxy, &p->words, OPT_proxy, e)
        || !secret_said(cache, &p->words, OPT_proxy_pass, &p->proxy_pass, e))
        return false;
    if (!psk_fill(p, e) || !session_fill(p, cache, e))
        return false;
    fill_network(p);
    fill_rest(p);
    return apply_scope(&a, OPTION_SCOPE_NET, e)
           && apply_scope(&a, OPTION_SCOPE_OUT, e);
}
