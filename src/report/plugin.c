#include "report/plugin.h"

#include "base/mem.h"
#include "findings.h"
#include "rules.h"
#include "shortlist.h"

#include <inttypes.h>

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
    const struct rule *rule = rule_for(r, &p->config);
    struct shortlist_row *row = NULL;

    if (!rule && finding_gone(r)) /* none of this run's targets */
        return;
    p->by_state[rule ? rule->state : PLUGIN_OK]++;
    p->failed += (report_findings(r) & FINDING_FAILED) != 0;
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
