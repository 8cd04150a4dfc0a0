/* telnet -- START_TLS (option 46), as draft-altman-telnet-starttls has it. */
#include "dialog_room.h"

#include <string.h>

enum { SB = 250, SE = 240, WILL = 251, DO = 253, IAC = 255 };
enum { START_TLS = 46, FOLLOWS = 1 };

static bool telnet_run(struct session *s, struct err *e)
{
    static const unsigned char do_tls[] = { IAC, DO, START_TLS };
    static const unsigned char will_tls[] = { IAC, WILL, START_TLS };
    static const unsigned char follows[] = { IAC,     SB,  START_TLS,
                                             FOLLOWS, IAC, SE };
    unsigned char got[sizeof(follows)];

    s->awaited = "first option";
    if (!session_exactly(s, got, sizeof(do_tls), e))
        return false;
    session_note(s, got, sizeof(do_tls));
    if (got[0] != IAC)
        return session_malformed(s, got, sizeof(do_tls), e);
    if (memcmp(got, do_tls, sizeof(do_tls)) != 0)
        return session_not_offered(s, e);
    if (!talk_send(s->talk, will_tls, sizeof(will_tls), e)
        || !talk_send(s->talk, follows, sizeof(follows), e))
        return false;
    s->awaited = "reply to START_TLS";
    if (!session_exactly(s, got, sizeof(follows), e))
        return false;
    session_note(s, got, sizeof(follows));
    return memcmp(got, follows, sizeof(follows)) == 0
           || session_malformed(s, got, sizeof(follows), e);
}

const struct dialog dialog_telnet = { .name = "telnet", .run = telnet_run };
