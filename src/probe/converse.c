/* converse -- what goes over a connection once it is made: a request, and what
 * the server leaves for a later connection. */
#include "probe_room.h"

#include "tls/exchange.h"

#include <string.h>

enum {
    ANSWER_MAX = 64 * 1024, /* bytes read of an answer */
    KEPT_MAX = 4 * 1024, /* and kept */
    QUIET_MS = 500, /* a silence that ends it */
};

static void warn(const struct attempt *a, const char *text)
{
    record_add(a->probe->record, REC_warnings, text, strlen(text));
}

/* ---- a request (-input) ---- */

static bool ask_server(struct attempt *a, struct err *e)
{
    const struct probe *p = a->probe;
    struct buf answer;
    struct exchange x = { .question = p->settings->input,
                          .answer_max = ANSWER_MAX,
                          .quiet_ms = QUIET_MS,
                          .answer = &answer };
    bool done;

    buf_init(&answer, KEPT_MAX);
    a->conn.when = stage_budget(p, p->settings->handshake_ms);
    done = tls_exchange(&a->conn, &x, e);
    if (answer.refused)
        done = err_memory(e, "the answer");
    else if (done || answer.len > 0)
        record_bytes(p->record, REC_response, buf_string(&answer), answer.len);
    if (x.cut)
        warn(a, "the answer ended without a close_notify and may be cut short");
    buf_release(&answer);
    return done;
}

/* ---- sessions ---- */

/* Waiting for a ticket takes time: only for somebody who wants one. */
static bool wants_session(const struct probe *p)
{
    const bool *wanted = p->wanted;

    return p->settings->reconnect
           || options_has(&p->target->words, OPT_sess_out)
           || wanted[REC_session_id] || wanted[REC_ticket_lifetime]
           || wanted[REC_max_early_data];
}

static bool remember(struct attempt *a, int64_t ms, struct err *e)
{
    SSL_SESSION *newest;

    if (!wants_session(a->probe))
        return true;
    if (!tls_await_ticket(&a->conn, ms, e))
        return false;
    newest = tls_copy_session(&a->conn);
    if (newest) {
        SSL_SESSION_free(a->session);
        a->session = newest;
    }
    return true;
}

bool converse(struct attempt *a, struct err *e)
{
    const bool asks = a->probe->settings->input && !a->again;
    const bool answered = !asks || ask_server(a, e);

    /* Whatever became of a request: the handshake has left a session. */
    return remember(a, answered ? grace_ms(a) : 0, e) && answered;
}

void keep_session(struct attempt *a)
{
    struct buf *text = &a->probe->session;

    buf_wipe(text);
    if (!options_has(&a->probe->target->words, OPT_sess_out))
        return;
    if (a->session)
        tls_print_session(text, a->session);
    else if (a->conn.finished)
        warn(a, "the server left no session to save");
}
