/* dialog_room -- private: what the engine and the single dialogues share. */
#pragma once

#include "dialog.h"

/* One run of a dialogue. */
struct session {
    const struct dialog *dialog;
    struct talk *talk;
    const char *name; /* what "%s" of a step stands for; NULL: nothing */
    struct dialog_notes *notes;
    const char *awaited; /* "greeting", "reply to EHLO": for messages */
    size_t lines; /* heard so far */
    bool offered; /* STARTTLS was among the capabilities */
};

/* ---- dialogues made of lines ---- */

/* What a line says about the reply that it is part of. */
enum verdict { LINE_MORE, LINE_GOOD, LINE_REFUSED, LINE_MALFORMED };

/* A reply while it is heard line by line. */
struct reply {
    struct session *session;
    const char
        *want; /* how a good reply begins; its meaning is the grammar's */
    bool announces; /* its lines are capabilities */
    const char *line; /* the last one */
    size_t len;
    size_t nth; /* lines before it */
    char code[4]; /* with which the reply began, if it has codes */
};
typedef enum verdict grammar_fn(struct reply *r);

enum step_verb { STEP_SEND, STEP_HEAR };

struct step {
    enum step_verb verb;
    const char *text; /* SEND: may hold one "%s"; HEAR: what is wanted */
    grammar_fn *grammar; /* HEAR */
    const char *awaited; /* HEAR: the reply's name */
    bool announces; /* HEAR: the reply holds the capabilities */
};

/* Which name a dialogue sends. */
enum dialog_name_kind {
    NAME_NONE,
    NAME_OURS, /* of a mail client */
    NAME_HOST, /* of the server */
};

struct dialog {
    const char *name;
    enum dialog_name_kind name_kind;
    const struct step *steps;
    size_t nsteps;
    bool (*run)(struct session *s, struct err *e); /* NULL: the steps */
};

extern const struct dialog dialog_smtp, dialog_lmtp, dialog_pop3, dialog_imap,
    dialog_ftp, dialog_xmpp, dialog_xmpp_server, dialog_telnet, dialog_irc,
    dialog_mysql, dialog_postgres, dialog_nntp, dialog_sieve, dialog_ldap;

/* ---- for all ---- */

/* Notes what the server announced. */
void session_capability(struct session *s, const char *text, size_t len);
/* Keeps the begin of a reply for messages. */
void session_note(struct session *s, const void *bytes, size_t len);

/* As talk_exactly(); the message says what was waited for. */
bool session_exactly(struct session *s, void *buf, size_t len, struct err *e)
    MUST_USE;

/* Failures; all return false.  The first has the reason of talk. */
bool session_lost(const struct session *s, const struct err *why,
                  struct err *e);
/* Those that show what was received. */
bool session_refused(const struct session *s, const void *text, size_t len,
                     struct err *e);
bool session_malformed(const struct session *s, const void *text, size_t len,
                       struct err *e);
bool session_not_offered(const struct session *s, struct err *e);
