/* closing -- the end of a session. */
#include "interactive_room.h"

#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* What s_client waits at most for the peer's last words. */
enum { PATIENCE_MS = 500 };

void session_block(struct session *s)
{
    struct err e = { .code = ERR_NONE };

    if (!s->screen.silent && !opened_block(s->open, &s->screen.out, &e))
        tell(s, &e);
    screen_flush(&s->screen);
}

/* Bytes that have come and were not read. */
static size_t at_hand(const struct conn *c)
{
    int n = 0;

    return ioctl(c->fd, FIONREAD, &n) == 0 && n > 0 ? (size_t)n : 0;
}

/* The answer to what came just before the input ended: s_client throws it
 * away, here it is shown.  Standard output may take its time for what has come
 * by then, but a peer that goes on for ever is not heard to its end. */
static bool show(struct session *s, struct conn *c, deadline_ms when)
{
    size_t most = SIZE_MAX; /* bytes that are still shown */
    struct stream_step step;
    bool more, late = false;

    do {
        step = stream_read(c, screen_room(&s->screen), PIECE);
        more = step.state == STREAM_MOVED && screen_data(&s->screen, step.moved)
               && screen_push_all(&s->screen) && step.moved < most;
        most -= more ? step.moved : 0;
        if (!late && deadline_left(when) == 0) {
            late = true;
            most = at_hand(c);
        }
    } while (more);
    screen_flush(&s->screen);
    return step.state == STREAM_WANTS_READ;
}

/* Closing with bytes unread would make the kernel reset the connection, and
 * the peer might never read our last words. */
static void drain(struct session *s, struct conn *c, bool answer)
{
    const deadline_ms when = deadline_in(PATIENCE_MS);
    struct err e = { .code = ERR_NONE };

    if (answer && !show(s, c, when))
        return;
    while (wait_fd(&s->waiter, c->fd, WAIT_READ, when, &e)
           && (answer ? show(s, c, when)
                      : stream_drop(c, screen_room(&s->screen), PIECE)))
        ;
}

/* With QUIC nothing comes any more once the connection is closed. */
static void take_leave(struct session *s, struct conn *c, bool answer)
{
    if (stream_conclude(c)) {
        drain(s, c, answer);
        tls_shutdown(c);
        return;
    }
    tls_shutdown(c);
    shutdown(c->fd, SHUT_WR);
    screen_flush(&s->screen);
    drain(s, c, answer);
}

/* Who wants the session gets it, however soon the input has ended. */
static void await_session(struct session *s, struct conn *c)
{
    struct err e = { .code = ERR_NONE };

    if (!s->shaken || s->status != 0 || c->tickets > 0
        || !options_has(&s->target->words, OPT_sess_out)
        || !opened_await(s->open, &e) || c->tickets == 0)
        return;
    opened_ticket(s->open, &s->screen.out);
    session_save(s);
}

/* Data that has come and waits for standard output; somebody who quits is not
 * made to wait for it.  False when no more can be shown. */
static bool show_rest(struct session *s)
{
    const bool quits = s->status == 0 && !s->input.ended;

    screen_flush(&s->screen);
    return quits || screen_push_all(&s->screen);
}

void session_close(struct session *s)
{
    struct conn *c = opened_conn(s->open);
    const bool answer = show_rest(s) && s->shaken && s->status == 0
                        && s->input.ended && s->input.some;

    if (c->fd >= 0) {
        if (!s->shaken)
            session_block(s);
        await_session(s, c);
        take_leave(s, c, answer);
        opened_close(s->open);
    }
    screen_finish(&s->screen);
    if (s->settings->prexit)
        session_block(s);
    screen_flush(&s->screen);
}
