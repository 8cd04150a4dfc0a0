/* datagram -- DTLS: whether it is spoken, and in packets of what size. */
#include "apply.h"

bool is_datagram(const struct option_set *set)
{
    return options_has(set, OPT_dtls) || options_has(set, OPT_dtls1)
           || options_has(set, OPT_dtls1_2);
}

static void warn_useless(const struct apply *a)
{
    if (a->warnings)
        buf_printf(a->warnings, "option '-%s': only DTLS has it (-%s)\n",
                   a->row->name, option_rows[OPT_dtls].name);
}

bool apply_mtu(struct apply *a, const struct option_said *said, struct err *e)
{
    const long least = (long)DTLS_get_link_min_mtu(a->ssl);

    if (!SSL_is_dtls(a->ssl)) {
        warn_useless(a);
        return true;
    }
    if (said->number < least)
        return a->as_s_client
               || err_set(
                   e, ERR_USAGE,
                   "option '-%s': %lld is too small, it must be at least "
                   "%ld",
                   a->row->name, (long long)said->number, least);
    SSL_set_options(a->ssl, SSL_OP_NO_QUERY_MTU);
    return DTLS_set_link_mtu(a->ssl, (long)said->number)
           || apply_rejected(a, said, e);
}

/* Hardly any OpenSSL has SCTP, and then the row says so before this does. */
bool apply_sctp(struct apply *a, const struct option_said *said, struct err *e)
{
    (void)said;
    return err_set(e, ERR_UNSUPPORTED,
                   "option '-%s': tlsfleet carries DTLS over UDP only; leave "
                   "it out",
                   a->row->name);
}
