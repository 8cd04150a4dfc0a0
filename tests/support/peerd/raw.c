/* raw -- peers that speak no TLS, or only enough of it to be a nuisance. */
#include "peerd.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BYTES(text) text, sizeof(text) - 1

/* What the other side does not take does not matter: it will be gone soon. */
static void say(struct peer *p, const void *bytes, size_t len)
{
    send(p->fd, bytes, len, MSG_NOSIGNAL);
}

/* Ends our side only: a close with unread bytes would be a reset. */
static void say_last(struct peer *p, const void *bytes, size_t len)
{
    say(p, bytes, len);
    shutdown(p->fd, SHUT_WR);
    p->answered = true;
}

static bool close_begin(struct peer *p)
{
    shutdown(p->fd, SHUT_WR);
    return true;
}

static bool reset_ready(struct peer *p)
{
    struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

    setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    return false;
}

static bool http_ready(struct peer *p)
{
    if (!peer_swallow(p))
        return false;
    if (!p->answered)
        say_last(p, BYTES("HTTP/1.1 400 Bad Request\r\n"
                          "Content-Length: 0\r\nConnection: close\r\n\r\n"));
    return true;
}

static bool garbage_ready(struct peer *p)
{
    uint8_t bytes[2048];
    uint32_t state = 0x9e3779b9;

    if (!peer_swallow(p))
        return false;
    if (p->answered)
        return true;
    for (size_t i = 0; i < sizeof(bytes); i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        bytes[i] = (uint8_t)(state | 0x80); /* never a TLS record */
    }
    say_last(p, bytes, sizeof(bytes));
    return true;
}

/* A fatal alert, RFC 8446 section 6: the last byte of our address. */
static bool alert_ready(struct peer *p)
{
    uint8_t record[] = { 21, 3, 3, 0, 2, 2, p->last_byte };

    if (!peer_swallow(p))
        return false;
    if (!p->answered)
        say_last(p, record, sizeof(record));
    return true;
}

/* The first bytes of a ServerHello, so that a client waits for the rest. */
static bool trickle_tick(struct peer *p)
{
    static const uint8_t hello[] = {
        22, 3, 3, 0x20, 0, 2, 0, 0x1f, 0xfc, 3, 3
    };
    uint8_t byte = p->sent < sizeof(hello) ? hello[p->sent] : 0;

    p->sent++;
    say(p, &byte, 1);
    return true;
}

static bool flood_begin(struct peer *p)
{
    peer_want_write(p, true);
    return true;
}

static bool flood_ready(struct peer *p)
{
    char bytes[4096];
    size_t len = 0;

    if (!peer_swallow(p))
        return false;
    for (; len + p->kind->flood_len <= sizeof(bytes); len += p->kind->flood_len)
        memcpy(bytes + len, p->kind->flood, p->kind->flood_len);
    say(p, bytes, len);
    return true;
}

static const struct kind kinds[] = {
    { .name = "silent", .ready = peer_swallow },
    { .name = "trickle", .ready = peer_swallow, .tick = trickle_tick },
    { .name = "http", .ready = http_ready },
    { .name = "close", .begin = close_begin, .ready = peer_swallow },
    { .name = "reset", .ready = reset_ready },
    { .name = "garbage", .ready = garbage_ready },
    { .name = "alert", .ready = alert_ready },
    { .name = "endless",
      .begin = flood_begin,
      .ready = flood_ready,
      .flood = "220-welcome\r\n",
      .flood_len = 13 },
    { .name = "ccs", /* change_cipher_spec records */
      .begin = flood_begin,
      .ready = flood_ready,
      .flood = "\x14\x03\x03\x00\x01\x01",
      .flood_len = 6 },
    { .name = "warnings", /* alerts: user_canceled */
      .begin = flood_begin,
      .ready = flood_ready,
      .flood = "\x15\x03\x03\x00\x02\x01\x5a",
      .flood_len = 7 },
    { .name = "full", .full = true },
};

const struct kind *kind_find_raw(const char *name)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(name, kinds[i].name) == 0)
            return &kinds[i];
    return NULL;
}
