/* session -- offered before a handshake, waited for and copied after it. */
#include "tls/quic.h"
#include "tls_room.h"

#include <openssl/pem.h>

/* OpenSSL spoils the session of a connection that breaks: each has its own. */
bool session_offer(struct conn *c)
{
    SSL_SESSION *copy;
    bool set;

    if (!c->session.ask.offer)
        return true;
    copy = SSL_SESSION_dup(c->session.ask.offer);
    set = copy && SSL_set_session(c->ssl, copy);
    SSL_SESSION_free(copy);
    return set;
}

bool tls_resumed(const struct conn *c)
{
    return SSL_session_reused(c->ssl) && !c->psk.identity;
}

long tls_verdict(const struct conn *c)
{
    return c->session.judged ? c->session.verdict
                             : SSL_get_verify_result(c->ssl);
}

/* ---- tickets ---- */

/* An end of the connection is no failure: the handshake was done.  Unless the
 * fault is ours: then nobody knows what tickets there are. */
static bool is_end(struct conn *c, const struct reason *why, struct err *e)
{
    struct err end = { .stage = e->stage };

    return explain(c, why, "the session", &end)
           || err_row(end.code)->status != STATUS_INTERNAL
           || err_set(e, end.code, "%s", end.msg);
}

/* Takes tickets up to the first that has to be waited for once there is one. */
static bool hear_tickets(struct conn *c, deadline_ms when, struct err *e)
{
    for (;;) {
        struct reason why = { .ssl = SSL_ERROR_NONE };
        struct err silence = { .code = ERR_NONE };
        const unsigned before = c->tickets;
        const enum step s = step_once(c, step_look, &why);

        if (s == STEP_DONE)
            return true;
        if (s == STEP_FAILED)
            return is_end(c, &why, e);
        /* Several may have come in one record. */
        if (c->tickets > before && SSL_has_pending(c->ssl))
            continue;
        if (c->tickets > 0)
            when = deadline_in(0);
        if (!step_wait(c, s, when, &silence))
            return silence.code == ERR_TIMED_OUT
                   || err_set(e, silence.code, "%s", silence.msg);
    }
}

bool tls_await_ticket(struct conn *c, int64_t grace_ms, struct err *e)
{
    /* Who has waited already, for a verdict on our certificate, has heard what
     * there was to hear. */
    const deadline_ms when = deadline_in(c->session.awaited ? 0 : grace_ms);
    bool heard;

    /* Where OpenSSL gave up it may for ever want to read, and never does. */
    if (c->spent || !quic_or_tls13(c->ssl))
        return true;
    c->session.awaited = true;
    guard_begin(c);
    heard = hear_tickets(c, deadline_sooner(c->when, when), e);
    guard_end(c);
    return heard;
}

SSL_SESSION *tls_copy_session(const struct conn *c)
{
    const SSL_SESSION *session = c->ssl ? SSL_get0_session(c->ssl) : NULL;

    if (!c->finished || !session || !SSL_SESSION_is_resumable(session))
        return NULL;
    return SSL_SESSION_dup(session);
}

void tls_print_session(struct buf *out, const SSL_SESSION *session)
{
    BIO *bio = BIO_new(BIO_s_mem());

    /* The macros of PEM lack const. */
    if (bio
        && PEM_write_bio_SSL_SESSION(bio, (SSL_SESSION *)(uintptr_t)session)) {
        tls_take_text(out, bio);
        return;
    }
    BIO_free(bio);
    out->refused = true;
}
