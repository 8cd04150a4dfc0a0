/* rules -- which state a target has in the eyes of a monitoring plug-in. */
#include "rules.h"

#include "findings.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A record and what it is judged by. */
struct look {
    const struct record *record;
    const struct plugin_config *config;
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
static const struct {
    struct rule rule;
    unsigned finding; /* 0: whatever was found */
    bool (*meets)(const struct look *l); /* NULL: nothing else is needed */
} rules[] = {
    { { PLUGIN_CRITICAL, say_failure }, FINDING_FAILED, is_refused },
    { { PLUGIN_CRITICAL, say_days }, 0, ends_critically },
    { { PLUGIN_CRITICAL, say_chain }, FINDING_VERIFY, NULL },
    { { PLUGIN_CRITICAL, say_name }, FINDING_NAME, NULL },
    { { PLUGIN_CRITICAL, say_expectation }, FINDING_EXPECT, is_unmet },
    { { PLUGIN_WARNING, say_days }, 0, ends_soon },
    { { PLUGIN_WARNING, say_change }, FINDING_CHANGE, NULL },
    { { PLUGIN_UNKNOWN, say_expectation }, FINDING_EXPECT, NULL },
    { { PLUGIN_UNKNOWN, say_failure }, FINDING_FAILED, NULL },
    { { PLUGIN_UNKNOWN, say_failure }, 0, is_skipped },
};

enum { RULES = sizeof(rules) / sizeof(rules[0]) };

const struct rule *rule_for(const struct record *r,
                            const struct plugin_config *config)
{
    const struct look look = { .record = r, .config = config };
    const unsigned heeded = report_findings(r) & config->heed;

    for (size_t i = 0; i < RULES; i++)
        if ((rules[i].finding == 0 || (rules[i].finding & heeded))
            && (!rules[i].meets || rules[i].meets(&look)))
            return &rules[i].rule;
    return NULL;
}
