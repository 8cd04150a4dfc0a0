#include "base/mem.h"
#include "net.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

static const struct sockaddr_in *v4_of(const struct address *a)
{
    return (const void *)&a->sa;
}

static const struct sockaddr_in6 *v6_of(const struct address *a)
{
    return (const void *)&a->sa;
}

static const struct sockaddr_un *un_of(const struct address *a)
{
    return (const void *)&a->sa;
}

void addresses_release(struct addresses *a)
{
    mem_free(a->list);
    *a = (struct addresses){ 0 };
}

static void print_v6(const struct sockaddr_in6 *sa, char *text)
{
    char zone[IF_NAMESIZE];
    size_t len;

    inet_ntop(AF_INET6, &sa->sin6_addr, text, ADDRESS_TEXT_MAX);
    if (sa->sin6_scope_id == 0)
        return;
    len = strlen(text);
    if (if_indextoname(sa->sin6_scope_id, zone))
        snprintf(text + len, ADDRESS_TEXT_MAX - len, "%%%s", zone);
    else
        snprintf(text + len, ADDRESS_TEXT_MAX - len, "%%%u", sa->sin6_scope_id);
}

void address_print(const struct address *a, char *text)
{
    switch (a->sa.ss_family) {
    case AF_INET:
        inet_ntop(AF_INET, &v4_of(a)->sin_addr, text, ADDRESS_TEXT_MAX);
        break;
    case AF_INET6:
        print_v6(v6_of(a), text);
        break;
    case AF_UNIX:
        snprintf(text, ADDRESS_TEXT_MAX, "%.*s",
                 (int)sizeof(un_of(a)->sun_path), un_of(a)->sun_path);
        break;
    default:
        snprintf(text, ADDRESS_TEXT_MAX, "?");
    }
}

unsigned address_port(const struct address *a)
{
    switch (a->sa.ss_family) {
    case AF_INET:
        return ntohs(v4_of(a)->sin_port);
    case AF_INET6:
        return ntohs(v6_of(a)->sin6_port);
    default:
        return 0;
    }
}

bool address_unix(struct address *out, const char *path, struct err *e)
{
    struct sockaddr_un un = { .sun_family = AF_UNIX };
    size_t len = strlen(path);

    if (len == 0 || len >= sizeof(un.sun_path))
        return err_set(e, ERR_ADDRESS,
                       "the path of a Unix socket has 1 to %zu bytes, "
                       "'%.40s...' has %zu",
                       sizeof(un.sun_path) - 1, path, len);
    memcpy(un.sun_path, path, len);
    *out = (struct address){ .len = sizeof(un) };
    memcpy(&out->sa, &un, sizeof(un));
    return true;
}
