/* engine -- runs a dialogue: its steps, or its own function. */
#include "base/text.h"
#include "dialog_room.h"

#include <string.h>
#include <strings.h>

enum {
    LINES_MAX = 256, /* of one dialogue */
    NAME_LEN_MAX = 255,
    SHOWN_MAX = 60, /* received bytes in a message, each up to four long */
};

static const struct dialog *const dialogs[] = {
    &dialog_smtp,  &dialog_pop3,        &dialog_imap,   &dialog_ftp,
    &dialog_xmpp,  &dialog_xmpp_server, &dialog_telnet, &dialog_irc,
    &dialog_mysql, &dialog_postgres,    &dialog_lmtp,   &dialog_nntp,
    &dialog_sieve, &dialog_ldap,
};

enum { DIALOGS_COUNT = sizeof(dialogs) / sizeof(dialogs[0]) };

const struct dialog *dialog_nth(size_t nth)
{
    return nth < DIALOGS_COUNT ? dialogs[nth] : NULL;
}

const struct dialog *dialog_find(const char *name)
{
    for (size_t i = 0; i < DIALOGS_COUNT; i++)
        if (strcmp(dialogs[i]->name, name) == 0)
            return dialogs[i];
    return NULL;
}

const char *dialog_name(const struct dialog *d)
{
    return d->name;
}

/* ---- notes ---- */

void dialog_notes_init(struct dialog_notes *n)
{
    *n = (struct dialog_notes){ 0 };
    /* The words of one line are noted with an LF each. */
    buf_init(&n->capabilities, 2 * TALK_TOTAL_MAX);
}

void dialog_notes_release(struct dialog_notes *n)
{
    buf_release(&n->capabilities);
}

void session_note(struct session *s, const void *bytes, size_t len)
{
    size_t room = sizeof(s->notes->reply) - 1;

    if (len > room)
        len = room;
    memcpy(s->notes->reply, bytes, len);
    s->notes->reply[len] = '\0';
}

void session_capability(struct session *s, const char *text, size_t len)
{
    static const char word[] = "STARTTLS";
    size_t word_len = sizeof(word) - 1;
    bool quoted = len > 0 && text[0] == '"';
    const char *first = text + quoted;
    size_t first_len = len - quoted;

    if (first_len >= word_len && strncasecmp(first, word, word_len) == 0
        && (first_len == word_len || strchr("\" ", first[word_len])))
        s->offered = true;
    buf_add(&s->notes->capabilities, text, len);
    buf_byte(&s->notes->capabilities, '\n');
}

/* ---- failures ---- */

static void show(struct buf *out, const void *text, size_t len)
{
    buf_init(out, 4 * SHOWN_MAX);
    text_encode(out, text, len < SHOWN_MAX ? len : SHOWN_MAX, TEXT_LINE);
}

bool session_refused(const struct session *s, const void *text, size_t len,
                     struct err *e)
{
    struct buf shown;

    show(&shown, text, len);
    err_set(e, ERR_STARTTLS_REFUSED, "the server's %s is a refusal: '%s'",
            s->awaited, buf_string(&shown));
    buf_release(&shown);
    return false;
}

bool session_malformed(const struct session *s, const void *text, size_t len,
                       struct err *e)
{
    struct buf shown;

    show(&shown, text, len);
    err_set(e, ERR_STARTTLS_MALFORMED, "the server's %s is not %s: '%s'",
            s->awaited, s->dialog->name, buf_string(&shown));
    buf_release(&shown);
    return false;
}

bool session_not_offered(const struct session *s, struct err *e)
{
    return err_set(e, ERR_NOT_OFFERED, "the server does not offer TLS over %s",
                   s->dialog->name);
}

bool session_lost(const struct session *s, const struct err *why, struct err *e)
{
    e->sys = why->sys;
    return err_set(e, why->code, "waiting for the server's %s: %s", s->awaited,
                   why->msg);
}

bool session_exactly(struct session *s, void *buf, size_t len, struct err *e)
{
    struct err why = { 0 };

    return talk_exactly(s->talk, buf, len, &why) || session_lost(s, &why, e);
}

/* ---- steps ---- */

static bool next_line(struct session *s, struct reply *r, struct err *e)
{
    struct err why = { 0 };

    if (s->lines++ == LINES_MAX)
        return err_set(e, ERR_STARTTLS_TOO_LONG,
                       "the server's %s has no end after %d lines", s->awaited,
                       LINES_MAX);
    r->line = talk_line(s->talk, &r->len, &why);
    if (!r->line)
        return session_lost(s, &why, e);
    session_note(s, r->line, r->len);
    return true;
}

static bool hear(struct session *s, const struct step *step, struct err *e)
{
    struct reply r = { .session = s,
                       .want = step->text,
                       .announces = step->announces };
    enum verdict v;

    s->awaited = step->awaited;
    memcpy(s->notes->before, s->notes->reply, sizeof(s->notes->before));
    do {
        if (!next_line(s, &r, e))
            return false;
        v = step->grammar(&r);
        r.nth++;
    } while (v == LINE_MORE);
    if (v == LINE_REFUSED)
        return session_refused(s, r.line, r.len, e);
    if (v == LINE_MALFORMED)
        return session_malformed(s, r.line, r.len, e);
    /* As s_client: goes on although it was not offered. */
    if (step->announces)
        s->notes->not_offered = !s->offered;
    return true;
}

static bool say(struct session *s, const char *text, struct err *e)
{
    const char *hole = strstr(text, "%s");

    if (!hole)
        return talk_send(s->talk, text, strlen(text), e);
    return talk_sendf(s->talk, e, "%.*s%s%s", (int)(hole - text), text, s->name,
                      hole + 2);
}

static bool run_steps(struct session *s, struct err *e)
{
    for (size_t i = 0; i < s->dialog->nsteps; i++) {
        const struct step *step = &s->dialog->steps[i];

        if (step->verb == STEP_SEND ? !say(s, step->text, e)
                                    : !hear(s, step, e))
            return false;
    }
    return true;
}

/* ---- the run ---- */

/* A name is put into a command or between quotes in XML: it must not be able
 * to end either. */
static bool check_name(const char *name, struct err *e)
{
    size_t len = strlen(name), good;

    if (len > NAME_LEN_MAX)
        return err_set(e, ERR_USAGE,
                       "the name to send (-name, -xmpphost) has %zu bytes, "
                       "%d are the most",
                       len, NAME_LEN_MAX);
    good = text_name_span(name);
    if (good < len)
        return err_set(e, ERR_USAGE,
                       "the name to send (-name, -xmpphost) must not hold "
                       "blanks, control characters, quotes, '<', '>' or '&': "
                       "byte %zu is 0x%02x",
                       good + 1, (unsigned)(unsigned char)name[good]);
    return true;
}

static const char *name_to_send(const struct dialog *d,
                                const struct dialog_ask *ask)
{
    switch (d->name_kind) {
    case NAME_NONE:
        return NULL;
    case NAME_OURS:
        return ask->name ? ask->name : "mail.example.com"; /* as s_client */
    case NAME_HOST:
        return ask->name ? ask->name : ask->host ? ask->host : "";
    }
    return NULL;
}

bool dialog_run(const struct dialog *d, struct talk *t,
                const struct dialog_ask *ask, struct dialog_notes *notes,
                struct err *e)
{
    struct session s = {
        .dialog = d,
        .talk = t,
        .name = name_to_send(d, ask),
        .notes = notes,
        .awaited = "greeting",
    };

    e->stage = STAGE_STARTTLS;
    talk_next_dialogue(t);
    if (s.name && !check_name(s.name, e))
        return false;
    if (d->run ? !d->run(&s, e) : !run_steps(&s, e))
        return false;
    if (!buf_ok(&notes->capabilities))
        return err_memory(e, "noting capabilities");
    return dialog_ends_clean(t, e);
}

bool dialog_ends_clean(const struct talk *t, struct err *e)
{
    return !talk_more(t)
           || err_set(e, ERR_STARTTLS_INJECTED,
                      "bytes in clear follow the last reply, where TLS begins");
}
