/* session -- what a connection begins with beside TLS itself: a session of
 * before, early data, a request (-sess_in, -early_data, -input). */
#include "apply.h"
#include "files.h"
#include "payload.h"

#include <openssl/err.h>
#include <openssl/pem.h>

enum { SESSION_FILE_MAX = 1024 * 1024 };

SSL_SESSION *session_said(const struct option_set *set, enum option_id id,
                          struct err *e)
{
    const struct payload_ask ask = { .option = id,
                                     .file = options_text(set, id, NULL),
                                     .max = SESSION_FILE_MAX };
    struct payload file;
    SSL_SESSION *session = NULL;
    BIO *bio = NULL;

    if (payload_read(&file, &ask, e))
        bio = BIO_new_mem_buf(file.data, (int)file.len);
    if (bio)
        session = PEM_read_bio_SSL_SESSION(bio, NULL, file_no_phrase, NULL);
    BIO_free(bio);
    payload_release(&file);
    if (!session && e->code == ERR_NONE)
        apply_reason(e, ERR_FILE, "option '-%s': '%s' holds no session in PEM",
                     option_rows[id].name, ask.file);
    return session;
}

/* ---- early data ---- */

/* What the sessions that are known by now allow. */
static size_t early_limit(const struct plan *p)
{
    const SSL_SESSION *const sessions[] = { p->session, p->psk.session };
    size_t limit = 0;

    for (size_t i = 0; i < 2 && limit == 0; i++)
        if (sessions[i])
            limit = SSL_SESSION_get_max_early_data(sessions[i]);
    return limit;
}

/* As s_client, early data that nothing allows is not sent; but it is told. */
static bool check_early(struct plan *p, struct err *e)
{
    const char *name = option_rows[OPT_early_data].name;
    const struct payload *early = p->settings.early_data;
    const size_t limit = early_limit(p);

    if (!early || p->settings.reconnect)
        return true;
    if (limit > 0 && early->len > limit)
        return err_set(e, ERR_USAGE,
                       "option '-%s': '%s' has %zu bytes, the session allows "
                       "%zu",
                       name, options_text(&p->words, OPT_early_data, ""),
                       early->len, limit);
    if (!p->session && !p->psk.session)
        buf_printf(&p->warnings,
                   "option '-%s': nothing is sent without a session (-%s or "
                   "-%s)\n",
                   name, option_rows[OPT_sess_in].name,
                   option_rows[OPT_psk_session].name);
    else if (limit == 0)
        buf_printf(&p->warnings,
                   "option '-%s': nothing is sent, since the session allows no "
                   "early data\n",
                   name);
    return true;
}

bool session_fill(struct plan *p, struct plan_cache *cache, struct err *e)
{
    struct plan_settings *s = &p->settings;

    if (options_has(&p->words, OPT_sess_in)) {
        p->session = session_said(&p->words, OPT_sess_in, e);
        if (!p->session)
            return false;
    }
    if (!payload_said(cache, &p->words, OPT_early_data, &p->early_data, e)
        || !payload_said(cache, &p->words, OPT_input, &p->input, e))
        return false;
    s->session = p->session;
    s->reconnect = options_has(&p->words, OPT_reconnect);
    s->early_data = payload_of(p->early_data);
    s->input = payload_of(p->input);
    return check_early(p, e);
}
