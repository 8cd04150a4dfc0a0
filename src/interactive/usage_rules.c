/* usage_rules -- what s_client says once it has read all options, in its
 * order. */
#include "usage.h"

#include "base/hostport.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool said(const struct usage *u, enum option_id id)
{
    return u->said[id] != NULL;
}

static bool is_datagram(const struct usage *u)
{
    return said(u, OPT_dtls) || said(u, OPT_dtls1) || said(u, OPT_dtls1_2);
}

static bool check_hosts(struct usage *u)
{
    if (u->hosts == 1 && said(u, OPT_connect))
        return usage_refuse_help(u, S_CLIENT "cannot provide both -connect "
                                             "option and target parameter");
    return u->hosts <= 1 || usage_hint(u);
}

static bool check_names(struct usage *u)
{
    if (u->families > 1)
        return usage_refuse_help(u, S_CLIENT "Can't use both -4 and -6");
    if (!said(u, OPT_noservername))
        return true;
    if (said(u, OPT_servername))
        return usage_refuse_help(u, S_CLIENT "Can't use -servername and "
                                             "-noservername together");
    if (said(u, OPT_dane_tlsa_domain))
        return usage_refuse_help(u, S_CLIENT "Can't use -dane_tlsa_domain and "
                                             "-noservername together");
    return true;
}

/* ---- addresses ---- */

static bool is_hostport(const char *text)
{
    struct err e = { .code = ERR_NONE };
    struct hostport hp = { 0 };
    const bool good = hostport_parse(&hp, text, &e);

    if (good)
        hostport_release(&hp);
    return good;
}

static bool check_address(struct usage *u, enum option_id id, const char *what)
{
    return !said(u, id) || is_hostport(u->said[id])
           || usage_refuse(u, S_CLIENT "-%s %s malformed or ambiguous",
                           option_rows[id].name, what);
}

static bool check_addresses(struct usage *u)
{
    if (!check_address(u, OPT_connect, "argument or target parameter"))
        return false;
    if (said(u, OPT_proxy) && !said(u, OPT_connect) && !said(u, OPT_host)
        && !said(u, OPT_unix) && !u->host)
        return usage_refuse_help(
            u, S_CLIENT "-proxy requires use of -connect or target parameter");
    return check_address(u, OPT_proxy, "argument")
           && check_address(u, OPT_bind, "argument parameter");
}

static bool check_transport(struct usage *u)
{
    if (u->socket == SOCKET_UNIX && is_datagram(u))
        return usage_refuse(u, "Can't use unix sockets and datagrams together");
    if (said(u, OPT_sctp) && !is_datagram(u))
        return usage_refuse(u, "Can't use -sctp without DTLS");
    return true;
}

/* Between commas; empty names do not count, but there must be one. */
static bool check_protocols(struct usage *u, enum option_id id)
{
    enum { NAME_MAX_BYTES = 255 };
    const char *at = u->said[id];
    bool some = false, good = true;

    if (!at)
        return true;
    while (*at) {
        const size_t len = strcspn(at, ",");

        some |= len > 0;
        good &= len <= NAME_MAX_BYTES;
        at += len + (at[len] == ',');
    }
    return (some && good)
           || usage_refuse(u, "Error parsing -%s argument",
                           option_rows[id].name);
}

/* ---- secrets ---- */

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* The line that says why there is no secret. */
static bool complain_source(struct usage *u, const char *source)
{
    enum { SOURCE_MAX = 4 }; /* bytes of "pass" and the like */
    const char *colon = strchr(source, ':');

    if (begins(source, "pass:") || strcmp(source, "stdin") == 0
        || begins(source, "fd:"))
        return true;
    if (begins(source, "env:"))
        return getenv(source + 4)
               || usage_refuse(u, "No environment variable %s", source + 4);
    if (begins(source, "file:"))
        return access(source + 5, R_OK) == 0
               || usage_refuse(u, "Can't open file %s", source + 5);
    if (!colon || colon - source > SOURCE_MAX)
        return usage_refuse(u, "Invalid password argument, missing ':' within "
                               "the first 5 chars");
    return usage_refuse(u, "Invalid password argument, starting with \"%.*s\"",
                        (int)(colon - source + 1), source);
}

static bool check_secret(struct usage *u, enum option_id id, const char *what)
{
    return !said(u, id) || complain_source(u, u->said[id])
           || usage_refuse(u, "Error getting %s", what);
}

static bool check_secrets(struct usage *u)
{
    if (!check_secret(u, OPT_pass, "private key password")
        || !check_secret(u, OPT_proxy_pass, "proxy password"))
        return false;
    if (said(u, OPT_proxy_pass) && !said(u, OPT_proxy_user))
        return usage_refuse(u, "Error: Must specify proxy_user with "
                               "proxy_pass");
    return check_secret(u, OPT_srppass, "password");
}

/* -keyform ENGINE without one: s_client goes on to look for a file. */
static bool check_key_form(struct usage *u)
{
    const char *form = said(u, OPT_keyform) ? u->said[OPT_keyform] : "";

    if (said(u, OPT_engine) || (form[0] != 'E' && form[0] != 'e')
        || (!said(u, OPT_key) && !said(u, OPT_cert)))
        return true;
    return usage_refuse(u, "No engine specified for loading client certificate "
                           "private key\n"
                           "No filename or uri specified for loading\n"
                           " client certificate private key");
}

/* ---- what a context does not take ---- */

static bool check_size(struct usage *u, enum option_id id, const char *what)
{
    const char *range = option_rows[id].choices;
    const long n = said(u, id) ? strtol(u->said[id], NULL, 10) : 0;
    char *dots;
    const long first = strtol(range, &dots, 10);

    return n <= 0 || (n >= first && n <= strtol(dots + 2, NULL, 10))
           || usage_refuse(u, S_CLIENT "%s %ld is out of permitted range", what,
                           n);
}

static bool check_sizes(struct usage *u)
{
    return check_size(u, OPT_max_send_frag, "Max send fragment size")
           && check_size(u, OPT_split_send_frag, "Split send fragment size")
           && check_size(u, OPT_max_pipelines, "Max pipelines");
}

static bool check_dane(struct usage *u)
{
    if (said(u, OPT_dane_tlsa_domain) && !said(u, OPT_dane_tlsa_rrdata))
        return usage_refuse(u, S_CLIENT "DANE TLSA authentication requires at "
                                        "least one -dane_tlsa_rrdata option.");
    if (said(u, OPT_dane_tlsa_rrdata) && !said(u, OPT_dane_tlsa_domain))
        return usage_refuse(u, S_CLIENT "DANE TLSA authentication requires "
                                        "the -dane_tlsa_domain option.");
    return true;
}

static bool check_datagrams(struct usage *u)
{
    if (said(u, OPT_tfo) && is_datagram(u))
        return usage_refuse(u, S_CLIENT "DTLS does not support the -tfo "
                                        "option");
    if (said(u, OPT_tfo) && said(u, OPT_quic))
        return usage_refuse(u, S_CLIENT "QUIC does not support the -tfo "
                                        "option");
    return !said(u, OPT_quic) || said(u, OPT_alpn)
           || usage_refuse(u, S_CLIENT "QUIC requires ALPN to be specified "
                                       "(e.g. \"h3\" for HTTP/3) via the -alpn "
                                       "option");
}

bool usage_rules(struct usage *u)
{
    if (!check_hosts(u) || !check_names(u))
        return false;
    if (said(u, OPT_nextprotoneg) && said(u, OPT_tls1_3))
        return usage_refuse_help(u, "Cannot supply -nextprotoneg with TLSv1.3");
    return check_addresses(u) && check_transport(u)
           && check_protocols(u, OPT_nextprotoneg) && check_secrets(u)
           && check_key_form(u) && check_sizes(u)
           && check_protocols(u, OPT_alpn) && check_dane(u)
           && check_datagrams(u);
}
