/* state -- states and alerts as -state shows them. */
#include "tls/quic.h"
#include "tls_room.h"

static void log_alert(struct buf *out, const char *way, int value)
{
    buf_printf(out, "SSL3 alert %s:%s:%s\n", way,
               SSL_alert_type_string_long(value),
               SSL_alert_desc_string_long(value));
}

/* A call that returns although nothing is finished yet only has to wait: with
 * s_client's blocking socket that does not happen.  Its socket of QUIC does not
 * block; to ask such a connection here would wait for a lock that it holds. */
static bool is_told(const struct conn *c)
{
    return c->trace.waits || quic_is(c->ssl) || !step_waits(c->ssl);
}

static void log_exit(const struct conn *c, const char *role, int result)
{
    if (result > 0 || !is_told(c))
        return;
    buf_printf(c->lines.err, "%s:%s in %s\n", role,
               result == 0 ? "failed" : "error", SSL_state_string_long(c->ssl));
}

void state_log(const struct conn *c, int where, int value)
{
    const char *role = where & SSL_ST_CONNECT ? "SSL_connect" : "undefined";

    if (where & SSL_CB_LOOP)
        buf_printf(c->lines.err, "%s:%s\n", role,
                   SSL_state_string_long(c->ssl));
    else if (where & SSL_CB_ALERT)
        log_alert(c->lines.err, where & SSL_CB_READ ? "read" : "write", value);
    else if (where & SSL_CB_EXIT)
        log_exit(c, role, value);
}
