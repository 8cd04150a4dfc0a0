/* postgres -- an SSLRequest, answered by the single byte 'S' or 'N'; or by an
 * error message from a server that has no time for us. */
#include "dialog_room.h"

#include <string.h>

enum { ERROR_MAX = 1000 };

/* ErrorResponse: fields of a type byte and a text that ends in NUL.  Returns
 * the text of field 'M', or all of it when there is none. */
static const char *message_of(const char *fields, size_t *len)
{
    const char *p = fields;
    const char *end = fields + *len;

    while (p < end && *p) {
        const char *text = p + 1;
        const char *nul = memchr(text, '\0', (size_t)(end - text));

        if (!nul)
            break;
        if (*p == 'M') {
            *len = (size_t)(nul - text);
            return text;
        }
        p = nul + 1;
    }
    return fields;
}

static bool hear_error(struct session *s, struct err *e)
{
    unsigned char size[4];
    char fields[ERROR_MAX];
    const char *text;
    size_t len;

    if (!session_exactly(s, size, sizeof(size), e))
        return false;
    len = (size_t)size[0] << 24 | (size_t)size[1] << 16 | (size_t)size[2] << 8
          | size[3];
    /* The length counts itself. */
    if (len < sizeof(size) || len - sizeof(size) > sizeof(fields))
        return session_malformed(s, size, sizeof(size), e);
    len -= sizeof(size);
    if (!session_exactly(s, fields, len, e))
        return false;
    text = message_of(fields, &len);
    session_note(s, text, len);
    return session_refused(s, text, len, e);
}

static bool postgres_run(struct session *s, struct err *e)
{
    static const unsigned char request[] = { 0, 0, 0, 8, 4, 210, 22, 47 };
    char answer;

    s->awaited = "reply to the SSL request";
    if (!talk_send(s->talk, request, sizeof(request), e)
        || !session_exactly(s, &answer, 1, e))
        return false;
    session_note(s, &answer, 1);
    switch (answer) {
    case 'S':
        return true;
    case 'N':
        return session_not_offered(s, e);
    case 'E':
        return hear_error(s, e);
    default:
        return session_malformed(s, &answer, 1, e);
    }
}

const struct dialog dialog_postgres = { .name = "postgres",
                                        .run = postgres_run };
