/* words -- what the words of a command line ask for. */
#include "batch_room.h"

#include <string.h>

void batch_about(struct buf *out)
{
    buf_text(out, "tlsfleet " TLSFLEET_VERSION "\n");
    plan_about(out);
}

/* The option that a word names, if it is one. */
static enum option_id option_of(const char *word)
{
    char name[64]; /* longer than any name: a cut one is still unknown */
    const char *start = word + (word[1] == '-' ? 2 : 1);
    size_t len = strcspn(start, "=");

    if (len >= sizeof(name))
        len = sizeof(name) - 1;
    memcpy(name, start, len);
    name[len] = '\0';
    return option_find(name);
}

/* Whether the next word is this one's value.  An option that nobody knows may
 * have one, too. */
static bool takes_next(enum option_id id, const char *word, const char *next)
{
    if (strchr(word, '='))
        return false;
    return id == OPTIONS_COUNT ? next && next[0] != '-'
                               : option_rows[id].kind != OPTION_FLAG;
}

static bool asks_for_batch(enum option_id id)
{
    return (option_rows[id].traits & OPT_OWN)
           && !(option_rows[id].traits & OPT_ALONE);
}

bool batch_is_one_target(char *const words[], size_t count)
{
    size_t hosts = 0;
    bool one = true;

    for (size_t i = 0; i < count; i++) {
        enum option_id id;

        if (words[i][0] != '-') {
            hosts++;
            continue;
        }
        id = option_of(words[i]);
        if (id == OPT_interactive)
            return true;
        one &= id == OPTIONS_COUNT || !asks_for_batch(id);
        i += takes_next(id, words[i], i + 1 < count ? words[i + 1] : NULL);
    }
    return one && hosts <= 1;
}

bool words_name(char *const words[], size_t count, enum option_id id)
{
    for (size_t i = 0; i < count; i++)
        if (words[i][0] == '-' && option_of(words[i]) == id)
            return true;
    return false;
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
