/* probes of sessions, what is sent over them, and DTLS */
#include "probes.h"

#include "tls/quic.h"

#include <string.h>
#include <sys/socket.h>

static bool holds(const struct payload *p, const char *text)
{
    return p && p->len == strlen(text) && memcmp(p->data, text, p->len) == 0;
}

bool offers_session(const struct look *at)
{
    return at->settings->session
           && SSL_SESSION_get_protocol_version(at->settings->session)
                  == (int)at->number;
}

bool reconnects(const struct look *at)
{
    return at->settings->reconnect;
}

bool sends_early(const struct look *at)
{
    return holds(at->settings->early_data, at->text);
}

bool sends_input(const struct look *at)
{
    return holds(at->settings->input, at->text);
}

bool speaks_dtls(const struct look *at)
{
    return SSL_is_dtls(at->ssl) && at->settings->socktype == SOCK_DGRAM;
}

bool only_dtls(const struct look *at)
{
    return speaks_dtls(at) && only_version(at);
}

bool speaks_quic(const struct look *at)
{
    return quic_is(at->ssl) && at->settings->socktype == SOCK_DGRAM;
}
