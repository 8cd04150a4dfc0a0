#include "base/hostport.h"
#include "base/mem.h"
#include "base/text.h"
#include "dialog/http.h"

#include <string.h>
#include <strings.h>

enum { SCHEME_LEN = 7 /* "http://" */ };

static bool is_http(const char *text, size_t len)
{
    return len > SCHEME_LEN && strncasecmp(text, "http://", SCHEME_LEN) == 0;
}

/* What may stand in a request line: so nothing can end it. */
static bool is_plain(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] <= ' ' || text[i] > '~' || strchr("\"<>\\^`{|}#", text[i]))
            return false;
    return true;
}

static bool keep(char **part, const char *text, struct err *e)
{
    *part = mem_text(text);
    return *part || err_memory(e, "a URL");
}

/* A service name may be a port for us and is none in a URL (RFC 3986 3.2.3). */
static bool is_port(const char *text)
{
    long long number;

    return hostport_is_port(text) && text_int(text, &number);
}

/* "host[:port]", where the host may be an address in brackets. */
static bool keep_authority(struct http_url *out, const char *text,
                           struct err *e)
{
    struct hostport hp = { 0 };
    struct err why = { .code = ERR_NONE };
    bool fine = hostport_parse(&hp, text, &why) && hp.host
                && hostport_is_host(hp.host) && (!hp.port || is_port(hp.port));

    if (fine)
        fine = keep(&out->host, hp.host, e)
               && keep(&out->port, hp.port ? hp.port : "80", e);
    else if (why.code == ERR_NO_MEMORY)
        err_memory(e, "a URL");
    else
        err_set(e, ERR_FETCH, "its host or port cannot be read");
    hostport_release(&hp);
    return fine;
}

static bool cut(struct http_url *out, char *rest, struct err *e)
{
    const size_t host = strcspn(rest, "/?");
    const char *path = rest[host] ? rest + host : "/";

    if (*path == '?')
        return err_set(e, ERR_FETCH, "it has no path");
    if (!keep(&out->path, path, e))
        return false;
    rest[host] = '\0';
    return keep_authority(out, rest, e);
}

bool http_url_parse(struct http_url *out, const void *text, size_t len,
                    struct err *e)
{
    const char *bytes = text;
    char *rest;
    bool done;

    *out = (struct http_url){ 0 };
    if (len > HTTP_URL_MAX)
        return err_set(e, ERR_FETCH, "it is longer than %d bytes",
                       HTTP_URL_MAX);
    if (!is_http(bytes, len))
        return err_set(e, ERR_FETCH, "it does not begin with http://");
    if (!is_plain(bytes, len))
        return err_set(e, ERR_FETCH,
                       "it holds what does not belong into a URL");
    rest = mem_copy(bytes + SCHEME_LEN, len - SCHEME_LEN);
    if (!rest)
        return err_memory(e, "a URL");
    done = cut(out, rest, e);
    mem_free(rest);
    if (!done)
        http_url_release(out);
    return done;
}

void http_url_release(struct http_url *url)
{
    mem_free(url->host);
    mem_free(url->port);
    mem_free(url->path);
    *url = (struct http_url){ 0 };
}
