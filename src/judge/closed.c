#include "closed.h"

#include "base/text.h"

#include <string.h>

static const char *nth_status(size_t n)
{
    return n < STATUS_COUNT ? status_name((enum status)n) : NULL;
}

static const char *nth_stage(size_t n)
{
    return n < STAGE_COUNT ? stage_name((enum stage)n) : NULL;
}

static const char *nth_code(size_t n)
{
    return n < ERR_COUNT ? err_row((enum err_code)n)->name : NULL;
}

static const struct set {
    enum field_id field;
    const char *(*nth)(size_t n); /* NULL after the last */
} sets[] = {
    { REC_status, nth_status },
    { REC_stage, nth_stage },
    { REC_code, nth_code },
};

static const struct set *set_of(enum field_id field)
{
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
        if (sets[i].field == field)
            return &sets[i];
    return NULL;
}

bool closed_check(enum field_id field, const char *name, struct err *e)
{
    const struct set *set = set_of(field);
    const char *nearest, *one;

    if (!set)
        return true;
    nearest = set->nth(0);
    for (size_t i = 0; (one = set->nth(i)) != NULL; i++) {
        if (strcmp(one, name) == 0)
            return true;
        if (text_distance(name, one) < text_distance(name, nearest))
            nearest = one;
    }
    return err_set(e, ERR_USAGE,
                   "there is no %s '%.40s' (the nearest is '%s'; tlsfleet(1) "
                   "has them all)",
                   field_rows[field].name, name, nearest);
}
