/* hello -- what else the ClientHello says of one connection. */
#include "apply.h"

#include "tls/newer.h"

bool apply_status(struct apply *a, const struct option_said *said,
                  struct err *e)
{
    return SSL_set_tlsext_status_type(a->ssl, TLSEXT_STATUSTYPE_ocsp)
           || apply_rejected(a, said, e);
}

bool apply_pha(struct apply *a, const struct option_said *said, struct err *e)
{
    (void)said;
    (void)e;
    SSL_set_post_handshake_auth(a->ssl, 1);
    return true;
}

bool apply_fallback(struct apply *a, const struct option_said *said,
                    struct err *e)
{
    (void)said;
    (void)e;
    SSL_set_mode(a->ssl, SSL_MODE_SEND_FALLBACK_SCSV);
    return true;
}

/* RFC 7250 */
bool apply_raw_key(struct apply *a, const struct option_said *said,
                   struct err *e)
{
    const enum raw_key_side side =
        said->id == OPT_enable_client_rpk ? RAW_KEY_OURS : RAW_KEY_OF_SERVER;

    return raw_key_offer(a->ssl, side) || apply_rejected(a, said, e);
}
