#include "summary.h"

/* In the order of the screen: what is new first. */
static const struct part {
    void (*count)(struct summary *s, const struct record *r);
    void (*print)(const struct summary *s, struct buf *out);
} parts[] = {
    { accounts_count, accounts_print },
    { changes_count, changes_print },
    { expectations_count, expectations_print },
    { failures_count, failures_print },
    { verdicts_count, verdicts_print },
    { certs_count, certs_print },
    { sessions_count, sessions_print },
};

enum { PARTS = sizeof(parts) / sizeof(parts[0]) };

void summary_add(struct summary *s, const struct record *r)
{
    for (const struct record *one = r; one; one = one->more) {
        s->further += one != r;
        for (size_t i = 0; i < PARTS; i++)
            parts[i].count(s, one);
    }
}

void summary_print(const struct summary *s, struct buf *out)
{
    for (size_t i = 0; i < PARTS; i++)
        parts[i].print(s, out);
}
