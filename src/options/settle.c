/* settle -- levels boiled down to what counts.
 *
 * One walk from the last word to the first: whatever replaces a word has been
 * seen by then.  Replaced words still replace others, so that settling in
 * steps and settling at once give the same. */
#include "base/mem.h"
#include "room.h"

/* Levels in a byte: 0 is "not seen", else the level plus one. */
struct seen {
    unsigned char once[OPTIONS_COUNT]; /* not 0: a later word replaces it */
    unsigned char many[OPTIONS_COUNT]; /* highest level that said it */
    unsigned char side[OPTION_RULES][SIDES_MAX]; /* the same, by rule */
};

static unsigned char seen_level(const struct option_said *said)
{
    return (unsigned char)(said->level + 1);
}

static bool replaced_by_itself(const struct seen *seen,
                               const struct option_said *said)
{
    if (seen->once[said->id])
        return true;
    return seen->many[said->id] > seen_level(said);
}

static bool replaced_by_rule(const struct seen *seen,
                             const struct option_said *said, size_t nth)
{
    const struct option_rule *rule = &option_rules[nth];
    unsigned char side = rule->side[said->id];
    unsigned char least =
        rule->mode == RULE_LAST ? 1 : (unsigned char)(seen_level(said) + 1);

    if (side == 0)
        return false;
    for (unsigned char i = 1; i < SIDES_MAX; i++)
        if ((i != side || rule->mode == RULE_TOGETHER)
            && seen->side[nth][i] >= least)
            return true;
    return false;
}

static bool is_replaced(const struct seen *seen, const struct option_said *said)
{
    if (said->off || replaced_by_itself(seen, said))
        return true;
    for (size_t i = 0; i < OPTION_RULES; i++)
        if (replaced_by_rule(seen, said, i))
            return true;
    return false;
}

static void remember(struct seen *seen, const struct option_said *said)
{
    unsigned char level = seen_level(said);

    if (!(option_rows[said->id].traits & OPT_MANY) || said->off)
        seen->once[said->id] = 1;
    if (seen->many[said->id] < level)
        seen->many[said->id] = level;
    for (size_t i = 0; i < OPTION_RULES && !said->off; i++) {
        unsigned char *side = &seen->side[i][option_rules[i].side[said->id]];

        if (*side < level)
            *side = level;
    }
}

void options_settle(struct option_set *set)
{
    struct seen seen = { 0 };
    size_t kept = 0;

    for (size_t i = set->count; i > 0; i--) {
        struct option_said *said = &set->said[i - 1];
        bool replaced = is_replaced(&seen, said);

        remember(&seen, said);
        if (replaced) {
            mem_free(said->text);
            said->id = OPTIONS_COUNT;
        }
    }
    for (size_t i = 0; i < set->count; i++)
        if (set->said[i].id != OPTIONS_COUNT)
            set->said[kept++] = set->said[i];
    set->count = kept;
}
