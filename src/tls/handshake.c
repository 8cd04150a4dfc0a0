#include "tls/quic.h"
#include "tls_room.h"

/* A store that could not open its files says "no issuer": the verdict of a
 * handshake in which that happened is worth nothing. */
static bool our_fault(struct conn *c, struct err *e)
{
    struct reason why = { .fault = c->fault };

    return c->fault != ERR_NONE && !explain(c, &why, "the handshake", e);
}

bool tls_handshake(struct conn *c, struct err *e)
{
    struct reason why = { .ssl = SSL_ERROR_NONE };

    e->stage = STAGE_HANDSHAKE;
    guard_begin(c);
    c->finished =
        early_send(c, &why, e) && step_run(c, SSL_do_handshake, &why, e);
    guard_end(c);
    if (!c->finished)
        return explain(c, &why, "the handshake", e);
    psk_note(c);
    reverify(c);
    return !our_fault(c, e);
}

/* True when the server has accepted us, or stays silent. */
static bool settle(struct conn *c, deadline_ms when, struct err *e)
{
    struct reason why = { .ssl = SSL_ERROR_NONE };
    struct err silence = { .code = ERR_NONE };

    for (;;) {
        enum step s = step_once(c, step_look, &why);

        if (s == STEP_FAILED)
            return explain(c, &why, "the session", e);
        if (s == STEP_DONE || c->tickets > 0)
            return true;
        if (!step_wait(c, s, when, &silence))
            return silence.code == ERR_TIMED_OUT
                   || err_set(e, silence.code, "%s", silence.msg);
    }
}

bool tls_settle(struct conn *c, int64_t grace_ms, struct err *e)
{
    if (!quic_or_tls13(c->ssl) || !tls_client_cert_asked(c->ssl))
        return true;
    e->stage = STAGE_HANDSHAKE;
    c->session.awaited = true;
    guard_begin(c);
    bool settled =
        settle(c, deadline_sooner(c->when, deadline_in(grace_ms)), e);
    guard_end(c);
    return settled;
}
