/* ldap -- StartTLS (RFC 4511 section 4.14): one extended request, one extended
 * response, both in BER. */
#include "base/mem.h"
#include "base/text.h"
#include "dialog_room.h"

#include <stdio.h>
#include <string.h>

enum {
    TAG_INTEGER = 0x02,
    TAG_OCTETS = 0x04,
    TAG_ENUMERATED = 0x0a,
    TAG_SEQUENCE = 0x30,
    TAG_EXTENDED_RESPONSE = 0x78, /* [APPLICATION 24] */
    MESSAGE_MAX = 8 * 1024,
    MESSAGE_ID = 1,
    LENGTH_MAX = 4,
};

/* Bytes that are left of something. */
struct ber {
    const unsigned char *p;
    size_t len;
};

/* The long form of a length: its bytes follow the first.  Some servers use
 * four of them for any length. */
static size_t length_bytes(unsigned char first)
{
    return first & 0x80 ? first & 0x7f : 0;
}

static size_t long_length(const unsigned char *p, size_t n)
{
    size_t len = 0;

    while (n-- > 0)
        len = len << 8 | *p++;
    return len;
}

/* Takes one element off the front.  Lengths are definite (RFC 4511 5.1). */
static bool take(struct ber *from, unsigned char tag, struct ber *inside)
{
    size_t more, len;

    if (from->len < 2 || from->p[0] != tag)
        return false;
    more = length_bytes(from->p[1]);
    if (from->p[1] == 0x80 || more > LENGTH_MAX || from->len < 2 + more)
        return false;
    len = more > 0 ? long_length(from->p + 2, more) : from->p[1];
    if (len > from->len - 2 - more)
        return false;
    *inside = (struct ber){ from->p + 2 + more, len };
    from->p += 2 + more + len;
    from->len -= 2 + more + len;
    return true;
}

static bool take_number(struct ber *from, unsigned char tag, unsigned *number)
{
    struct ber digits;

    if (!take(from, tag, &digits) || digits.len == 0 || digits.len > 2
        || digits.p[0] & 0x80)
        return false;
    *number = (unsigned)long_length(digits.p, digits.len);
    return true;
}

struct response {
    unsigned id, result;
    struct ber text; /* diagnosticMessage */
};

static bool parse(const unsigned char *bytes, size_t len, struct response *r)
{
    struct ber all = { bytes, len }, message, response, dn;

    return take(&all, TAG_SEQUENCE, &message)
           && take_number(&message, TAG_INTEGER, &r->id)
           && take(&message, TAG_EXTENDED_RESPONSE, &response)
           && take_number(&response, TAG_ENUMERATED, &r->result)
           && take(&response, TAG_OCTETS, &dn)
           && take(&response, TAG_OCTETS, &r->text);
}

static bool refused(struct session *s, const struct response *r, struct err *e)
{
    enum { SHOWN_MAX = 60 };
    size_t len = r->text.len < SHOWN_MAX ? r->text.len : SHOWN_MAX;
    struct buf shown;

    snprintf(s->notes->reply, sizeof(s->notes->reply), "%u", r->result);
    buf_init(&shown, 4 * SHOWN_MAX);
    text_encode(&shown, r->text.p, len, TEXT_LINE);
    err_set(e, ERR_STARTTLS_REFUSED,
            "the server refuses StartTLS with LDAP result %u: '%s'", r->result,
            buf_string(&shown));
    buf_release(&shown);
    return false;
}

/* Reads one message, whose length its first bytes tell. */
static bool hear_message(struct session *s, unsigned char *bytes, size_t *len,
                         struct err *e)
{
    size_t more, body;

    if (!session_exactly(s, bytes, 2, e))
        return false;
    more = length_bytes(bytes[1]);
    if (bytes[0] != TAG_SEQUENCE || bytes[1] == 0x80 || more > LENGTH_MAX)
        return session_malformed(s, bytes, 2, e);
    if (!session_exactly(s, bytes + 2, more, e))
        return false;
    body = more > 0 ? long_length(bytes + 2, more) : bytes[1];
    if (body > MESSAGE_MAX - 2 - more)
        return err_set(e, ERR_STARTTLS_TOO_LONG,
                       "the server's %s has more than %d bytes", s->awaited,
                       MESSAGE_MAX);
    *len = 2 + more + body;
    return session_exactly(s, bytes + 2 + more, body, e);
}

static bool hear_response(struct session *s, unsigned char *bytes,
                          struct err *e)
{
    struct response r;
    size_t len = 0;

    if (!hear_message(s, bytes, &len, e))
        return false;
    /* Id 0 is a notice of disconnection: it has a result of its own. */
    if (!parse(bytes, len, &r) || r.id > MESSAGE_ID)
        return session_malformed(s, bytes, len, e);
    session_note(s, r.text.p, r.text.len);
    return (r.id == MESSAGE_ID && r.result == 0) || refused(s, &r, e);
}

static bool ldap_run(struct session *s, struct err *e)
{
    /* LDAPMessage { 1, ExtendedRequest { "1.3.6.1.4.1.1466.20037" } } */
    static const char request[] = "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
                                  "1.3.6.1.4.1.1466.20037";
    unsigned char *bytes = mem_new(1, MESSAGE_MAX);
    bool ok;

    s->awaited = "reply to StartTLS";
    if (!bytes)
        return err_memory(e, "a reply");
    ok = talk_send(s->talk, request, sizeof(request) - 1, e)
         && hear_response(s, bytes, e);
    mem_free(bytes);
    return ok;
}

const struct dialog dialog_ldap = { .name = "ldap", .run = ldap_run };
