/* sni -- which server name the ClientHello carries. */
#include "plan_room.h"

const char *plan_sni(const struct plan *p, const char *host)
{
    const struct plan_settings *s = &p->settings;

    if (s->noservername)
        return NULL;
    if (s->servername)
        return s->servername;
    /* As s_client: behind a proxy the host goes out verbatim, be it an address
     * or a single label. */
    if (s->proxy_host && host)
        return host;
    if (s->dane_domain)
        return s->dane_domain;
    return host && hostport_is_dns_name(host) ? host : NULL;
}
