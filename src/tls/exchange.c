#include "tls/exchange.h"

#include "tls_room.h"

#include <errno.h>

/* A datagram is sent whole or not at all. */
static size_t piece_of(const struct conn *c, size_t left)
{
    const size_t fits = SSL_is_dtls(c->ssl) ? DTLS_get_data_mtu(c->ssl) : 0;

    return fits > 0 && fits < left ? fits : left;
}

/* "sent" grows when the call is done. */
static enum step write_once(struct conn *c, const struct payload *question,
                            size_t *sent, struct reason *why)
{
    const size_t piece = piece_of(c, question->len - *sent);
    size_t moved = 0;

    step_begin();
    int rc = SSL_write_ex(c->ssl, question->data + *sent, piece, &moved);
    int sys = errno;

    *sent += moved;
    return step_judge(c, rc, sys, why);
}

static bool send_all(struct conn *c, const struct payload *question,
                     struct err *e)
{
    size_t sent = 0;

    while (sent < question->len) {
        struct reason why = { .ssl = SSL_ERROR_NONE };
        const enum step s = write_once(c, question, &sent, &why);

        if (s == STEP_FAILED)
            return explain(c, &why, "the request", e);
        if (s != STEP_DONE && !step_wait(c, s, c->when, e))
            return false;
    }
    return true;
}

static void keep(struct exchange *x, const char *bytes, size_t len)
{
    const size_t room = x->answer->max - x->answer->len;

    buf_add(x->answer, bytes, len < room ? len : room);
}

/* How a read that failed ends the answer; false when it is no end. */
static bool is_end(const struct reason *why, bool some, bool *cut)
{
    const bool eof =
        why->ssl == SSL_ERROR_SSL && ERR_GET_LIB(why->code) == ERR_LIB_SSL
        && ERR_GET_REASON(why->code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;

    *cut = eof && some;
    return why->ssl == SSL_ERROR_ZERO_RETURN || *cut;
}

/* "got" grows when the call is done. */
static enum step read_once(struct conn *c, struct exchange *x, size_t *got,
                           struct reason *why)
{
    const size_t left = x->answer_max - *got;
    char bytes[1024];
    size_t moved = 0;

    step_begin();
    int rc = SSL_read_ex(c->ssl, bytes,
                         left < sizeof(bytes) ? left : sizeof(bytes), &moved);
    int sys = errno;

    keep(x, bytes, moved);
    *got += moved;
    return step_judge(c, rc, sys, why);
}

static bool receive(struct conn *c, struct exchange *x, struct err *e)
{
    deadline_ms when = c->when;
    size_t got = 0;

    while (got < x->answer_max) {
        struct reason why = { .ssl = SSL_ERROR_NONE };
        struct err silence = { .code = ERR_NONE };
        const enum step s = read_once(c, x, &got, &why);

        if (s == STEP_FAILED)
            return is_end(&why, got > 0, &x->cut)
                   || explain(c, &why, "the answer", e);
        if (s == STEP_DONE)
            when = deadline_sooner(c->when, deadline_in(x->quiet_ms));
        else if (!step_wait(c, s, when, &silence))
            return (got > 0 && silence.code == ERR_TIMED_OUT)
                   || err_set(e, silence.code, "%s", silence.msg);
    }
    return true;
}

bool tls_exchange(struct conn *c, struct exchange *x, struct err *e)
{
    bool done;

    e->stage = STAGE_REQUEST;
    guard_begin(c);
    done = send_all(c, x->question, e) && receive(c, x, e);
    guard_end(c);
    return done;
}
