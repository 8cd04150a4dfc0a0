#include "report/plugin.h"

#include "base/mem.h"
#include "findings.h"
#include "shortlist.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    LINE_MAX_BYTES = 1000, /* readers take 1 kB */
    DATA_MAX_BYTES = 160, /* of it: the performance data */
    MORE_MAX_BYTES = 40, /* of it: how many problems more there are */
    TEXT_MAX_BYTES = LINE_MAX_BYTES - DATA_MAX_BYTES - MORE_MAX_BYTES,
    TARGET_COLUMNS = 60,
    NOTE_COLUMNS = 100,
    SENTENCE_COLUMNS = 200,
};

static const struct {
    const char *name;
    int rank; /* a known problem is worse than what nobody knows */
} states[] = {
    [PLUGIN_OK] = { "OK", 0 },
    [PLUGIN_UNKNOWN] = { "UNKNOWN", 1 },
    [PLUGIN_WARNING] = { "WARNING", 2 },
    [PLUGIN_CRITICAL] = { "CRITICAL", 3 },
};

enum { STATES = sizeof(states) / sizeof(states[0]) };

struct plugin {
    struct plugin_config config;
    uint64_t by_state[STATES]; /* targets */
    uint64_t failed;
    bool knows_days;
    int64_t soonest; /* days left */
    struct shortlist worst;
};

/* ---- what can be the matter with a target ---- */

/* A record and what it is judged by. */
struct look {
    const struct record *record;
    const struct plugin_config *config;
    unsigned found;
};

static bool is_refused(const struct look *l)
{
    const enum status status = record_status(l->record);

    return status == STATUS_FAILED || status == STATUS_TIMEOUT;
}

static bool ends_critically(const struct look *l)
{
    return record_int(l->record, REC_days_left, INT64_MAX)
           < l->config->crit_days;
}

static bool ends_soon(const struct look *l)
{
    return record_int(l->record, REC_days_left, INT64_MAX)
           < l->config->warn_days;
}

/* One expectation at least has failed; values stand only behind such a one. */
static bool is_unmet(const struct look *l)
{
    static const char word[] = "failed: ";
    const struct bytes *text = &l->record->values[REC_expect].text;

    return memmem(text->data, text->len, word, strlen(word)) != NULL;
}

static bool is_skipped(const struct look *l)
{
    return record_status(l->record) == STATUS_NOT_ATTEMPTED
           && !finding_gone(l->record);
}

static void add_field(struct piece *note, const struct record *r,
                      enum field_id id)
{
    const struct bytes *text = &r->values[id].text;

    piece_add(note, text->data, text->len);
}

static void say_failure(struct piece *note, const struct record *r)
{
    add_field(note, r, REC_stage);
    piece_text(note, ": ");
    add_field(note, r, REC_error);
}

static void say_days(struct piece *note, const struct record *r)
{
    char days[48];

    snprintf(days, sizeof(days), "expires in %" PRId64 " d",
             record_int(r, REC_days_left, 0));
    piece_text(note, days);
}

static void say_chain(struct piece *note, const struct record *r)
{
    piece_text(note, "not verified");
    if (!record_known(r, REC_verify_error))
        return;
    piece_text(note, ": ");
    add_field(note, r, REC_verify_error);
}

static void say_name(struct piece *note, const struct record *r)
{
    piece_text(note, "certificate is not made out to ");
    add_field(note, r, record_known(r, REC_sni) ? REC_sni : REC_host);
}

static void say_expectation(struct piece *note, const struct record *r)
{
    piece_text(note, "expectation ");
    add_field(note, r, REC_expect);
}

static void say_change(struct piece *note, const struct record *r)
{
    piece_text(note, "change: ");
    add_field(note, r, REC_change);
}

/* The first rule that a target meets decides.  A finding counts when it is
 * heeded; those of our own side say nothing of the target. */
static const struct rule {
    enum plugin_state state;
    unsigned finding; /* 0: whatever was found */
    bool (*meets)(const struct look *l); /* NULL: nothing else is needed */
    void (*say)(struct piece *note, const struct record *r);
} rules[] = {
    { PLUGIN_CRITICAL, FINDING_FAILED, is_refused, say_failure },
    { PLUGIN_CRITICAL, 0, ends_critically, say_days },
    { PLUGIN_CRITICAL, FINDING_VERIFY, NULL, say_chain },
    { PLUGIN_CRITICAL, FINDING_NAME, NULL, say_name },
    { PLUGIN_CRITICAL, FINDING_EXPECT, is_unmet, say_expectation },
    { PLUGIN_WARNING, 0, ends_soon, say_days },
    { PLUGIN_WARNING, FINDING_CHANGE, NULL, say_change },
    { PLUGIN_UNKNOWN, FINDING_EXPECT, NULL, say_expectation },
    { PLUGIN_UNKNOWN, FINDING_FAILED, NULL, say_failure },
    { PLUGIN_UNKNOWN, 0, is_skipped, say_failure },
};

enum { RULES = sizeof(rules) / sizeof(rules[0]) };

static const struct rule *find_rule(const struct look *l)
{
    const unsigned heeded = l->found & l->config->heed;

    for (size_t i = 0; i < RULES; i++) {
        const struct rule *rule = &rules[i];

        if ((rule->finding == 0 || (rule->finding & heeded))
            && (!rule->meets || rule->meets(l)))
            return rule;
    }
    return NULL;
}

/* ---- all targets ---- */

struct plugin *plugin_new(const struct plugin_config *config)
{
    struct plugin *p = mem_new(1, sizeof(*p));

    if (p)
        p->config = *config;
    return p;
}

void plugin_free(struct plugin *p)
{
    mem_free(p);
}

static void note_days(struct plugin *p, const struct record *r)
{
    const int64_t left = record_int(r, REC_days_left, 0);

    if (!record_known(r, REC_days_left))
        return;
    if (!p->knows_days || left < p->soonest)
        p->soonest = left;
    p->knows_days = true;
}

static void add_one(struct plugin *p, const struct record *r)
{
    const struct look look = { .record = r,
                               .config = &p->config,
                               .found = report_findings(r) };
    const struct rule *rule = find_rule(&look);
    struct shortlist_row *row = NULL;

    if (!rule && finding_gone(r)) /* none of this run's targets */
        return;
    p->by_state[rule ? rule->state : PLUGIN_OK]++;
    p->failed += (look.found & FINDING_FAILED) != 0;
    note_days(p, r);
    if (rule)
        row = shortlist_place(&p->worst, -states[rule->state].rank, r);
    if (row)
        rule->say(&row->note, r);
}

void plugin_add(struct plugin *p, const struct record *r)
{
    for (const struct record *one = r; one; one = one->more)
        add_one(p, one);
}

/* ---- the line ---- */

/* What follows a bar is data: there is none in a text. */
static void add_text(struct buf *out, const struct buf *text)
{
    const char *at = buf_string(text);

    for (size_t i = 0; i < text->len; i++) {
        if (at[i] == '|')
            buf_text(out, "\\x7C");
        else
            buf_byte(out, at[i]);
    }
}

static void say_problem(struct buf *phrase, const struct shortlist_row *row)
{
    struct buf text;

    buf_init(&text, LINE_MAX_BYTES);
    piece_show(&text, &row->target, TARGET_COLUMNS);
    buf_byte(&text, ' ');
    piece_show(&text, &row->note, NOTE_COLUMNS);
    add_text(phrase, &text);
    phrase->refused |= text.refused;
    buf_release(&text);
}

static uint64_t sum(const struct plugin *p)
{
    uint64_t all = 0;

    for (size_t i = 0; i < STATES; i++)
        all += p->by_state[i];
    return all;
}

/* The worst first, as many as there is room for. */
static void add_problems(const struct plugin *p, uint64_t problems,
                         struct buf *out)
{
    const char *before = ": ";
    size_t told = 0;

    for (; told < p->worst.used; told++) {
        struct buf phrase;
        bool fits;

        buf_init(&phrase, LINE_MAX_BYTES);
        say_problem(&phrase, &p->worst.rows[told]);
        fits = buf_ok(&phrase) && out->len + phrase.len < TEXT_MAX_BYTES;
        if (fits) {
            buf_text(out, before);
            buf_add(out, buf_string(&phrase), phrase.len);
            before = "; ";
        }
        buf_release(&phrase);
        if (!fits)
            break;
    }
    if (told < problems)
        buf_printf(out, "%sand %" PRIu64 " more", before, problems - told);
}

/* 'label'=value;warn;crit;min;max */
static void add_data(const struct plugin *p, struct buf *out)
{
    buf_printf(out, " | ok=%" PRIu64 ";;;0;%" PRIu64 " failed=%" PRIu64,
               p->by_state[PLUGIN_OK], sum(p), p->failed);
    if (p->knows_days)
        buf_printf(out, " days=%" PRId64 ";%" PRId64 ";%" PRId64, p->soonest,
                   p->config.warn_days, p->config.crit_days);
    buf_byte(out, '\n');
}

static enum plugin_state worst_state(const struct plugin *p, bool cut)
{
    enum plugin_state worst = cut || sum(p) == 0 ? PLUGIN_UNKNOWN : PLUGIN_OK;

    for (size_t i = 0; i < STATES; i++)
        if (p->by_state[i] > 0 && states[i].rank > states[worst].rank)
            worst = (enum plugin_state)i;
    return worst;
}

static void add_sentence(struct buf *out, const char *sentence)
{
    struct piece whole;
    struct buf text;

    piece_clear(&whole);
    piece_text(&whole, sentence);
    buf_init(&text, LINE_MAX_BYTES);
    piece_show(&text, &whole, SENTENCE_COLUMNS);
    add_text(out, &text);
    out->refused |= text.refused;
    buf_release(&text);
}

enum plugin_state plugin_line(const struct plugin *p, const char *cut,
                              struct buf *out)
{
    const enum plugin_state state = worst_state(p, cut != NULL);
    const uint64_t all = sum(p), problems = all - p->by_state[PLUGIN_OK];

    buf_printf(out, "TLS %s - ", states[state].name);
    if (cut) {
        add_sentence(out, cut);
        buf_text(out, "; ");
    }
    if (problems > 0) {
        buf_printf(out, "%" PRIu64 " of %" PRIu64 " targets", problems, all);
        add_problems(p, problems, out);
    } else {
        buf_printf(out, "%" PRIu64 " target%s", all, all == 1 ? "" : "s");
        if (p->knows_days)
            buf_printf(out, ", the first certificate expires in %" PRId64 " d",
                       p->soonest);
    }
    add_data(p, out);
    return state;
}

enum plugin_state plugin_unknown(const char *why, struct buf *out)
{
    buf_printf(out, "TLS %s - ", states[PLUGIN_UNKNOWN].name);
    add_sentence(out, why);
    buf_byte(out, '\n');
    return PLUGIN_UNKNOWN;
}
