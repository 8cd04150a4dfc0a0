/* Private to src/probe: what one probe carries from stage to stage. */
#pragma once

#include "probe.h"

struct probe {
    const struct probe_env *env;
    struct waiter *waiter;
    const struct target *target;
    const struct plan *plan;
    const struct plan_settings *settings;
    struct record *record;
    deadline_ms deadline; /* of the whole target */
};

/* One attempt: what has to be let go of when it ends. */
struct attempt {
    struct probe *probe;
    int fd; /* -1: not connected */
    struct conn conn; /* conn.ssl is NULL before the handshake */
    struct address peer; /* connected to, or last tried */
    struct courtesy *courtesy; /* that counts the connection; NULL: none */
    bool full; /* the peer has all the connections it may have: try later */
    struct buf log; /* verify lines */
    const char *sni; /* of the plan; NULL: none */
    deadline_ms connect_by,
        handshake_by; /* stage budgets within the deadline */
};

/* The fields that are known before anything is connected. */
void identify_target(const struct target *t, struct record *r);
void identify_plan(const struct probe *p);

/* Lookup and connect; on success a->fd is a connected socket. */
bool dial(struct attempt *a, struct err *e) MUST_USE;
/* What is said in clear: proxy, then STARTTLS. */
bool speak(struct attempt *a, struct err *e) MUST_USE;
/* The TLS handshake, and a late refusal of our certificate. */
bool shake_hands(struct attempt *a, struct err *e) MUST_USE;

/* Milliseconds of a field from microseconds since "start". */
void record_since(struct record *r, enum field_id id, int64_t start_us);
