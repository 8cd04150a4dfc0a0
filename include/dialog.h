/* dialog -- what is said in clear before TLS: STARTTLS and proxies.
 *
 * Most dialogues are a table of steps over talk; one that is not made of lines
 * is a function with the same promise: on success the very next byte on the
 * wire is TLS.  What is sent is what s_client sends; replies are checked.
 * Knows no OpenSSL and no options.
 */
#pragma once

#include "base/buf.h"
#include "net.h"

struct dialog; /* one protocol: a row of src/dialog/ */

struct dialog_ask {
    const char *name; /* -name / -xmpphost; NULL: the protocol's default */
    const char *host; /* the target's host: default "to" of XMPP */
};

/* What was learned on the way, also when the dialogue failed. */
struct dialog_notes {
    bool not_offered; /* went on although STARTTLS was not announced */
    struct buf capabilities; /* announced ones, LF after each, as received */
    /* As received, not fit to be shown: the begin of the last line of the last
     * reply, and of the one before. */
    char reply[128], before[128];
};
void dialog_notes_init(struct dialog_notes *n);
void dialog_notes_release(struct dialog_notes *n);

/* NULL when there is no such protocol. */
const struct dialog *dialog_find(const char *name);
const char *dialog_name(const struct dialog *d);
/* The nth protocol, NULL after the last. */
const struct dialog *dialog_nth(size_t nth);

/* Speaks the dialogue.  Stage STARTTLS; codes NOT_OFFERED, STARTTLS_REFUSED,
 * _MALFORMED, _TOO_LONG, _INJECTED, those of talk, and USAGE for a name that
 * must not be sent.  Bytes left unread after the last reply are an injection,
 * never given to TLS (RFC 3207 section 6, CVE-2021-22947 class). */
bool dialog_run(const struct dialog *d, struct talk *t,
                const struct dialog_ask *ask, struct dialog_notes *notes,
                struct err *e) MUST_USE;

struct proxy_ask {
    const char *host; /* where the proxy shall connect; IPv6 without brackets */
    const char *port;
    const char *user; /* NULL: no authorization */
    const char *pass; /* NULL: empty */
    struct dialog_notes *notes; /* its answer's first line; NULL: not wanted */
};
/* HTTP CONNECT as s_client sends it (HTTP/1.0).  Stage PROXY; codes
 * PROXY_REFUSED (the reason is in the message, encoded), PROXY_PROTOCOL (also
 * when the proxy hangs up within its answer), CLOSED (before it), those of
 * talk, and USAGE for words that must not be sent.  Bytes after the header stay
 * unread in t for the dialogue that follows; if none does, dialog_ends_clean()
 * must be asked. */
bool proxy_connect(struct talk *t, const struct proxy_ask *ask, struct err *e)
    MUST_USE;

/* False with STARTTLS_INJECTED when bytes in clear wait, in t or in its
 * channel, where TLS must begin.  dialog_run() asks this by itself. */
bool dialog_ends_clean(const struct talk *t, struct err *e) MUST_USE;
