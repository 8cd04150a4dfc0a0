/* stages -- a connection comes about, and s_client's words on the way. */
#include "interactive_room.h"

#include "base/text.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>

static bool failed(struct session *s, const struct err *e)
{
    tell(s, e);
    s->status = 1;
    return false;
}

/* ---- lookup and connect ---- */

/* s_client tells the address since 3.2; glibc calls any Unix socket so. */
static void tell_address(struct session *s)
{
    const struct address *to = opened_peer(s->open);
    char text[ADDRESS_TEXT_MAX] = "localhost";

    if (!plan_have(NEEDS_OPENSSL_3_2))
        return;
    if (!s->target->path)
        address_print(to, text);
    buf_printf(&s->screen.err, "Connecting to %s\n", text);
}

static bool dial(struct session *s)
{
    struct err e = { .code = ERR_NONE };

    if (!opened_dial(s->open, &e))
        return failed(s, &e);
    s->connected = true;
    buf_clear(&s->screen.err);
    tell_address(s);
    buf_printf(&s->screen.out, "CONNECTED(%08X)\n",
               (unsigned)opened_conn(s->open)->fd);
    if (options_has(&s->target->words, OPT_nbio))
        buf_text(&s->screen.out, "Turned on non blocking io\n");
    screen_flush(&s->screen);
    return true;
}

/* ---- dialogues in clear ---- */

static bool is_one_of(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(name, *list) == 0)
            return true;
    return false;
}

static bool speak(struct session *s)
{
    struct err e = { .code = ERR_NONE };
    const bool done = opened_speak(s->open, &e);

    if (opened_notes(s->open)->not_offered)
        buf_text(&s->screen.err, "Didn't find STARTTLS in server response, "
                                 "trying anyway...\n");
    return done || failed(s, &e);
}

/* The line that s_client has in its buffer when the handshake is over. */
static const char *last_line(const struct session *s)
{
    static const char *const before[] = { "smtp", "lmtp", "imap", "ftp", NULL };
    static const char *const reply[] = { "irc", "nntp", "sieve", NULL };
    const struct dialog_notes *notes = opened_notes(s->open);
    const char *name = s->settings->starttls;

    if (name && is_one_of(name, before))
        return notes->before;
    return name && is_one_of(name, reply) ? notes->reply : "";
}

static void echo(struct session *s)
{
    const char *line = last_line(s);

    if (!*line)
        return;
    text_encode(&s->screen.err, line, strlen(line), TEXT_LINE);
    buf_byte(&s->screen.err, '\n');
}

/* ---- TLS ---- */

/* s_client finds out when it is connected. */
static bool check_mtu(struct session *s)
{
    const int64_t mtu = options_number(&s->target->words, OPT_mtu, INT64_MAX);
    SSL_CTX *ctx = SSL_CTX_new(DTLS_client_method());
    SSL *ssl = ctx ? SSL_new(ctx) : NULL;
    const long least = ssl ? (long)DTLS_get_link_min_mtu(ssl) : 0;

    SSL_free(ssl);
    SSL_CTX_free(ctx);
    if (mtu >= least)
        return true;
    buf_printf(&s->screen.err, "MTU too small. Must be at least %ld\n", least);
    s->status = 1;
    return false;
}

static bool shake(struct session *s)
{
    struct err e = { .code = ERR_NONE };

    if (s->settings->socktype == SOCK_DGRAM && !check_mtu(s))
        return false;
    s->shaken = opened_shake(s->open, &e);
    if (!s->shaken)
        return failed(s, &e);
    if (s->settings->brief)
        opened_brief(s->open, &s->screen.err);
    session_save(s);
    session_block(s);
    echo(s);
    return true;
}

/* ---- sessions ---- */

void session_save(struct session *s)
{
    struct err e = { .code = ERR_NONE };

    if (opened_save(s->open, &e))
        return;
    buf_printf(&s->screen.err, "Error writing session file %s\n",
               options_text(&s->target->words, OPT_sess_out, ""));
    screen_flush(&s->screen);
}

static bool drop(struct session *s)
{
    struct err e = { .code = ERR_NONE };

    screen_flush(&s->screen);
    s->connected = s->shaken = false;
    return opened_drop(s->open, &e) || failed(s, &e);
}

bool session_open(struct session *s)
{
    enum { MORE = 5 }; /* connections that -reconnect makes */
    int more = s->settings->reconnect ? MORE : 0;

    while (dial(s) && speak(s) && shake(s)) {
        if (more-- == 0)
            return true;
        buf_text(&s->screen.out, "drop connection and then reconnect\n");
        if (!drop(s))
            break;
    }
    return false;
}

bool session_reopen(struct session *s)
{
    s->reconnects = false;
    return drop(s) && dial(s) && speak(s) && shake(s);
}
