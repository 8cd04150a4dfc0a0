/* exchange -- one question and its answer over an open connection. */
#pragma once

#include "tls.h"

struct exchange {
    const struct payload *question;
    size_t answer_max; /* bytes to read; more is left alone */
    int64_t quiet_ms; /* such a silence ends an answer that has begun */
    struct buf *answer; /* as much of its begin as fits */
    bool cut; /* told: the peer hung up without saying so in TLS */
};
/* Sends all of the question, then reads until the peer closes, falls silent or
 * has said enough; by c->when.  Stage REQUEST; codes CLOSED and TIMED_OUT when
 * no byte came, else those of a handshake. */
bool tls_exchange(struct conn *c, struct exchange *x, struct err *e) MUST_USE;
