/* revoked -- the lists that the chain needs are fetched, once it has verified
 * without them, and then it is verified with them (-crl_download). */
#include "crl.h"
#include "probe_room.h"
#include "tls/revocation.h"

#include <openssl/x509v3.h>
#include <string.h>

enum { TEXT_MAX = 64 * 1024 }; /* bytes of a name, an address, a line of them */

/* What is under way for one connection. */
struct search {
    struct attempt *attempt;
    struct crl_ask ask;
    STACK_OF(X509_CRL) * found;
    struct buf failed; /* the first place that had none, and why */
};

/* Where the target is, if that is known: behind a proxy it is not. */
static enum address_reach reach_of(const struct attempt *a)
{
    return a->probe->settings->proxy_host ? REACH_PUBLIC
                                          : address_reach(&a->peer);
}

static void begin(struct search *s, struct attempt *a)
{
    const struct probe *p = a->probe;

    *s = (struct search){ .attempt = a, .found = sk_X509_CRL_new_null() };
    s->ask = (struct crl_ask){ .env = p->env,
                               .waiter = p->waiter,
                               .near = reach_of(a),
                               .anywhere = p->settings->private_crl,
                               .when = stage_budget(p, CRLS_MS) };
    s->ask.library = plan_library(p->plan, &s->ask.propq);
    buf_init(&s->failed, TEXT_MAX);
}

static void end(struct search *s)
{
    sk_X509_CRL_pop_free(s->found, X509_CRL_free);
    buf_release(&s->failed);
}

/* ---- what the record and the lines say ---- */

static void note(const struct search *s, enum field_id id, struct buf *line)
{
    struct record *r = s->attempt->probe->record;

    if (buf_ok(line))
        record_add(r, id, line->data, line->len);
    r->incomplete |= line->refused;
    buf_release(line);
}

static void note_found(const struct search *s, size_t size)
{
    struct buf line;

    buf_init(&line, TEXT_MAX);
    buf_printf(&line, "%s: %zu bytes", s->ask.url, size);
    note(s, REC_crl_downloads, &line);
}

static void note_failed(struct search *s, const struct err *why)
{
    struct buf line, *lines = s->attempt->conn.lines.err;

    buf_init(&line, TEXT_MAX);
    buf_printf(&line, "%s: %s", s->ask.url, why->msg);
    if (s->failed.len == 0)
        buf_text(&s->failed, buf_string(&line));
    if (lines) {
        buf_text(lines, "Unable to load CRL via CDP");
        if (plan_have(NEEDS_OPENSSL_3_2)) /* as the s_client of it */
            buf_printf(lines, " from %s", s->ask.url);
        buf_printf(lines, "\ntlsfleet: %s\n", buf_string(&line));
    }
    note(s, REC_crl_downloads, &line);
}

static void note_nowhere(const struct search *s, const X509 *cert)
{
    struct buf line;

    buf_init(&line, TEXT_MAX);
    buf_text(&line, "no place to fetch a revocation list from is named in the "
                    "certificate of ");
    tls_print_name(&line, X509_get_subject_name(cert), 0,
                   s->attempt->conn.verify.nameopt);
    note(s, REC_warnings, &line);
}

/* ---- fetching ---- */

static bool keep(struct search *s, struct crl *list, struct err *e)
{
    note_found(s, list->size);
    if (sk_X509_CRL_push(s->found, list->crl) > 0)
        return true;
    crl_release(list);
    return err_memory(e, "a revocation list");
}

/* False when it is our own fault that there is none. */
static bool try_place(struct search *s, const char *url, bool *found,
                      struct err *e)
{
    struct err why = { .stage = STAGE_VERIFY };
    struct crl list;

    s->ask.url = url;
    *found = crl_cache_get(s->ask.env->crls, &s->ask, &list, &why);
    if (*found)
        return keep(s, &list, e);
    judge_late(s->ask.env, CRLS_MS, &why);
    if (err_row(why.code)->status == STATUS_INTERNAL) {
        *e = why;
        return false;
    }
    note_failed(s, &why);
    return true;
}

/* The first that answers will do: they are said to be copies. */
static bool try_places(struct search *s, X509 *cert, bool delta, struct err *e)
{
    struct buf places;
    bool found = false, fine = true;
    char *rest, *url;

    buf_init(&places, TEXT_MAX);
    tls_crl_places(cert, delta, &places);
    if (places.refused)
        fine = err_memory(e, "the places of revocation lists");
    if (places.len == 0 && !delta
        && !(X509_get_extension_flags(cert) & EXFLAG_SS))
        note_nowhere(s, cert);
    rest = places.data;
    while (fine && !found && (url = strsep(&rest, "\n")) && *url)
        fine = try_place(s, url, &found, e);
    buf_release(&places);
    return fine;
}

static bool fetch(struct search *s, STACK_OF(X509) * certs, struct err *e)
{
    X509_VERIFY_PARAM *param = SSL_get0_param(s->attempt->conn.ssl);
    const bool deltas =
        X509_VERIFY_PARAM_get_flags(param) & X509_V_FLAG_USE_DELTAS;

    for (int i = 0; i < sk_X509_num(certs); i++) {
        X509 *cert = sk_X509_value(certs, i);

        if (!try_places(s, cert, false, e)
            || (deltas && !try_places(s, cert, true, e)))
            return false;
    }
    return true;
}

/* ---- the verdict ---- */

/* Why the list was missing says more than that it was. */
static void explain(const struct search *s, struct err *e)
{
    const struct conn *c = &s->attempt->conn;
    const struct err verdict = *e;

    if (e->code != ERR_VERIFY || s->failed.len == 0
        || !tls_is_crl_missing(c->verify_errors[c->nverify_errors - 1]))
        return;
    err_clear(e);
    err_set(e, ERR_FETCH, "%s: %s", verdict.msg, buf_string(&s->failed));
}

static bool fetch_and_check(struct search *s, struct err *e)
{
    struct conn *c = &s->attempt->conn;
    STACK_OF(X509) *missing = tls_crls_missing(c, e);
    bool done = missing && fetch(s, missing, e);

    sk_X509_pop_free(missing, X509_free);
    if (!done)
        return false;
    done = tls_check_revocation(c, s->found, e);
    explain(s, e);
    return done;
}

bool check_revocation(struct attempt *a, struct err *e)
{
    const enum stage before = e->stage;
    struct search s;
    bool done;

    if (!a->conn.verify.revocation)
        return true;
    e->stage = STAGE_VERIFY;
    record_state(a->probe->record, REC_crl_downloads, VALUE_NONE);
    begin(&s, a);
    done = s.found ? fetch_and_check(&s, e)
                   : err_memory(e, "fetching revocation lists");
    end(&s);
    if (done)
        e->stage = before;
    return done;
}
