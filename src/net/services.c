#include "services.h"

#include "base/fault.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

enum { ROW_ROOM = 1024 };

void services_init(struct services *s)
{
    *s = (struct services){ 0 };
    pthread_mutex_init(&s->lock, NULL);
}

void services_release(struct services *s)
{
    pthread_mutex_destroy(&s->lock);
}

static bool recall(const struct services *s, const char *name, int socktype,
                   uint16_t *port)
{
    for (size_t i = 0; i < s->nknown; i++) {
        const struct service *k = &s->known[i];

        if (k->socktype == socktype && strcmp(k->name, name) == 0) {
            *port = k->port;
            return true;
        }
    }
    return false;
}

static void remember(struct services *s, const char *name, int socktype,
                     uint16_t port)
{
    size_t len = strlen(name);

    if (s->nknown == SERVICES_MAX || len >= SERVICE_NAME_ROOM)
        return;
    s->known[s->nknown] =
        (struct service){ .socktype = socktype, .port = port };
    memcpy(s->known[s->nknown++].name, name, len);
}

static bool ask_system(const char *name, int socktype, uint16_t *port,
                       struct err *e)
{
    struct servent row, *found = NULL;
    char room[ROW_ROOM];
    int sys = fault_here() ? ENOMEM
                           : getservbyname_r(
                               name, socktype == SOCK_DGRAM ? "udp" : "tcp",
                               &row, room, sizeof(room), &found);

    if (sys != 0 && sys != ENOENT)
        return err_sys(e, ERR_SYSTEM, sys, "looking up a service");
    if (!found && e->code == ERR_NONE)
        e->sys = EAI_SERVICE;
    if (!found)
        return err_set(e, ERR_ADDRESS,
                       "'%.40s' is no port: give a number from 1 to 65535 or "
                       "a name of /etc/services",
                       name);
    *port = ntohs((uint16_t)row.s_port);
    return true;
}

static bool find_name(struct services *s, const char *name, int socktype,
                      uint16_t *port, struct err *e)
{
    bool ok;

    pthread_mutex_lock(&s->lock);
    ok = recall(s, name, socktype, port);
    if (!ok) {
        ok = ask_system(name, socktype, port, e);
        if (ok)
            remember(s, name, socktype, *port);
    }
    pthread_mutex_unlock(&s->lock);
    return ok;
}

bool services_find(struct services *s, const char *text, int socktype,
                   uint16_t *port, struct err *e)
{
    long long n;

    if (!text_int(text, &n))
        return find_name(s, text, socktype, port, e);
    if (n < 0 || n > UINT16_MAX)
        return err_set(e, ERR_ADDRESS, "port %.40s is not from 1 to 65535",
                       text);
    *port = (uint16_t)n;
    return true;
}
