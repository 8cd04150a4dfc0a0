/* interactive_room -- private: what the files of the session share. */
#pragma once

#include "interactive.h"
#include "probe/opened.h"
#include "tls/stream.h"

/* How s_client begins a line about its words. */
#define S_CLIENT "s_client: "

/* ---- usage.c ---- */

/* Adds what s_client prints while it reads these words; false when it would
 * end then. */
struct argv {
    char *const *words; /* without the program's name */
    size_t count;
};
bool usage_replay(const struct argv *argv, struct buf *out) MUST_USE;
/* Adds what it prints of the first word that SSL_CONF_cmd(3) would not take;
 * false when there is none. */
bool usage_conf(const struct argv *argv, struct buf *out);

/* ---- screen.c: lines and data on their way out ---- */

enum { PIECE = 16 * 1024 }; /* bytes moved at a time: a TLS record */

struct screen {
    struct waiter *waiter;
    struct buf out, err, msg; /* lines */
    struct buf shown; /* data made safe */
    int msg_fd; /* of -msgfile, else standard output; -1: none */
    bool silent; /* no lines on standard output */
    bool safe; /* data is made safe for the terminal it goes to */
    bool never_blocks; /* what standard output is takes any amount */
    char *data; /* of the peer, not written yet */
    size_t start, len;
    char held[4]; /* the begin of a character or line end: more is to come */
    size_t nheld;
};
struct screen_ask {
    struct waiter *waiter;
    const char *msg_file; /* NULL: none */
    bool silent, raw;
    bool messages; /* -msg or -trace */
};
bool screen_init(struct screen *o, const struct screen_ask *ask, struct err *e)
    MUST_USE;
void screen_release(struct screen *o);
/* Where a connection's own lines go. */
struct conn_lines screen_lines(struct screen *o);
/* Writes all lines, made safe, and waits where it must. */
void screen_flush(struct screen *o);
/* Where bytes of the peer are to be read to, PIECE of them. */
char *screen_room(struct screen *o);
/* They are there.  False when standard output cannot be written any more. */
bool screen_data(struct screen *o, size_t len) MUST_USE;
/* Some data waits; more must not be read before it is written. */
bool screen_waits(const struct screen *o);
/* Writes some of it, as standard output can be written. */
bool screen_push(struct screen *o) MUST_USE;
/* Writes all of it, waiting where it must. */
bool screen_push_all(struct screen *o) MUST_USE;
/* No more of it will come: shows what waited for its rest. */
void screen_finish(struct screen *o);

/* ---- input.c: what is typed, or read instead ---- */

enum input_event {
    INPUT_NOTHING, /* data, or nothing yet */
    INPUT_END,
    INPUT_QUIT,
    INPUT_RENEGOTIATE,
    INPUT_KEYS, /* new keys for us */
    INPUT_KEYS_BOTH, /* and for the peer */
    INPUT_RECONNECT,
    INPUT_HELP, /* about the commands in braces; these and below: -adv */
    INPUT_UNKNOWN, /* "word" is no command */
    INPUT_BAD_ARGUMENT, /* "word" is one, but for what follows the colon */
};
struct input {
    bool ignore_end; /* -ign_eof: the session outlives its input */
    bool commands; /* letters are obeyed */
    bool crlf;
    bool ended; /* no more is read */
    bool inside; /* the next byte is not the first of a line, or of a piece */
    bool some; /* data was read */
    char *data; /* to be sent */
    size_t start, len;
    bool newer; /* C is a letter: as s_client from OpenSSL 3.2 on */
    char *typed; /* -adv: what was read; NULL without it */
    size_t at, ntyped;
    char word[32]; /* of the last command in braces, perhaps cut */
};
bool input_init(struct input *in, const struct option_set *words, struct err *e)
    MUST_USE;
void input_release(struct input *in);
/* Something was read that has not been looked at. */
bool input_has_more(const struct input *in);
/* Reads once, unless there is more; then the descriptor must be readable. */
enum input_event input_read(struct input *in);
/* advanced.c: the text up to the next command in braces, or that command. */
enum input_event advanced_next(struct input *in);

/* ---- one session ---- */

struct session {
    struct argv argv;
    struct target *target;
    struct probe_env env;
    bool wanted[FIELDS_COUNT]; /* none */
    struct waiter waiter;
    struct screen screen;
    struct input input;
    struct opened *open;
    const struct plan_settings *settings; /* of the open connection */
    bool connected; /* and s_client would have said so */
    bool shaken; /* the handshake was done */
    bool reconnects; /* the session goes on with another connection */
    bool resolver_hangs; /* a lookup never came back: no exit handlers then */
    int status; /* to exit with */
};

/* target.c: the one target that the words name. */
bool session_target(struct target *t, const struct command_line *line,
                    struct err *e) MUST_USE;
/* stages.c: another connection with the session of this one; false with the
 * status set. */
bool session_reopen(struct session *s) MUST_USE;
/* From the name to a finished handshake, with what s_client says on
 * the way; false with the status set. */
bool session_open(struct session *s) MUST_USE;
/* A session has been left: saves it where it is wanted. */
void session_save(struct session *s);
/* loop.c: until one side ends it. */
void session_talk(struct session *s);
/* closing.c */
void session_close(struct session *s);
/* Prints the report block. */
void session_block(struct session *s);

/* tell.c: s_client's words for a failure, then ours where it has none or
 * where they help. */
void say_lines(const struct buf *lines);
void tell_ours(const struct err *e);
/* Words of which no connection can be made; the session holds them as far as
 * they could be read, or is NULL. */
void tell_refusal(const struct argv *argv, const struct session *s,
                  const struct err *e);
/* For an address that could not be connected to; "arg" is the session. */
void tell_tried(void *arg, const struct err *e);
void tell(struct session *s, const struct err *e);
