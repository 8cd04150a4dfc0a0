#include "summary.h"

#include <inttypes.h>
#include <string.h>

enum {
    KINDS = STAGE_COUNT * ERR_COUNT,
    KINDS_SHOWN = 12, /* it is one screen */
};

static size_t find_stage(const char *name)
{
    size_t i = 0;

    while (i < STAGE_COUNT && strcmp(name, stage_name((enum stage)i)) != 0)
        i++;
    return i;
}

static size_t find_code(const char *name)
{
    size_t i = 0;

    while (i < ERR_COUNT && strcmp(name, err_row((enum err_code)i)->name) != 0)
        i++;
    return i;
}

static void count_failure(struct summary *s, const struct record *r)
{
    const char *stage = record_get(r, REC_stage);
    const char *code = record_get(r, REC_code);
    size_t row = stage ? find_stage(stage) : STAGE_COUNT;
    size_t column = code ? find_code(code) : ERR_COUNT;

    if (row < STAGE_COUNT && column < ERR_COUNT)
        s->failures[row][column]++;
}

static bool says(const struct record *r, enum field_id id, const char *word)
{
    const char *text = record_get(r, id);

    return text && strcmp(text, word) == 0;
}

static void count_judged(struct summary *s, const struct record *r)
{
    s->totals.unexpected +=
        record_known(r, REC_expect) && !says(r, REC_expect, "met");
    s->totals.changed +=
        record_known(r, REC_change) && !says(r, REC_change, "same");
    s->totals.gone += says(r, REC_change, "gone");
}

static void count(struct summary *s, const struct record *r)
{
    enum status status = record_status(r);

    s->totals.records++;
    s->totals.by_status[status]++;
    s->totals.unverified += record_int(r, REC_verified, 1) == 0;
    s->totals.name_mismatch += record_int(r, REC_name_match, 1) == 0;
    count_judged(s, r);
    if (status != STATUS_OK)
        count_failure(s, r);
}

void summary_add(struct summary *s, const struct record *r)
{
    count(s, r);
    for (const struct record *more = r->more; more; more = more->more) {
        count(s, more);
        s->further++;
    }
}

/* The line that adds up; in and out differ only when records were lost. */
static void print_accounts(const struct summary *s, struct buf *out)
{
    const bool equal =
        s->targets_in + s->further + s->totals.gone == s->totals.records;
    const char *between = ": ";

    buf_printf(out, "targets in %" PRIu64, s->targets_in);
    if (s->further > 0)
        buf_printf(out, " + further addresses %" PRIu64, s->further);
    if (s->totals.gone > 0)
        buf_printf(out, " + gone %" PRIu64, s->totals.gone);
    buf_printf(out, " %s records out %" PRIu64,
               equal ? "=" : "!=", s->totals.records);
    for (size_t i = 0; i < STATUS_COUNT; i++) {
        if (s->totals.by_status[i] == 0)
            continue;
        buf_printf(out, "%s%" PRIu64 " %s", between, s->totals.by_status[i],
                   status_name((enum status)i));
        between = ", ";
    }
    buf_byte(out, '\n');
}

static void print_whole(const struct summary *s, struct buf *out)
{
    if (!s->whole)
        buf_text(out, "incomplete: the scan ended before its time\n");
}

static void print_verdicts(const struct summary *s, struct buf *out)
{
    if (s->totals.unverified > 0)
        buf_printf(out, "not verified %" PRIu64 "\n", s->totals.unverified);
    if (s->totals.name_mismatch > 0)
        buf_printf(out, "wrong name %" PRIu64 "\n", s->totals.name_mismatch);
    if (s->totals.unexpected > 0)
        buf_printf(out, "not as expected %" PRIu64 "\n", s->totals.unexpected);
    if (s->totals.changed > 0)
        buf_printf(out, "changed %" PRIu64 "\n", s->totals.changed);
}

/* The kind of failure that follows "kind" by number, then by place; KINDS
 * stands before the first and after the last. */
static size_t next_kind(const uint64_t *counts, size_t kind)
{
    size_t best = KINDS;

    for (size_t i = 0; i < KINDS; i++) {
        bool later = kind == KINDS || counts[i] < counts[kind]
                     || (counts[i] == counts[kind] && i > kind);

        if (counts[i] > 0 && later
            && (best == KINDS || counts[i] > counts[best]))
            best = i;
    }
    return best;
}

static void print_failures(const struct summary *s, struct buf *out)
{
    const uint64_t *counts = &s->failures[0][0];
    size_t kind = next_kind(counts, KINDS);
    uint64_t rest = 0;

    if (kind == KINDS)
        return;
    buf_text(out, "failures by stage and code:\n");
    for (int n = 0; kind != KINDS; n++, kind = next_kind(counts, kind)) {
        if (n < KINDS_SHOWN)
            buf_printf(out, "%8" PRIu64 "  %-9s  %s\n", counts[kind],
                       stage_name((enum stage)(kind / ERR_COUNT)),
                       err_row((enum err_code)(kind % ERR_COUNT))->name);
        else
            rest += counts[kind];
    }
    if (rest > 0)
        buf_printf(out, "%8" PRIu64 "  of other kinds\n", rest);
}

void summary_print(const struct summary *s, struct buf *out)
{
    static void (*const parts[])(const struct summary *, struct buf *) = {
        print_accounts,
        print_whole,
        print_verdicts,
        print_failures,
    };

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        parts[i](s, out);
}
