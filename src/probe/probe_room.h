/* Private to src/probe: what one probe carries from stage to stage. */
#pragma once

#include "dialog.h"
#include "probe.h"
#include "probe/opened.h"

#include <sys/stat.h>

struct probe {
    const struct probe_env *env;
    struct waiter *waiter;
    const struct target *target;
    const struct plan *plan;
    const struct plan_settings *settings;
    struct record *record;
    bool wanted[FIELDS_COUNT]; /* some report or expectation needs them */
    deadline_ms deadline; /* of the whole target */
    int64_t held_ms; /* what we made it wait, which is not its time */
    struct buf messages; /* of -msgfile, of the last attempt */
    struct buf session; /* of -sess_out, likewise; secret */
};

/* One attempt: what has to be let go of when it ends. */
struct attempt {
    struct probe *probe;
    int fd; /* -1: not connected */
    struct conn conn; /* conn.ssl is NULL before the handshake */
    struct address peer; /* connected to, or last tried */
    struct courtesy *courtesy; /* that counts the connection; NULL: none */
    bool full; /* the peer has all the connections it may have: try later */
    struct buf err, out; /* the connection's own lines */
    const struct opened_ask *opened; /* of one that is kept open; else NULL */
    struct dialog_notes *notes; /* its STARTTLS dialogue leaves them; or NULL */
    const char *sni; /* of the plan; NULL: none */
    SSL_SESSION *session; /* the newest that was left; owned; NULL: none */
    int64_t shaken_us; /* how long the handshake took */
    bool again; /* a further connection of -reconnect */
    deadline_ms connect_by,
        handshake_by; /* stage budgets within the deadline */
};

/* A channel over another one, which shows what goes through as -debug does. */
struct tap {
    struct chan chan;
    struct chan *below;
    struct buf *out; /* NULL: nothing is shown */
};
void tap_init(struct tap *t, struct chan *below);

/* The fields that are known before anything is connected. */
void identify_target(const struct target *t, struct record *r);
void identify_plan(const struct probe *p);
/* Marks the fields that the target's expectations are about. */
void want_expected(const struct target *t, bool wanted[FIELDS_COUNT]);
/* The last: what the target's expectations make of the record. */
void judge_target(const struct target *t, struct record *r);

/* The end of a stage that may take so many milliseconds. */
deadline_ms stage_budget(const struct probe *p, int64_t ms);

/* A time-out of a budget that ran out while our threads stood in line for the
 * processor says nothing of a peer: it becomes OVERLOAD. */
void judge_late(const struct probe_env *env, int64_t budget_ms, struct err *e);

/* Lookup and connect; on success a->fd is a connected socket. */
bool dial(struct attempt *a, struct err *e) MUST_USE;
/* Another connection to where the last one went; its place among those of the
 * address is kept. */
bool dial_again(struct attempt *a, struct err *e) MUST_USE;
/* All that follows a connect. */
bool open_session(struct attempt *a, struct err *e) MUST_USE;
/* What is said in clear: proxy, then STARTTLS. */
bool speak(struct attempt *a, struct err *e) MUST_USE;
/* Where the attempt's connection writes its lines. */
struct conn_lines attempt_lines(struct attempt *a);
/* An SSL on the socket, for a handshake to come. */
bool prepare_conn(struct attempt *a, struct err *e) MUST_USE;
/* The TLS handshake, a late refusal of our certificate, and revocation. */
bool shake_hands(struct attempt *a, struct err *e) MUST_USE;
/* How long to wait for what a server says of its own accord. */
int64_t grace_ms(const struct attempt *a);
/* Whether certificates of the server were revoked (-crl_download). */
bool check_revocation(struct attempt *a, struct err *e) MUST_USE;
/* The request of -input; and, where somebody wants it, a session. */
bool converse(struct attempt *a, struct err *e) MUST_USE;
/* The newest session of an attempt into p->session, for -sess_out. */
void keep_session(struct attempt *a);
/* After a first connection: -reconnect. */
bool reconnect(struct attempt *a, struct err *e) MUST_USE;

/* What is asked about an attempt's connection. */
struct inspect_ask look_ask(const struct attempt *a);
/* Into the record: facts and blocks of a connection, finished or not; and, when
 * all is said, its own lines. */
void look(struct attempt *a, bool done);
void keep_lines(struct attempt *a);
/* Once the last attempt is over. */
void write_files(const struct probe *p, struct err *e);

/* ---- files of a target (-msgfile and the like) ---- */

enum { OUTNAME_MAX = 4096 };

/* Appends a file name in which "{index}" and the like are filled in. */
void outname_expand(struct buf *name, const char *pattern,
                    const struct record *r);
/* True for the first target that asks for a name in a folder. */
bool taken_claim(struct taken *t, const struct stat *folder, const char *name,
                 struct err *e) MUST_USE;
/* Writes the file that an option of the target names: mode 0600, whole or not
 * at all, over a file of before, but never over a link, a device, or what
 * another target of this run has written.  Code FILE, or our own fault. */
bool outfile_write(const struct probe *p, enum option_id id,
                   const struct buf *text, struct err *e) MUST_USE;

/* Milliseconds of a field from microseconds since "start". */
void record_since(struct record *r, enum field_id id, int64_t start_us);
