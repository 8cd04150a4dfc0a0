/* http_get -- RFC 1945, as little of it as a file needs. */
#include "dialog/http.h"

#include "base/text.h"
#include "http.h"

#include <string.h>
#include <strings.h>

enum { PIECE = 1024 };

/* An answer while it is heard. */
struct answer {
    struct talk *talk;
    struct buf *body;
    bool sized; /* the header says how long the body is */
    size_t size;
};

/* ---- asking ---- */

static bool ask_for(struct talk *t, const struct http_url *url, struct err *e)
{
    const bool v6 = strchr(url->host, ':') != NULL;
    const bool usual = strcmp(url->port, "80") == 0;

    return talk_sendf(t, e,
                      "GET %s HTTP/1.0\r\n"
                      "Host: %s%s%s%s%s\r\n"
                      "User-Agent: tlsfleet\r\n"
                      "Connection: close\r\n\r\n",
                      url->path, v6 ? "[" : "", url->host, v6 ? "]" : "",
                      usual ? "" : ":", usual ? "" : url->port);
}

/* ---- hearing ---- */

/* The reason of talk, without what talk says of STARTTLS. */
static bool lost(const struct err *why, const char *where, struct err *e)
{
    const bool shape = why->code == ERR_STARTTLS_TOO_LONG
                       || why->code == ERR_STARTTLS_MALFORMED;

    e->sys = why->sys;
    return err_set(e, shape ? ERR_FETCH : why->code, "%s: %s", where, why->msg);
}

static bool hear_status(struct talk *t, struct err *e)
{
    struct err why = { .code = ERR_NONE };
    size_t len;
    const char *line = talk_line(t, &len, &why);

    if (!line)
        return lost(&why, "waiting for the answer", e);
    if (!http_is_status(line, len))
        return http_complain(ERR_FETCH, "the answer is not HTTP/1", line, 0, e);
    if (line[HTTP_STATUS] == '3')
        return http_complain(ERR_FETCH, "redirects are not followed", line,
                             HTTP_STATUS, e);
    return strncmp(line + HTTP_STATUS, "200", 3) == 0
           || http_complain(ERR_FETCH, "the server does not give it", line,
                            HTTP_STATUS, e);
}

/* The value of a header line when it has this name, else NULL. */
static const char *value_of(const char *line, const char *name)
{
    const size_t len = strlen(name);

    if (strncasecmp(line, name, len) != 0 || line[len] != ':')
        return NULL;
    return line + len + 1 + strspn(line + len + 1, " \t");
}

static bool take_size(struct answer *a, const char *value, struct err *e)
{
    long long size;

    if (!text_int(value, &size) || size < 0
        || (a->sized && (size_t)size != a->size))
        return http_complain(ERR_FETCH, "the answer has no sensible length",
                             value, 0, e);
    if ((size_t)size > a->body->max)
        return err_set(e, ERR_FETCH,
                       "it has %lld bytes, more than the %zu allowed", size,
                       a->body->max);
    a->sized = true;
    a->size = (size_t)size;
    return true;
}

static bool take_header(struct answer *a, const char *line, struct err *e)
{
    const char *length = value_of(line, "Content-Length");
    const char *transfer = value_of(line, "Transfer-Encoding");
    const char *content = value_of(line, "Content-Encoding");
    const char *encoding = transfer ? transfer : content;

    if (length)
        return take_size(a, length, e);
    return !encoding || strcasecmp(encoding, "identity") == 0
           || http_complain(ERR_FETCH, "the answer is encoded, unasked",
                            encoding, 0, e);
}

static bool hear_header(struct answer *a, struct err *e)
{
    struct err why = { .code = ERR_NONE };

    for (size_t n = 0; n < HTTP_LINES_MAX; n++) {
        size_t len;
        const char *line = talk_line(a->talk, &len, &why);

        if (!line)
            return lost(&why, "within the answer's header", e);
        if (len == 0)
            return true;
        if (!take_header(a, line, e))
            return false;
    }
    return err_set(e, ERR_FETCH,
                   "the answer's header has no end after %d lines",
                   HTTP_LINES_MAX);
}

/* After the last byte there was: the end, or too early? */
static bool judge_end(const struct answer *a, const struct err *why,
                      struct err *e)
{
    if (why->code != ERR_CLOSED)
        return lost(why, "within the file", e);
    return !a->sized
           || err_set(e, ERR_FETCH, "it was cut off after %zu of %zu bytes",
                      a->body->len, a->size);
}

static bool hear_body(struct answer *a, struct err *e)
{
    struct err why = { .code = ERR_NONE };
    char piece[PIECE];

    while (!a->sized || a->body->len < a->size) {
        const size_t left = a->sized ? a->size - a->body->len : PIECE;
        size_t n;

        /* The bound is the body's own, not that of a dialogue. */
        talk_next_dialogue(a->talk);
        n = talk_some(a->talk, piece, left < PIECE ? left : PIECE, &why);
        if (n == 0)
            return judge_end(a, &why, e);
        buf_add(a->body, piece, n);
        if (a->body->overflowed)
            return err_set(e, ERR_FETCH,
                           "it has more than the %zu bytes "
                           "allowed",
                           a->body->max);
        if (a->body->refused)
            return err_memory(e, "a file over HTTP");
    }
    return true;
}

bool http_get(struct talk *t, const struct http_url *url, struct buf *body,
              struct err *e)
{
    struct answer a = { .talk = t, .body = body };

    talk_next_dialogue(t);
    return ask_for(t, url, e) && hear_status(t, e) && hear_header(&a, e)
           && hear_body(&a, e);
}
