#include "tls_room.h"

void tls_shutdown(struct conn *c)
{
    /* Not in a handshake that never ended, nor after a fatal error: OpenSSL
     * has sent its alert then. */
    if (c->ssl && SSL_is_init_finished(c->ssl) && !c->got_alert_fatal)
        SSL_shutdown(c->ssl);
    ERR_clear_error();
}
