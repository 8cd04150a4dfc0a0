/* opened -- one connection that is made stage by stage and kept: for a session
 * at a terminal, which has something to say between the stages. */
#pragma once

#include "dialog.h"
#include "probe.h"

struct opened;

/* What a connection is opened with; all of it must outlive the connection. */
struct opened_ask {
    const struct probe_env *env;
    struct waiter *waiter;
    const struct target *target; /* its words are settled */
    struct conn_lines lines; /* its own, and OpenSSL's error queue */
    /* Called with the reason for each address that did not work. */
    void (*tried)(void *arg, const struct err *e);
    void *tried_arg;
};

/* Stage CONFIG: nothing is connected.  NULL on failure.  Where the words set no
 * limits, there is time as for somebody who waits: 60 s for connecting, 60 s
 * for what follows, and no deadline. */
struct opened *opened_new(const struct opened_ask *ask, struct err *e) MUST_USE;
/* Also closes the socket, if that was not done; NULL is fine. */
void opened_free(struct opened *o);

/* Lookup and connect. */
bool opened_dial(struct opened *o, struct err *e) MUST_USE;
/* What is said in clear: proxy, then STARTTLS. */
bool opened_speak(struct opened *o, struct err *e) MUST_USE;
/* The TLS handshake; after it the conn has no time limit any more. */
bool opened_shake(struct opened *o, struct err *e) MUST_USE;
/* Waits a little for the session that the peer leaves after the handshake. */
bool opened_await(struct opened *o, struct err *e) MUST_USE;
/* Takes leave of the peer, to open another connection with the session that
 * this one has left, which is waited for.  The next opened_dial() goes to the
 * same address. */
bool opened_drop(struct opened *o, struct err *e) MUST_USE;
/* Writes the newest session to the file of -sess_out, if both are there. */
bool opened_save(struct opened *o, struct err *e) MUST_USE;
/* Closes the socket; the conn still tells what was agreed. */
void opened_close(struct opened *o);

/* The address that was connected to. */
const struct address *opened_peer(const struct opened *o);
const struct plan_settings *opened_settings(const struct opened *o);
/* What the STARTTLS dialogue has left. */
const struct dialog_notes *opened_notes(const struct opened *o);
/* Its "ssl" is NULL before opened_shake(), its socket is -1 once it is closed
 * or while there is none. */
struct conn *opened_conn(struct opened *o);

/* Append what s_client shows of the connection; the block also of one that was
 * never made.  False when it cannot be had. */
bool opened_block(struct opened *o, struct buf *out, struct err *e) MUST_USE;
void opened_brief(struct opened *o, struct buf *out);
/* The same of the ticket of TLS 1.3 that came last. */
void opened_ticket(struct opened *o, struct buf *out);
