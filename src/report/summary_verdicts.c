/* verdicts -- chains that do not verify, and why; certificates of others. */
#include "screen.h"
#include "summary.h"

#include <inttypes.h>

enum { ROWS = 3 };

void verdicts_count(struct summary *s, const struct record *r)
{
    struct piece reason;

    if (record_int(r, REC_verified, 1) != 0)
        return;
    if (record_known(r, REC_verify_error)) {
        counts_field(&s->reasons, r, REC_verify_error);
        return;
    }
    piece_clear(&reason);
    piece_text(&reason, "for a reason that is not known");
    counts_add(&s->reasons, &reason);
}

void verdicts_print(const struct summary *s, struct buf *out)
{
    if (s->totals.name_mismatch > 0)
        buf_printf(out, "certificates with a wrong name: %" PRIu64 "\n",
                   s->totals.name_mismatch);
    if (s->totals.unverified == 0)
        return;
    buf_printf(out, "chains not verified: %" PRIu64 "\n", s->totals.unverified);
    screen_rows(out, NULL, &s->reasons, ROWS);
}
