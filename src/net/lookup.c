#include "lookup.h"

#include "base/fault.h"
#include "base/mem.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

/* A name may have thousands of addresses; nobody tries them all. */
enum { ADDRESSES_MAX = 64 };

static const char *family_name(int family)
{
    return family == AF_INET ? "IPv4 " : family == AF_INET6 ? "IPv6 " : "";
}

bool lookup_reason(int gai, int sys, const char *host, int family,
                   struct err *e)
{
    if (e->code == ERR_NONE)
        e->sys = gai;
    switch (gai) {
    case EAI_NONAME:
    case EAI_NODATA:
    case EAI_ADDRFAMILY:
        return err_set(e, ERR_NAME_UNKNOWN, "'%s' has no %saddress", host,
                       family_name(family));
    case EAI_AGAIN:
        return err_set(e, ERR_NAME_TEMPORARY,
                       "the name servers cannot tell the address of '%s' now",
                       host);
    case EAI_MEMORY:
        return err_memory(e, "looking up a name");
    case EAI_SYSTEM: /* this machine, not a name server */
        return err_sys(e, ERR_SYSTEM, sys, "looking up a name");
    default:
        return err_set(e, ERR_NAME_FAILED, "looking up '%s': %s", host,
                       gai_strerror(gai));
    }
}

static size_t count_of(const struct addrinfo *list)
{
    size_t n = 0;

    while (list && n < ADDRESSES_MAX) {
        list = list->ai_next;
        n++;
    }
    return n;
}

static bool keep(const struct addrinfo *list, struct addresses *out,
                 struct err *e)
{
    size_t n = count_of(list);

    *out = (struct addresses){ .list = mem_new(n, sizeof(out->list[0])) };
    if (!out->list)
        return err_memory(e, "the addresses of a name");
    for (; out->count < n; list = list->ai_next) {
        struct address *a = &out->list[out->count++];

        a->len = list->ai_addrlen;
        memcpy(&a->sa, list->ai_addr, list->ai_addrlen);
    }
    return true;
}

/* glibc can call a name unknown when it was only unable to open a socket or a
 * file.  True when descriptors ran out. */
static bool no_descriptors(void)
{
    int fd = dup(STDERR_FILENO);
    bool none = fd < 0 && (errno == EMFILE || errno == ENFILE);

    net_close(fd);
    return none;
}

static bool ask_system(const char *host, int family, int flags,
                       struct addresses *out, struct err *e)
{
    const struct addrinfo hints = {
        .ai_family = family,
        .ai_socktype = SOCK_STREAM,
        .ai_flags = flags,
    };
    struct addrinfo *list = NULL;
    int gai, sys;
    bool ok;

    errno = 0;
    gai = fault_here() ? EAI_MEMORY
                       : getaddrinfo(host, host ? NULL : "0", &hints, &list);
    sys = errno;
    if (gai == 0)
        ok = keep(list, out, e);
    else if (sys == ENOMEM) /* glibc calls the name unknown then as well */
        ok = lookup_reason(EAI_MEMORY, sys, host ? host : "", family, e);
    else if (!(flags & AI_NUMERICHOST) && no_descriptors())
        ok = err_sys(e, ERR_NAME_FAILED, EMFILE, "looking up a name");
    else
        ok = lookup_reason(gai, sys, host ? host : "", family, e);
    if (list)
        freeaddrinfo(list);
    return ok;
}

void lookup_system(void *arg, const char *host, int family, struct answer *out)
{
    /* As s_client: families that this host cannot use are left out unless one
     * was asked for. */
    int flags = family == AF_UNSPEC ? AI_ADDRCONFIG : 0;

    (void)arg;
    *out = (struct answer){ .err.stage = STAGE_RESOLVE };
    if (!ask_system(host, family, flags, &out->found, &out->err))
        addresses_release(&out->found);
}

bool lookup_is_literal(const char *host)
{
    const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST };
    struct addrinfo *list = NULL;
    bool is = !host || getaddrinfo(host, NULL, &hints, &list) == 0;

    if (list)
        freeaddrinfo(list);
    return is;
}

bool lookup_literal(const char *host, int family, struct addresses *out,
                    struct err *e)
{
    return ask_system(host, family, host ? AI_NUMERICHOST : 0, out, e);
}
