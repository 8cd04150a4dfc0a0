/* identify -- what a record says before anything is connected. */
#include "probe_room.h"

#include "base/hostport.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

enum { REPRO_MAX = 8 * 1024 };

void record_since(struct record *r, enum field_id id, int64_t start_us)
{
    record_number(r, id, clock_now_us() - start_us);
}

static void text_or_none(struct record *r, enum field_id id, const char *text)
{
    if (text)
        record_text(r, id, text);
    else
        record_state(r, id, VALUE_NONE);
}

static void identify_tags(const struct target *t, struct record *r)
{
    if (t->ntags == 0)
        record_state(r, REC_tags, VALUE_NONE);
    for (size_t i = 0; i < t->ntags; i++)
        record_add(r, REC_tags, t->tags[i], strlen(t->tags[i]));
}

void identify_target(const struct target *t, struct record *r)
{
    long long port;

    record_number(r, REC_index, (int64_t)t->index);
    record_text(r, REC_target, t->text);
    text_or_none(r, REC_profile, t->profile);
    identify_tags(t, r);
    record_number(r, REC_time, clock_wall());
    record_state(r, REC_expect, VALUE_NOT_ASKED);
    record_state(r, REC_change, VALUE_NOT_ASKED);
    if (t->host)
        record_text(r, REC_host, t->host);
    if (t->port && text_int(t->port, &port))
        record_number(r, REC_port, port);
}

/* XMPP asks for a domain, which s_client takes from -connect. */
static bool speaks_xmpp(const struct plan_settings *s)
{
    return s->starttls && strncmp(s->starttls, "xmpp", strlen("xmpp")) == 0;
}

/* -servername and -noservername stand in the words already; a name that the
 * target itself implies is said here. */
static void repro_address(const struct probe *p, struct buf *out)
{
    const struct target *t = p->target;
    char *name;

    buf_text(out, t->path ? " -unix " : " -connect ");
    if (t->path) {
        options_quote(t->path, out);
        return;
    }
    name = hostport_print(t->address ? t->address : t->host, t->port);
    if (name)
        options_quote(name, out);
    else
        out->refused = true;
    mem_free(name);
    if (!t->address)
        return;
    if (!p->settings->servername && !p->settings->dane_domain
        && plan_sni(p->plan, t->host))
        buf_printf(out, " -servername %s", t->host);
    if (speaks_xmpp(p->settings) && !p->settings->name)
        buf_printf(out, " -xmpphost %s", t->host);
}

static void identify_repro(const struct probe *p)
{
    struct buf line;

    buf_init(&line, REPRO_MAX);
    buf_text(&line, "openssl s_client");
    repro_address(p, &line);
    options_print(&p->target->words, OPTIONS_PRINT_S_CLIENT, &line);
    buf_text(&line, " </dev/null");
    if (buf_ok(&line))
        record_bytes(p->record, REC_repro, line.data, line.len);
    buf_release(&line);
}

static void identify_warnings(const struct probe *p)
{
    const char *line = plan_warnings(p->plan);

    while (*line) {
        size_t len = strcspn(line, "\n");

        record_add(p->record, REC_warnings, line, len);
        line += len + (line[len] == '\n');
    }
}

static void identify_unasked(const struct probe *p)
{
    if (!p->settings->input)
        record_state(p->record, REC_response, VALUE_NOT_ASKED);
    if (!p->settings->verify.revocation)
        record_state(p->record, REC_crl_downloads, VALUE_NOT_ASKED);
    if (!p->settings->reconnect)
        record_state(p->record, REC_resumptions, VALUE_NOT_ASKED);
}

void identify_plan(const struct probe *p)
{
    identify_unasked(p);
    text_or_none(p->record, REC_starttls, p->settings->starttls);
    text_or_none(p->record, REC_sni, plan_sni(p->plan, p->target->host));
    identify_warnings(p);
    if (p->wanted[REC_repro])
        identify_repro(p);
}
