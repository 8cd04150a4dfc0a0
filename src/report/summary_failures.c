/* failures -- where probes ended, and with which code. */
#include "findings.h"
#include "screen.h"
#include "summary.h"

#include <stdio.h>

enum { ROWS = 5 };

void failures_count(struct summary *s, const struct record *r)
{
    const char *stage = record_get(r, REC_stage);
    const char *code = record_get(r, REC_code);
    struct piece kind;
    char text[80];

    if (record_status(r) == STATUS_OK || !stage || !code || finding_gone(r))
        return;
    snprintf(text, sizeof(text), "%-9s  %s", stage, code);
    piece_clear(&kind);
    piece_text(&kind, text);
    counts_add(&s->failures, &kind);
}

void failures_print(const struct summary *s, struct buf *out)
{
    screen_rows(out, "failures by stage and code:", &s->failures, ROWS);
}
