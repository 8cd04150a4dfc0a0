/* proxy_http -- the CONNECT method (RFC 9110 section 9.3.6), asked for with
 * HTTP/1.0 as s_client does. */
#include "base64.h"
#include "dialog.h"
#include "http.h"

#include <stdio.h>
#include <string.h>

enum { REQUEST_MAX = 16 * 1024 };

/* What would end the request line, or be read as another part of it. */
static bool check_word(const char *word, const char *what, struct err *e)
{
    for (const char *p = word; *p; p++)
        if ((unsigned char)*p <= ' ' || *p == 0x7f || strchr("/\"<>[]", *p))
            return err_set(e, ERR_USAGE,
                           "the %s to connect to through the proxy must not "
                           "hold blanks, control characters, quotes, "
                           "brackets or slashes",
                           what);
    return true;
}

static void add_authorization(struct buf *out, const struct proxy_ask *ask)
{
    struct buf plain;

    buf_init(&plain, REQUEST_MAX / 2);
    buf_printf(&plain, "%s:%s", ask->user, ask->pass ? ask->pass : "");
    buf_text(out, "Proxy-Authorization: Basic ");
    base64_encode(out, buf_string(&plain), plain.len);
    buf_text(out, "\r\n");
    out->overflowed |= plain.overflowed;
    out->refused |= plain.refused;
    buf_wipe(&plain);
}

static void write_request(struct buf *out, const struct proxy_ask *ask)
{
    bool v6 = strchr(ask->host, ':') != NULL;

    buf_printf(out, "CONNECT %s%s%s:%s HTTP/1.0\r\n", v6 ? "[" : "", ask->host,
               v6 ? "]" : "", ask->port);
    buf_text(out, "Proxy-Connection: Keep-Alive\r\n");
    if (ask->user)
        add_authorization(out, ask);
    buf_text(out, "\r\n");
}

static bool ask_proxy(struct talk *t, const struct proxy_ask *ask,
                      struct err *e)
{
    struct buf request;
    bool ok;

    if (!check_word(ask->host, "host", e) || !check_word(ask->port, "port", e))
        return false;
    buf_init(&request, REQUEST_MAX);
    write_request(&request, ask);
    if (request.overflowed)
        ok = err_set(e, ERR_USAGE,
                     "the request to the proxy would have more than %d bytes: "
                     "make user or pass phrase shorter",
                     REQUEST_MAX);
    else if (request.refused)
        ok = err_memory(e, "the request to the proxy");
    else
        ok = talk_send(t, request.data, request.len, e);
    buf_wipe(&request);
    return ok;
}

/* A line that did not come, in the words of this dialogue. */
static bool lost(const struct err *why, size_t nth, struct err *e)
{
    e->sys = why->sys;
    switch ((int)why->code) {
    case ERR_STARTTLS_TOO_LONG:
    case ERR_STARTTLS_MALFORMED:
        return err_set(e, ERR_PROXY_PROTOCOL, "the proxy's answer: %s",
                       why->msg);
    case ERR_CLOSED:
        if (nth > 0)
            return err_set(e, ERR_PROXY_PROTOCOL,
                           "the proxy closed the connection within its answer");
        return err_set(e, ERR_CLOSED,
                       "the proxy closed the connection before it answered");
    default:
        return err_set(e, why->code, "waiting for the proxy's answer: %s",
                       why->msg);
    }
}

static void note(struct dialog_notes *notes, const char *line)
{
    if (notes)
        snprintf(notes->reply, sizeof(notes->reply), "%s", line);
}

static bool hear_status(struct talk *t, const struct proxy_ask *ask,
                        struct err *e)
{
    struct err why = { 0 };
    size_t len;
    const char *line = talk_line(t, &len, &why);

    if (!line)
        return lost(&why, 0, e);
    note(ask->notes, line);
    if (!http_is_status(line, len))
        return http_complain(ERR_PROXY_PROTOCOL,
                             "the proxy's answer is not HTTP/1", line, 0, e);
    if (line[HTTP_STATUS] == '2')
        return true;
    if (strncmp(line + HTTP_STATUS, "407", 3) != 0)
        return http_complain(ERR_PROXY_REFUSED, "the proxy refuses to connect",
                             line, HTTP_STATUS, e);
    return http_complain(ERR_PROXY_REFUSED,
                         ask->user
                             ? "the proxy does not accept this user and pass "
                               "phrase"
                             : "the proxy wants authorization",
                         line, HTTP_STATUS, e);
}

static bool skip_header(struct talk *t, struct err *e)
{
    struct err why = { 0 };
    size_t len = 1;

    for (size_t nth = 1; len > 0; nth++) {
        if (nth > HTTP_LINES_MAX)
            return err_set(e, ERR_PROXY_PROTOCOL,
                           "the proxy's answer has no end after %d lines",
                           HTTP_LINES_MAX);
        if (!talk_line(t, &len, &why))
            return lost(&why, nth, e);
    }
    return true;
}

bool proxy_connect(struct talk *t, const struct proxy_ask *ask, struct err *e)
{
    e->stage = STAGE_PROXY;
    talk_next_dialogue(t);
    return ask_proxy(t, ask, e) && hear_status(t, ask, e) && skip_header(t, e);
}
