/* expect -- what the target's own words expect of its record. */
#include "probe_room.h"

#include "base/mem.h"
#include "judge.h"

static size_t count_words(const struct option_set *words)
{
    size_t n = 0;

    for (size_t i = 0; i < words->count; i++)
        n += words->said[i].id == OPT_expect;
    return n;
}

/* The list was checked when it was read, so only memory can be wanting. */
static size_t read_words(const struct option_set *words,
                         struct expectation **list)
{
    struct err e = { 0 };
    size_t n = 0;

    for (size_t i = 0; i < words->count; i++)
        if (words->said[i].id == OPT_expect) {
            list[n] = expectation_new(words->said[i].text, &e);
            n += list[n] != NULL;
        }
    return n;
}

void want_expected(const struct target *t, bool wanted[FIELDS_COUNT])
{
    for (size_t i = 0; i < t->words.count; i++) {
        const struct option_said *said = &t->words.said[i];
        enum field_id field = FIELDS_COUNT;

        if (said->id == OPT_expect)
            field = expectation_field(said->text);
        if (field != FIELDS_COUNT)
            wanted[field] = true;
    }
}

void judge_target(const struct target *t, struct record *r)
{
    const size_t wanted = count_words(&t->words);
    struct expectation **list;
    size_t n;

    if (wanted == 0)
        return;
    list = mem_new(wanted, sizeof(*list));
    n = list ? read_words(&t->words, list) : 0;
    judge_expectations((const struct expectation *const *)list, n, r);
    if (n < wanted)
        record_text(r, REC_expect, "undetermined: out of memory");
    while (n > 0)
        expectation_free(list[--n]);
    mem_free(list);
}
