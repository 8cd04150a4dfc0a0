/* alert -- what the peer says beside its data: alerts, and tickets. */
#include "tls_room.h"

#include <stdio.h>

const char *alert_name(int number)
{
    switch (number) {
    case SSL_AD_INAPPROPRIATE_FALLBACK:
        return "inappropriate fallback";
    case SSL_AD_MISSING_EXTENSION:
        return "missing extension";
    case SSL_AD_CERTIFICATE_REQUIRED:
        return "certificate required";
    default:
        return SSL_alert_desc_string_long(number);
    }
}

bool alert_wants_certificate(int number)
{
    switch (number) {
    case SSL_AD_CERTIFICATE_REQUIRED:
    case SSL_AD_HANDSHAKE_FAILURE:
    case SSL_AD_NO_CERTIFICATE:
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_ACCESS_DENIED:
        return true;
    default:
        return false;
    }
}

/* A fatal alert is the last word; a warning only stays until one comes. */
static void note_alert(struct conn *c, int level, int number)
{
    if (number == SSL_AD_CLOSE_NOTIFY || c->got_alert_fatal)
        return;
    c->got_alert_fatal = level == SSL3_AL_FATAL;
    snprintf(c->alert, sizeof(c->alert), "%s", alert_name(number));
}

void alert_note(struct conn *c, int where, int value)
{
    if (where == SSL_CB_READ_ALERT)
        note_alert(c, value >> 8, value & 0xff);
    /* A ticket of TLS 1.3 is a state that is passed through on the way back
     * to the open connection. */
    else if (where == SSL_CB_CONNECT_LOOP
             && SSL_get_state(c->ssl) == TLS_ST_CR_SESSION_TICKET)
        c->tickets++;
    else if (where == SSL_CB_CONNECT_EXIT && value > 0)
        c->asides++;
}
