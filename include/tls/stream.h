/* stream -- application data over an open connection; never waits.
 *
 * Whoever waits for a terminal as well asks here what to wait for.  What
 * happens beside the data (tickets, alerts, new keys, requests for a
 * certificate) is told through the conn's lines. */
#pragma once

#include "base/clock.h"
#include "base/err.h"

#include <stddef.h>

struct conn;

enum stream_state {
    STREAM_MOVED, /* some bytes went through, or a step was done */
    STREAM_WANTS_READ, /* again, once the socket can be read */
    STREAM_WANTS_WRITE, /* again, once it can be written */
    STREAM_WANTS_ASYNC, /* again, once an engine has done its work */
    STREAM_CLOSED, /* the peer has said that it sends no more */
    STREAM_BROKEN, /* the socket failed: "sys" is errno, or 0 */
    STREAM_FAILED, /* TLS failed: the error queue went to the conn's lines */
};
struct stream_step {
    enum stream_state state;
    size_t moved;
    int sys;
};

/* After the handshake, before the first of the calls below. */
void stream_begin(struct conn *c);
/* At least one byte of what the peer sent. */
struct stream_step stream_read(struct conn *c, void *bytes, size_t len);
/* Some of the bytes, not always all.  What was not taken must come first in
 * the next call. */
struct stream_step stream_write(struct conn *c, const void *bytes, size_t len);
/* Goes on with what stream_renegotiate() or stream_key_update() began. */
struct stream_step stream_advance(struct conn *c);
/* Takes bytes from the socket as they are, encrypted or not; once the session
 * is over.  False when there are none, or none will come. */
bool stream_drop(struct conn *c, void *room, size_t len);
/* Something was taken from the socket and not yet read, perhaps only a part of
 * a record: a read may do without the socket, unless one has just said that it
 * wants it. */
bool stream_pending(const struct conn *c);
/* A handshake was asked for, or has begun, and is not done. */
bool stream_is_shaking(const struct conn *c);
/* When to read although the socket says nothing: DTLS then sends again what was
 * not answered (RFC 6347 4.2.4), and so does QUIC.  DEADLINE_NEVER while there
 * is no such thing. */
deadline_ms stream_turn(const struct conn *c);
/* We send no more, and the peer may still answer.  False, and nothing is done,
 * where only closing the connection can say so. */
bool stream_conclude(struct conn *c);
/* The connection speaks this kind of command: renegotiation up to TLS 1.2, new
 * keys from TLS 1.3 on.  False with the error queue in the conn's lines. */
bool stream_renegotiate(struct conn *c) MUST_USE;
bool stream_key_update(struct conn *c, bool of_peer_too) MUST_USE;
