/* xmpp -- RFC 6120 section 5: a stream is opened, the server announces
 * features, and TLS begins after <proceed/>.
 *
 * What comes is read tag by tag, so that it does not matter how it is cut into
 * packets, and nothing after <proceed/> is read.
 */
#include "base/buf.h"
#include "dialog_room.h"

#include <ctype.h>
#include <string.h>

static bool check_tag(struct session *s, const struct buf *tag, struct err *e)
{
    if (tag->overflowed)
        return err_set(e, ERR_STARTTLS_TOO_LONG,
                       "the server's %s has a tag of more than %zu bytes",
                       s->awaited, tag->max);
    if (tag->refused)
        return err_memory(e, "a reply");
    session_note(s, tag->data, tag->len);
    return !memchr(tag->data, '\0', tag->len)
           || session_malformed(s, tag->data, tag->len, e);
}

/* Reads on to the end of the next tag.  What stands between tags is of no
 * interest, but before the first one there may be only blanks. */
static bool next_tag(struct session *s, struct buf *tag, struct err *e)
{
    struct err why = { 0 };
    char quote = '\0', c;

    buf_clear(tag);
    while (talk_exactly(s->talk, &c, 1, &why)) {
        if (tag->len == 0 && c != '<') {
            if (s->lines == 0 && !isspace((unsigned char)c))
                return session_malformed(s, &c, 1, e);
            continue;
        }
        buf_byte(tag, c);
        if (!buf_ok(tag) || (c == '>' && !quote)) {
            s->lines++;
            return check_tag(s, tag, e);
        }
        if (c == quote)
            quote = '\0';
        else if (!quote && (c == '\'' || c == '"'))
            quote = c;
    }
    return session_lost(s, &why, e);
}

/* True for the opening ("<") or closing ("</") tag of an element, whatever its
 * namespace prefix. */
static bool is_tag(const struct buf *tag, const char *opening,
                   const char *element)
{
    const char *name = tag->data + strlen(opening);
    size_t len = strlen(element);
    size_t prefix;

    if (strncmp(tag->data, opening, strlen(opening)) != 0)
        return false;
    prefix = strcspn(name, ": \t\r\n/>");
    if (name[prefix] == ':')
        name += prefix + 1;
    return strncmp(name, element, len) == 0
           && strchr(" \t\r\n/>", name[len]) != NULL;
}

static bool is_empty_element(const struct buf *tag)
{
    return tag->len >= 2 && tag->data[tag->len - 2] == '/';
}

static bool offers_tls(const struct buf *tag)
{
    return is_tag(tag, "<", "starttls")
           && strstr(tag->data, "urn:ietf:params:xml:ns:xmpp-tls");
}

/* The end of the stream, or an error whose name is the next tag. */
static bool ends_stream(const struct buf *tag)
{
    return is_tag(tag, "<", "error") || is_tag(tag, "<", "failure")
           || is_tag(tag, "</", "stream");
}

static bool stream_ended(struct session *s, struct buf *tag, struct err *e)
{
    if (is_tag(tag, "<", "error") && !is_empty_element(tag)
        && !next_tag(s, tag, e))
        return false;
    return session_refused(s, tag->data, tag->len, e);
}

static bool hear_offer(struct session *s, struct buf *tag, struct err *e)
{
    s->awaited = "list of features";
    do {
        if (!next_tag(s, tag, e))
            return false;
        if (ends_stream(tag))
            return stream_ended(s, tag, e);
        if (is_tag(tag, "</", "features")
            || (is_tag(tag, "<", "features") && is_empty_element(tag)))
            return session_not_offered(s, e);
    } while (!offers_tls(tag));
    session_capability(s, tag->data, tag->len);
    return true;
}

/* The rest of the features comes first. */
static bool hear_proceed(struct session *s, struct buf *tag, struct err *e)
{
    s->awaited = "reply to starttls";
    do {
        if (!next_tag(s, tag, e))
            return false;
        if (ends_stream(tag))
            return stream_ended(s, tag, e);
    } while (!is_tag(tag, "<", "proceed"));
    while (!is_empty_element(tag) && !is_tag(tag, "</", "proceed"))
        if (!next_tag(s, tag, e))
            return false;
    return true;
}

static bool speak(struct session *s, const char *kind, struct err *e)
{
    static const char starttls[] =
        "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
    struct buf tag;
    bool ok;

    buf_init(&tag, TALK_LINE_MAX);
    ok = talk_sendf(s->talk, e,
                    "<stream:stream "
                    "xmlns:stream='http://etherx.jabber.org/streams' "
                    "xmlns='jabber:%s' to='%s' version='1.0'>",
                    kind, s->name)
         && hear_offer(s, &tag, e)
         && talk_send(s->talk, starttls, sizeof(starttls) - 1, e)
         && hear_proceed(s, &tag, e);
    buf_release(&tag);
    return ok;
}

static bool client_run(struct session *s, struct err *e)
{
    return speak(s, "client", e);
}

static bool server_run(struct session *s, struct err *e)
{
    return speak(s, "server", e);
}

const struct dialog dialog_xmpp = { .name = "xmpp",
                                    .name_kind = NAME_HOST,
                                    .run = client_run };
const struct dialog dialog_xmpp_server = { .name = "xmpp-server",
                                           .name_kind = NAME_HOST,
                                           .run = server_run };
