/* shake -- the TLS handshake of one attempt. */
#include "probe_room.h"

enum {
    GRACE_MIN_MS = 200, /* for a late refusal of our certificate, a ticket */
    GRACE_MAX_MS = 2000,
};

/* A server has read our last flight after about the time that the handshake
 * took: twice that, within bounds. */
int64_t grace_ms(const struct attempt *a)
{
    int64_t ms = 2 * a->shaken_us / 1000;

    return ms < GRACE_MIN_MS   ? GRACE_MIN_MS
           : ms > GRACE_MAX_MS ? GRACE_MAX_MS
                               : ms;
}

/* As s_client: -brief shuts standard output to all but messages, and -debug
 * opens it again. */
struct conn_lines attempt_lines(struct attempt *a)
{
    struct probe *p = a->probe;
    const struct plan_settings *s = p->settings;
    const bool shut = s->brief && !s->trace.debug;
    struct buf *out = p->env->want_block ? &a->out : NULL;

    if (a->opened)
        return a->opened->lines;
    return (struct conn_lines){
        .err = p->env->want_log ? &a->err : NULL,
        .out = shut ? NULL : out,
        .msg = options_has(&p->target->words, OPT_msgfile) ? &p->messages : out,
    };
}

bool prepare_conn(struct attempt *a, struct err *e)
{
    const struct probe *p = a->probe;
    struct conn_ask ask;
    SSL *ssl;

    e->stage = STAGE_HANDSHAKE;
    ssl = plan_ssl(p->plan, p->target->host, e);
    ask = (struct conn_ask){
        .ssl = ssl,
        .fd = a->fd,
        .waiter = p->waiter,
        .when = a->handshake_by,
        .verify = p->settings->verify,
        .trace = p->settings->trace,
        .lines = attempt_lines(a),
        .psk = p->settings->psk,
        .session = { .offer = a->session ? a->session : p->settings->session,
                     .early = p->settings->early_data },
    };
    return ssl && conn_init(&a->conn, &ask, e);
}

bool shake_hands(struct attempt *a, struct err *e)
{
    const int64_t start = clock_now_us();

    if (!prepare_conn(a, e) || !tls_handshake(&a->conn, e))
        return false;
    a->shaken_us = clock_now_us() - start;
    record_number(a->probe->record, REC_ms_handshake, a->shaken_us);
    if (tls_client_cert_asked(a->conn.ssl)
        && !tls_settle(&a->conn, grace_ms(a), e))
        return false;
    return check_revocation(a, e);
}
