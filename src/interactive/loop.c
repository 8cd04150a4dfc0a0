/* loop -- data to and fro, until one side ends it.
 *
 * One wait for all descriptors, then a little of everything that can be done,
 * so that neither a peer that floods nor a terminal that is slow holds up the
 * other directions. */
#include "interactive_room.h"

#include "base/text.h"
#include "net/spots.h"
#include "tls/quic.h"

#include <string.h>
#include <unistd.h>

/* Reads of the peer in a row before the input is looked at. */
enum { GREED = 16 };

struct loop {
    struct session *s;
    struct conn *conn;
    int read_wants, write_wants; /* of the socket */
    bool advance; /* a command has begun something that must be sent */
    bool renews; /* the user asked for a new handshake, which is not done */
    bool dry; /* what is read next must come through the socket */
    bool over;
    unsigned greed;
    unsigned tickets, asides; /* that have been looked at */
    struct wait_spot in, out, socket;
};

static void end(struct loop *l, int status)
{
    l->s->status = status;
    l->over = true;
}

/* ---- what the socket says ---- */

/* What to wait for before a call is made again. */
static int wants(enum stream_state state)
{
    return state == STREAM_WANTS_WRITE ? WAIT_WRITE : WAIT_READ;
}

static bool is_waiting(enum stream_state state)
{
    return state == STREAM_WANTS_READ || state == STREAM_WANTS_WRITE
           || state == STREAM_WANTS_ASYNC;
}

/* A session has come.  Up to TLS 1.2 that is a part of a handshake, which
 * s_client does not tell of. */
static void tell_ticket(struct loop *l)
{
    l->tickets = l->conn->tickets;
    if (SSL_version(l->conn->ssl) == TLS1_3_VERSION)
        opened_ticket(l->s->open, &l->s->screen.out);
    session_save(l->s);
}

/* s_client tells of a call that has to be made again. */
static void tell_wait(struct loop *l, const char *call, enum stream_state state)
{
    const char letter = state == STREAM_WANTS_READ    ? 'R'
                        : state == STREAM_WANTS_WRITE ? 'W'
                                                      : 'A';

    if (l->s->settings->trace.waits)
        buf_printf(&l->s->screen.out, "%s %c BLOCK\n", call, letter);
}

/* Its socket blocks: without -nbio a read has to be made again only after a
 * message that is no data, or a handshake that the peer has asked for.  Inside
 * of QUIC such a message is none of what is read. */
static void tell_aside(struct loop *l)
{
    const bool told =
        l->asides != l->conn->asides && !l->renews && !quic_is(l->conn->ssl);

    l->asides = l->conn->asides;
    if (l->tickets != l->conn->tickets)
        tell_ticket(l);
    if (told && !l->s->settings->trace.waits)
        buf_text(&l->s->screen.out, "read R BLOCK\n");
    if (told)
        screen_flush(&l->s->screen); /* before data that came with it */
}

static void read_ended(struct loop *l, const struct stream_step *step)
{
    struct session *s = l->s;

    screen_finish(&s->screen); /* before what is told of the end */
    if (step->state == STREAM_CLOSED) {
        buf_text(&s->screen.out, "closed\n");
        end(l, 0);
    } else if (step->state == STREAM_BROKEN) {
        if (s->settings->brief)
            buf_text(&s->screen.err, "CONNECTION CLOSED BY SERVER\n");
        else
            buf_printf(&s->screen.err, "read:errno=%d\n", step->sys);
        end(l, step->sys);
    } else {
        end(l, 1);
    }
}

static void write_ended(struct loop *l, const struct stream_step *step)
{
    if (step->state == STREAM_CLOSED) {
        buf_text(&l->s->screen.out, "shutdown\n");
        end(l, 0);
        return;
    }
    if (step->state == STREAM_BROKEN)
        buf_printf(&l->s->screen.err, "write:errno=%d\n", step->sys);
    end(l, 1);
}

static void screen_ended(struct loop *l)
{
    buf_text(&l->s->screen.out, "DONE\n");
    end(l, 0);
}

/* ---- the four directions ---- */

static void send_some(struct loop *l)
{
    struct input *in = &l->s->input;
    const struct stream_step step =
        l->advance ? stream_advance(l->conn)
                   : stream_write(l->conn, in->data + in->start, in->len);

    if (l->advance) /* what we asked for is not told */
        l->asides = l->conn->asides;
    l->write_wants = WAIT_WRITE;
    l->dry = false;
    if (is_waiting(step.state)) {
        l->write_wants = wants(step.state);
        tell_wait(l, "write", step.state);
        /* The rest of a new handshake comes with what is read. */
        l->advance = l->advance && step.state == STREAM_WANTS_WRITE;
    } else if (step.state == STREAM_MOVED) {
        l->advance = false;
        in->start += step.moved;
        in->len -= step.moved;
    } else {
        write_ended(l, &step);
    }
}

static bool receive_some(struct loop *l)
{
    struct screen *out = &l->s->screen;
    const struct stream_step step =
        stream_read(l->conn, screen_room(out), PIECE);

    tell_aside(l);
    l->read_wants = WAIT_READ;
    l->dry = is_waiting(step.state);
    if (l->dry) {
        l->read_wants = wants(step.state);
        tell_wait(l, "read", step.state);
    } else if (step.state != STREAM_MOVED) {
        read_ended(l, &step);
    } else if (!screen_data(out, step.moved)) {
        screen_ended(l);
    }
    return step.state == STREAM_MOVED;
}

static void explain(struct session *s, enum input_event event)
{
    struct buf *out = &s->screen.err;
    const char *word = s->input.word;

    if (event == INPUT_HELP) {
        buf_text(out, "Commands in the input: {quit} {reconnect} {reneg} "
                      "{keyup} {keyup:req} {keyup:noreq}; {{ is a brace\n");
        return;
    }
    if (event == INPUT_BAD_ARGUMENT && strchr(word, ':'))
        word = strchr(word, ':') + 1;
    buf_text(out, event == INPUT_UNKNOWN ? "UNRECOGNISED COMMAND (IGNORED): "
                                         : "BAD ARGUMENT (COMMAND IGNORED): ");
    text_encode(out, word, strlen(word), TEXT_LINE);
    buf_byte(out, '\n');
}

/* What this version of TLS does not know leaves its reason in the lines, and
 * the session goes on. */
static void obey(struct loop *l, enum input_event event)
{
    switch (event) {
    case INPUT_NOTHING:
        break;
    case INPUT_HELP:
    case INPUT_UNKNOWN:
    case INPUT_BAD_ARGUMENT:
        explain(l->s, event);
        break;
    case INPUT_RECONNECT:
        buf_text(&l->s->screen.err, "RECONNECTING\n");
        l->s->reconnects = l->over = true;
        break;
    case INPUT_END:
    case INPUT_QUIT:
        buf_text(&l->s->screen.err, "DONE\n");
        end(l, 0);
        break;
    case INPUT_RENEGOTIATE:
        buf_text(&l->s->screen.err, "RENEGOTIATING\n");
        l->advance = l->renews = stream_renegotiate(l->conn);
        break;
    case INPUT_KEYS:
    case INPUT_KEYS_BOTH:
        buf_text(&l->s->screen.err, "KEYUPDATE\n");
        l->advance = stream_key_update(l->conn, event == INPUT_KEYS_BOTH);
        break;
    }
}

/* ---- one round ---- */

static bool has_to_send(const struct loop *l)
{
    return l->advance || l->s->input.len > 0;
}

/* As s_client: what stands behind an R, be it the end, waits for what becomes
 * of it. */
static bool holds_input(const struct loop *l)
{
    return has_to_send(l) || l->renews;
}

/* Output first, or what waits for it would be read over. */
static void set_spots(struct loop *l)
{
    const struct input *in = &l->s->input;
    const bool waits = screen_waits(&l->s->screen);

    l->renews = l->renews && stream_is_shaking(l->conn);
    l->in.want =
        in->ended || holds_input(l) || input_has_more(in) ? 0 : WAIT_READ;
    l->out.want = waits ? WAIT_WRITE : 0;
    l->socket.want =
        (waits ? 0 : l->read_wants) | (has_to_send(l) ? l->write_wants : 0);
}

/* Input that was read waits only for what stood before it. */
static bool can_obey(const struct loop *l)
{
    return input_has_more(&l->s->input) && !holds_input(l);
}

/* Several records may have come at once (-max_pipelines, DTLS). */
static bool has_more(const struct loop *l)
{
    return !l->dry && stream_pending(l->conn);
}

static deadline_ms wait_ends(const struct loop *l)
{
    if (can_obey(l))
        return 0;
    if (screen_waits(&l->s->screen))
        return DEADLINE_NEVER;
    return has_more(l) ? 0 : stream_turn(l->conn);
}

/* A read that comes late makes DTLS send again. */
static void have_turn(struct loop *l)
{
    l->socket.ready = l->read_wants;
    if (l->s->settings->trace.timeouts)
        buf_text(&l->s->screen.err, "TIMEOUT occurred\n");
}

static bool wait_all(struct loop *l)
{
    struct session *s = l->s;
    struct wait_spot spots[] = { l->socket, l->out, l->in };
    const deadline_ms when = wait_ends(l);
    struct err e = { .code = ERR_NONE };
    bool late;

    screen_flush(&s->screen);
    late = !wait_any(&s->waiter, spots, 3, when, &e);
    if (late && e.code != ERR_TIMED_OUT) {
        tell(s, &e);
        end(l, 1);
        return false;
    }
    l->socket.ready = spots[0].ready;
    l->out.ready = spots[1].ready;
    l->in.ready = spots[2].ready;
    if (late && when != 0)
        have_turn(l);
    return true;
}

static bool can_receive(const struct loop *l)
{
    return !screen_waits(&l->s->screen)
           && ((l->socket.ready & l->read_wants) || has_more(l));
}

/* True when the peer has more to say, perhaps without end. */
static bool hear_peer(struct loop *l)
{
    if (has_to_send(l) && (l->socket.ready & l->write_wants))
        send_some(l);
    if (!l->over && l->out.ready && !screen_push(&l->s->screen))
        screen_ended(l);
    return !l->over && can_receive(l) && receive_some(l);
}

static void round_once(struct loop *l)
{
    const bool moved = hear_peer(l);

    if (l->over || !(l->in.ready || can_obey(l))
        || (moved && ++l->greed % GREED != 0))
        return;
    obey(l, input_read(&l->s->input));
    if (!l->over && has_to_send(l))
        send_some(l);
}

void session_talk(struct session *s)
{
    struct loop l = {
        .s = s,
        .conn = opened_conn(s->open),
        .read_wants = WAIT_READ,
        .write_wants = WAIT_WRITE,
        .in = { .fd = STDIN_FILENO },
        .out = { .fd = STDOUT_FILENO },
    };

    l.socket.fd = l.conn->fd;
    l.tickets = l.conn->tickets;
    l.asides = l.conn->asides;
    stream_begin(l.conn);
    while (!l.over) {
        set_spots(&l);
        if (wait_all(&l))
            round_once(&l);
    }
}
