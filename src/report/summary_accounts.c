/* accounts -- the line that adds up, and whether the scan came to its end. */
#include "findings.h"
#include "screen.h"
#include "summary.h"

#include <inttypes.h>
#include <stdio.h>

void accounts_count(struct summary *s, const struct record *r)
{
    const unsigned found = report_findings(r);

    s->totals.records++;
    s->totals.by_status[record_status(r)]++;
    s->totals.unverified += (found & FINDING_VERIFY) != 0;
    s->totals.name_mismatch += (found & FINDING_NAME) != 0;
    s->totals.unexpected += (found & FINDING_EXPECT) != 0;
    s->totals.changed += (found & FINDING_CHANGE) != 0;
    s->totals.gone += finding_gone(r);
}

uint64_t report_came_to(const struct report_totals *t, enum status status)
{
    return t->by_status[status]
           - (status == STATUS_NOT_ATTEMPTED ? t->gone : 0);
}

/* In and out differ only when records were lost. */
static void add_equation(const struct summary *s, struct buf *out)
{
    const bool equal =
        s->targets_in + s->further + s->totals.gone == s->totals.records;

    buf_printf(out, "targets in %" PRIu64, s->targets_in);
    if (s->further > 0)
        buf_printf(out, " + further addresses %" PRIu64, s->further);
    if (s->totals.gone > 0)
        buf_printf(out, " + gone %" PRIu64, s->totals.gone);
    buf_printf(out, " %s records out %" PRIu64 "%s",
               equal ? "=" : "!=", s->totals.records,
               s->totals.records > 0 ? ":" : "\n");
}

void accounts_print(const struct summary *s, struct buf *out)
{
    struct buf equation;
    struct items line;

    buf_init(&equation, 400);
    add_equation(s, &equation);
    if (s->totals.records == 0)
        buf_add(out, buf_string(&equation), equation.len);
    items_begin(&line, out, buf_string(&equation));
    for (size_t i = 0; i < STATUS_COUNT; i++)
        items_number(&line, report_came_to(&s->totals, (enum status)i),
                     status_name((enum status)i));
    items_number(&line, s->totals.gone, "gone");
    items_end(&line);
    out->refused |= equation.refused;
    buf_release(&equation);
    if (!s->whole)
        buf_text(out, "incomplete: the scan ended before its time\n");
}
