/* words -- what the words of a command line ask for. */
#include "batch_room.h"

void batch_about(struct buf *out)
{
    buf_text(out, "tlsfleet " TLSFLEET_VERSION "\n");
    plan_about(out);
}

bool batch_is_one_target(const struct command_line *line)
{
    const struct option_set *words = &line->words;

    if (line->nhosts > 1 || options_has(words, OPT_batch))
        return false;
    for (size_t i = 0; i < words->count; i++) {
        const unsigned traits = option_rows[words->said[i].id].traits;

        if ((traits & OPT_OWN) && !(traits & OPT_ALONE))
            return false;
    }
    return true;
}

static bool check_expectation(const char *text, struct err *e)
{
    struct expectation *x = expectation_new(text, e);

    expectation_free(x);
    return x != NULL;
}

bool batch_check_words(const struct option_set *words, struct err *e)
{
    if (!options_check_supported(words, plan_have, e))
        return false;
    for (size_t i = 0; i < words->count; i++)
        if (words->said[i].id == OPT_expect
            && !check_expectation(words->said[i].text, e))
            return false;
    return true;
}
