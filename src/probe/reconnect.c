/* reconnect -- five more connections, each with the newest session of those
 * before it (-reconnect).
 *
 * s_client drops a connection of TLS 1.3 before its ticket comes and so never
 * resumes one; here each has been waited for. */
#include "probe_room.h"

#include "base/mem.h"

#include <string.h>

enum { MORE = 5 };

static void hang_up(struct attempt *a)
{
    tls_shutdown(&a->conn);
    conn_release(&a->conn);
    net_close(a->fd);
    a->fd = -1;
}

static bool connect_again(struct attempt *a, struct err *e)
{
    hang_up(a);
    a->connect_by = stage_budget(a->probe, a->probe->settings->connect_ms);
    return dial_again(a, e) && open_session(a, e);
}

static void add(struct record *r, bool resumed)
{
    const char *text = resumed ? "reused" : "new";

    record_add(r, REC_resumptions, text, strlen(text));
}

/* Early data goes out again with every session that allows it: it was accepted
 * when it always was.  As a rule the first connection has no session yet. */
static void note_early(const struct attempt *a, struct record *r, int *status)
{
    const int now = SSL_get_early_data_status(a->conn.ssl);

    if (!a->probe->settings->early_data || now == SSL_EARLY_DATA_NOT_SENT
        || *status == SSL_EARLY_DATA_REJECTED)
        return;
    *status = now;
    inspect_early_data(now, r);
}

static bool connect_more(struct attempt *a, struct record *r, struct err *e)
{
    int early = SSL_get_early_data_status(a->conn.ssl);
    bool all = true;

    add(r, tls_resumed(&a->conn));
    for (int i = 0; i < MORE; i++) {
        if (!connect_again(a, e))
            return false;
        all &= tls_resumed(&a->conn);
        add(r, tls_resumed(&a->conn));
        note_early(a, r, &early);
    }
    record_number(r, REC_resumed, all);
    return true;
}

bool reconnect(struct attempt *a, struct err *e)
{
    struct record *facts = a->probe->record;
    struct record *scratch = record_new();
    bool done;

    if (!scratch)
        return err_memory(e, "further connections");
    /* The facts are those of the first connection. */
    a->probe->record = scratch;
    a->again = true;
    done = connect_more(a, facts, e);
    a->probe->record = facts;
    facts->incomplete |= scratch->incomplete;
    record_free(scratch);
    return done;
}
