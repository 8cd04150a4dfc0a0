/* tell -- what went wrong, in s_client's words, and in ours where it has
 * none or where ours say more. */
#include "interactive_room.h"

#include "base/text.h"
#include "plan/refusal.h"
#include "tls/error_lines.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 16 * 1024 };

void say_lines(const struct buf *lines)
{
    fputs(buf_string(lines), stderr);
    fflush(stderr);
}

static void add_ours(struct buf *out, const struct err *e)
{
    buf_text(out, "tlsfleet: ");
    text_encode(out, e->msg, strlen(e->msg), TEXT_LINE);
    buf_byte(out, '\n');
}

void tell_ours(const struct err *e)
{
    struct buf line;

    buf_init(&line, LINE_MAX_BYTES);
    add_ours(&line, e);
    say_lines(&line);
    buf_release(&line);
}

void tell_refusal(const struct argv *argv, const struct session *s,
                  const struct err *e)
{
    const struct target *target = s ? s->target : NULL;
    struct buf lines;

    buf_init(&lines, LINE_MAX_BYTES);
    if (target && e->stage == STAGE_INPUT)
        buf_text(&lines, S_CLIENT "-connect argument or target parameter "
                                  "malformed or ambiguous\n");
    else if (!usage_conf(argv, &lines) && target)
        plan_refusal(&target->words, s->env.plans, &lines);
    add_ours(&lines, e);
    say_lines(&lines);
    buf_release(&lines);
}

/* ---- lookup and connect ---- */

/* Our own limit is told as the system's would be; 0: a fault of ours. */
static int connect_errno(const struct err *e)
{
    return err_row(e->code)->status == STATUS_TIMEOUT ? ETIMEDOUT : e->sys;
}

void tell_tried(void *arg, const struct err *e)
{
    struct session *s = arg;
    const int sys = connect_errno(e);

    if (sys != 0 && e->code == ERR_BIND_FAILED)
        error_lines_bind(&s->screen.err, sys);
    else if (sys != 0)
        error_lines_connect(&s->screen.err, sys);
}

/* A reason of getaddrinfo(3) is negative, one of the system is positive. */
static void tell_lookup(struct session *s, const struct err *e)
{
    if (e->sys < 0)
        error_lines_lookup(&s->screen.err, gai_strerror(e->sys));
    else
        add_ours(&s->screen.err, e);
    buf_text(&s->screen.err, "connect:errno=0\n");
}

/* -bind has an address of one family, and the server of the other. */
static void tell_bind(struct session *s)
{
    const char *host = s->settings->bind_host ? s->settings->bind_host : "";
    const char *port = s->settings->bind_port;

    buf_printf(&s->screen.err, "Can't bind %s address for %s%s%s\n",
               strchr(host, ':') ? "IPv4" : "IPv6", host, port ? ":" : "",
               port ? port : "");
}

static void tell_connect(struct session *s, const struct err *e)
{
    if (e->code == ERR_BIND_FAILED && e->sys == 0)
        tell_bind(s);
    if (err_row(e->code)->status == STATUS_TIMEOUT || e->sys == 0)
        add_ours(&s->screen.err, e);
    buf_printf(&s->screen.err, "connect:errno=%d\n", connect_errno(e));
}

/* ---- dialogues in clear ---- */

static void add_reply(struct session *s, const char *before, const char *reply)
{
    buf_text(&s->screen.err, before);
    text_encode(&s->screen.err, reply, strlen(reply), TEXT_LINE);
    buf_byte(&s->screen.err, '\n');
}

/* Newer versions of s_client leave out the blank. */
static const char *after_version(const char *text)
{
    return plan_have(NEEDS_OPENSSL_3_2) && *text == ' ' ? text + 1 : text;
}

/* False when s_client says nothing of it. */
static bool tell_proxy(struct session *s, const struct err *e)
{
    enum { VERSION = 8 }; /* bytes of "HTTP/1.x" */
    const char *reply = opened_notes(s->open)->reply;

    if (e->code == ERR_PROXY_REFUSED && strlen(reply) >= VERSION)
        add_reply(s, S_CLIENT "HTTP CONNECT failed, reason=",
                  after_version(reply + VERSION));
    else if (e->code == ERR_PROXY_PROTOCOL && strncmp(reply, "HTTP/", 5) != 0)
        buf_text(&s->screen.err,
                 S_CLIENT "HTTP CONNECT failed, non-HTTP response\n");
    else
        return false;
    return true;
}

/* What s_client says when a server refuses; the reply follows where there is
 * room for one. */
static const struct refusal {
    const char *protocol;
    enum err_code code;
    const char *reply; /* how the reply begins; NULL: any */
    const char *before; /* the reply; NULL: it is not shown */
    const char *after;
} refusals[] = {
    { "nntp", ERR_STARTTLS_REFUSED, NULL, "STARTTLS failed: ", NULL },
    { "sieve", ERR_STARTTLS_REFUSED, NULL, "STARTTLS not supported: ", NULL },
    { "irc", ERR_STARTTLS_REFUSED, "691", NULL,
      "STARTTLS negotiation failed: Server does not support STARTTLS.\n" },
    { "irc", ERR_STARTTLS_REFUSED, NULL,
      "STARTTLS not supported: ", "Server does not support STARTTLS.\n" },
    { "ldap", ERR_STARTTLS_REFUSED, NULL,
      "STARTTLS failed, LDAP Result Code: ", NULL },
    { "mysql", ERR_NOT_OFFERED, NULL, NULL,
      "MySQL server does not support SSL.\n" },
    { "mysql", ERR_STARTTLS_MALFORMED, NULL, NULL,
      "Only MySQL protocol version 10 is supported.\n" },
    /* in silence */
    { "xmpp", ERR_STARTTLS_REFUSED, NULL, NULL, "" },
    { "xmpp-server", ERR_STARTTLS_REFUSED, NULL, NULL, "" },
    { "postgres", ERR_STARTTLS_REFUSED, NULL, NULL, "" },
    { "telnet", ERR_STARTTLS_REFUSED, NULL, NULL, "" },
};

static bool tell_starttls(struct session *s, const struct err *e)
{
    const char *reply = opened_notes(s->open)->reply;

    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        const struct refusal *r = &refusals[i];

        if (strcmp(r->protocol, s->settings->starttls) != 0
            || r->code != e->code || (r->reply && !strstr(reply, r->reply)))
            continue;
        if (r->before)
            add_reply(s, r->before, reply);
        if (r->after)
            buf_text(&s->screen.err, r->after);
        return true;
    }
    return false;
}

/* ---- TLS ---- */

/* OpenSSL's error queue has told the rest. */
static bool tell_handshake(struct session *s, const struct err *e)
{
    if (e->ossl != 0)
        return true;
    if (e->sys > 0)
        buf_printf(&s->screen.err, "write:errno=%d\n", e->sys);
    return e->sys > 0;
}

static bool in_its_words(struct session *s, const struct err *e)
{
    switch (e->stage) {
    case STAGE_RESOLVE:
        tell_lookup(s, e);
        return true;
    case STAGE_CONNECT:
        if (s->connected) /* a datagram finds out when it is sent */
            return tell_handshake(s, e);
        tell_connect(s, e);
        return true;
    case STAGE_PROXY:
        return tell_proxy(s, e);
    case STAGE_STARTTLS:
        return tell_starttls(s, e);
    case STAGE_HANDSHAKE:
    case STAGE_VERIFY:
        return tell_handshake(s, e);
    case STAGE_INPUT:
    case STAGE_CONFIG:
    case STAGE_REQUEST:
    case STAGE_SHUTDOWN:
    case STAGE_DONE:
    case STAGE_COUNT:
        break;
    }
    return false;
}

void tell(struct session *s, const struct err *e)
{
    if (!in_its_words(s, e))
        add_ours(&s->screen.err, e);
    screen_flush(&s->screen);
}
