/* look -- what a connection leaves behind: facts, blocks, lines, files. */
#include "probe_room.h"

#include "base/text.h"

#include <string.h>

enum { BLOCK_MAX = 1024 * 1024 }; /* bytes of a target's report block */

struct inspect_ask look_ask(const struct attempt *a)
{
    const struct probe *p = a->probe;

    return (struct inspect_ask){
        .host = p->target->host,
        .sni = a->sni,
        .nameopt = p->settings->verify.nameopt,
        .wanted = p->wanted,
        .store = plan_store(p->plan),
        .status_asked = p->settings->status,
        .alpn_asked = p->settings->alpn,
        .npn_asked = p->settings->npn,
        .serverinfo_asked = p->settings->serverinfo,
        .dane_asked = p->settings->dane_domain,
        .early_asked = p->settings->early_data,
        .raw_key_asked = p->settings->raw_key,
        .ktls_asked = p->settings->ktls,
        .keymat_label = p->settings->keymat_label,
        .keymat_len = p->settings->keymat_len,
        .showcerts = p->settings->showcerts,
        .secrets = p->env->secrets,
        .want_block = p->env->want_block,
        .want_brief = p->env->want_brief,
        .now = clock_wall(),
    };
}

/* The text parts of the record: only what some report shows. */
static void write_blocks(struct attempt *a, const struct inspect_ask *ask,
                         bool done)
{
    struct record *r = a->probe->record;
    struct buf text;

    if (ask->want_block && a->conn.ssl) {
        buf_init(&text, BLOCK_MAX);
        if (a->probe->settings->brief && done)
            inspect_brief(&a->conn, ask, &text);
        else
            inspect_block(&a->conn, ask, &text);
        record_take(r, &r->block, &text);
    }
    if (ask->want_brief && a->conn.ssl && done) {
        buf_init(&text, BLOCK_MAX);
        inspect_brief(&a->conn, ask, &text);
        record_take(r, &r->brief, &text);
    }
}

static void note_fast_open(const struct attempt *a)
{
    if (a->probe->settings->fast_open)
        record_number(a->probe->record, REC_tcp_fast_open,
                      net_opened_fast(a->fd));
    else
        record_state(a->probe->record, REC_tcp_fast_open, VALUE_NOT_ASKED);
}

void look(struct attempt *a, bool done)
{
    const struct inspect_ask ask = look_ask(a);

    note_fast_open(a);
    if (a->conn.ssl && done)
        inspect_connection(&a->conn, &ask, a->probe->record);
    else if (a->conn.ssl)
        inspect_failure(&a->conn, &ask, a->probe->record);
    write_blocks(a, &ask, done);
}

void keep_lines(struct attempt *a)
{
    struct record *r = a->probe->record;

    if (a->err.len > 0)
        record_take(r, &r->log, &a->err);
    if (a->out.len > 0)
        record_take(r, &r->trace, &a->out);
}

/* What was found stands, whatever becomes of a file; a target that ended well
 * is to be looked at when its file is not there. */
static void write_file(const struct probe *p, enum option_id id,
                       const struct buf *text, struct err *e)
{
    struct err why = { .stage = STAGE_SHUTDOWN };

    if (!options_has(&p->target->words, id) || text->refused
        || outfile_write(p, id, text, &why))
        return;
    if (e->code == ERR_NONE)
        *e = why;
    else
        record_add(p->record, REC_warnings, why.msg, strlen(why.msg));
}

/* A decoded message holds what the peer has put into it. */
static void write_messages(const struct probe *p, struct err *e)
{
    const struct buf *raw = &p->messages;
    struct buf safe;

    buf_init(&safe, 4 * raw->len); /* each byte may become "\xHH" */
    text_encode(&safe, buf_string(raw), raw->len, TEXT_SHOWN);
    safe.refused |= raw->refused;
    write_file(p, OPT_msgfile, &safe, e);
    buf_release(&safe);
}

void write_files(const struct probe *p, struct err *e)
{
    write_messages(p, e);
    if (p->session.len > 0)
        write_file(p, OPT_sess_out, &p->session, e);
}
