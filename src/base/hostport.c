#include "base/hostport.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <string.h>

enum { HOST_MAX = 253, LABEL_MAX = 62, ZONE_MAX = 15 };

/* The text in two parts, not yet copied; NULL: not written. */
struct parts {
    const char *host, *port;
    size_t host_len;
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Every message names the whole text, and no more of it than fits. */
static bool refuse(const char *text, const char *why, struct err *e)
{
    return err_set(e, ERR_ADDRESS, "'%.200s' is not host:port: %s", text, why);
}

static bool split_bracketed(struct parts *parts, const char *text,
                            struct err *e)
{
    const char *end = strchr(text, ']');

    if (!end)
        return refuse(text, "']' is missing", e);
    parts->host = text + 1;
    parts->host_len = (size_t)(end - text - 1);
    if (end[1] == ':')
        parts->port = end + 2;
    else if (end[1])
        return refuse(text, "after ']' only ':' and a port may follow", e);
    if (parts->port && strchr(parts->port, ':'))
        return refuse(text, "a port has no colon", e);
    return true;
}

static bool split(struct parts *parts, const char *text, struct err *e)
{
    const char *colon = strchr(text, ':');

    if (text[0] == '[')
        return split_bracketed(parts, text, e);
    if (colon && strchr(colon + 1, ':'))
        return refuse(text, "write an IPv6 address as [address]:port", e);
    parts->host = text;
    parts->host_len = colon ? (size_t)(colon - text) : strlen(text);
    parts->port = colon ? colon + 1 : NULL;
    return true;
}

/* s_client takes an empty part and "*" for one that was not said. */
static bool copy_part(char **out, const char *part, size_t len, struct err *e)
{
    if (!part || len == 0 || (len == 1 && part[0] == '*'))
        return true;
    *out = mem_copy(part, len);
    return *out ? true : err_memory(e, "host and port");
}

bool hostport_parse(struct hostport *out, const char *text, struct err *e)
{
    struct parts parts = { 0 };

    *out = (struct hostport){ 0 };
    if (!split(&parts, text, e))
        return false;
    if (copy_part(&out->host, parts.host, parts.host_len, e)
        && copy_part(&out->port, parts.port,
                     parts.port ? strlen(parts.port) : 0, e))
        return true;
    hostport_release(out);
    return false;
}

void hostport_release(struct hostport *hp)
{
    mem_free(hp->host);
    mem_free(hp->port);
    *hp = (struct hostport){ 0 };
}

/* Where a copy of the string ends. */
static char *put(char *at, const char *text)
{
    size_t len = strlen(text);

    memcpy(at, text, len);
    return at + len;
}

char *hostport_print(const char *host, const char *port)
{
    const char *name = host ? host : "";
    bool v6 = strchr(name, ':') != NULL;
    char *text =
        mem_new(strlen(name) + (port ? strlen(port) : 0) + sizeof("[]:"), 1);
    char *at = text;

    if (!text)
        return NULL;
    at = put(at, v6 ? "[" : "");
    at = put(at, name);
    at = put(at, v6 ? "]" : "");
    at = put(at, port ? ":" : "");
    put(at, port ? port : "");
    return text;
}

static bool is_zone(const char *zone)
{
    size_t len = 0;

    for (; zone[len]; len++)
        if (!is_letter(zone[len]) && !is_digit(zone[len])
            && !strchr("._-", zone[len]))
            return false;
    return len > 0 && len <= ZONE_MAX;
}

bool hostport_is_address(const char *host)
{
    unsigned char address[sizeof(struct in6_addr)];
    char plain[INET6_ADDRSTRLEN];
    const char *zone = strchr(host, '%');
    size_t len = zone ? (size_t)(zone - host) : strlen(host);

    if (len >= sizeof(plain))
        return false;
    memcpy(plain, host, len);
    plain[len] = '\0';
    if (inet_pton(AF_INET6, plain, address) == 1)
        return !zone || is_zone(zone + 1);
    return !zone && inet_pton(AF_INET, plain, address) == 1;
}

/* One label of a name; *named becomes true when it has a letter. */
static bool is_label(const char *label, size_t len, bool *named)
{
    if (len == 0 || len > LABEL_MAX || label[0] == '-' || label[len - 1] == '-')
        return false;
    for (size_t i = 0; i < len; i++) {
        if (is_letter(label[i]) || label[i] == '_')
            *named = true;
        else if (!is_digit(label[i]) && label[i] != '-')
            return false;
    }
    return true;
}

/* A label of 63 is good DNS, but s_client sends no SNI for it, nor for a name
 * that ends in a dot; '_' counts as a letter. */
bool hostport_is_dns_name(const char *host)
{
    bool named = false;
    size_t labels = 0;
    const char *at = host;

    for (;;) {
        size_t len = strcspn(at, ".");

        if (!is_label(at, len, &named))
            return false;
        labels++;
        if (!at[len])
            break;
        at += len + 1;
    }
    return labels >= 2 && named;
}

bool hostport_is_host(const char *host)
{
    size_t len = strlen(host);

    if (len == 0 || len > HOST_MAX)
        return false;
    for (size_t i = 0; i < len; i++)
        if (!is_letter(host[i]) && !is_digit(host[i])
            && !strchr("._-", host[i]))
            return hostport_is_address(host);
    return true;
}

static bool is_port_number(const char *digits)
{
    unsigned long value = 0;

    for (; is_digit(*digits) && value <= 65535; digits++)
        value = value * 10 + (unsigned long)(*digits - '0');
    return !*digits && value >= 1 && value <= 65535;
}

bool hostport_is_port(const char *port)
{
    bool named = false;

    for (const char *p = port; *p; p++) {
        if (is_letter(*p))
            named = true;
        else if (!is_digit(*p) && *p != '-')
            return false;
    }
    return named || is_port_number(port);
}
