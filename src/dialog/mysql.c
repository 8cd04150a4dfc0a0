/* mysql -- the server greets with a handshake packet of protocol 10; we answer
 * with the first half of a login that asks for TLS. */
#include "dialog_room.h"

#include <string.h>

enum {
    HEADER_LEN = 4, /* length in three bytes, little end first; number */
    PACKET_MIN = 21 - HEADER_LEN, /* s_client's least */
    PACKET_MAX = 1024,
    PROTOCOL = 10,
    AFTER_VERSION = 4 + 8, /* thread id, first part of the scramble */
    CLIENT_SSL = 0x0800,
    ERROR_PACKET = 0xff,
};

/* Fixed as s_client sends it: capabilities, largest packet, character set. */
static const unsigned char ssl_request[36] = {
    32, 0, 0, 1, 0x85, 0xae, 0x7f, 0, 0, 0, 0, 1, 0x21,
};

/* "Too many connections", "Host is blocked": a number, then text. */
static bool error_packet(struct session *s, const unsigned char *p, size_t len,
                         struct err *e)
{
    const size_t skip = 3;

    if (len < skip)
        return session_malformed(s, p, len, e);
    session_note(s, p + skip, len - skip);
    return session_refused(s, p + skip, len - skip, e);
}

static bool greeting_packet(struct session *s, const unsigned char *p,
                            size_t len, struct err *e)
{
    const unsigned char *version = p + 1;
    const unsigned char *nul = memchr(version, '\0', len - 1);
    size_t flags = nul ? (size_t)(nul - p) + 1 + AFTER_VERSION + 1 : len;

    if (p[0] != PROTOCOL || flags + 2 > len || p[flags - 1] != 0)
        return session_malformed(s, p, len, e);
    session_note(s, version, (size_t)(nul - version));
    if (!((p[flags] | p[flags + 1] << 8) & CLIENT_SSL))
        return session_not_offered(s, e);
    return talk_send(s->talk, ssl_request, sizeof(ssl_request), e);
}

static bool mysql_run(struct session *s, struct err *e)
{
    unsigned char header[HEADER_LEN], packet[PACKET_MAX];
    size_t len;

    if (!session_exactly(s, header, sizeof(header), e))
        return false;
    session_note(s, header, sizeof(header));
    len = (size_t)header[0] | (size_t)header[1] << 8 | (size_t)header[2] << 16;
    if (header[3] != 0 || len == 0)
        return session_malformed(s, header, sizeof(header), e);
    if (len > sizeof(packet))
        return err_set(e, ERR_STARTTLS_TOO_LONG,
                       "the server's greeting has %zu bytes, more than %d", len,
                       PACKET_MAX);
    if (!session_exactly(s, packet, len, e))
        return false;
    if (packet[0] == ERROR_PACKET)
        return error_packet(s, packet, len, e);
    if (len < PACKET_MIN)
        return session_malformed(s, packet, len, e);
    return greeting_packet(s, packet, len, e);
}

const struct dialog dialog_mysql = { .name = "mysql", .run = mysql_run };
