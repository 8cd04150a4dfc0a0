/* set -- words in the order they were said. */
#include "base/mem.h"
#include "room.h"

#include <string.h>

void options_release(struct option_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        mem_free(set->said[i].text);
    mem_free(set->said);
    *set = (struct option_set){ 0 };
}

static bool reserve(struct option_set *set, size_t more, struct err *e)
{
    size_t room = set->room ? set->room : 8;
    struct option_said *said;

    if (set->count + more <= set->room)
        return true;
    while (room < set->count + more)
        room *= 2;
    said = mem_resize(set->said, room * sizeof(*said));
    if (!said)
        return err_memory(e, "options");
    set->said = said;
    set->room = room;
    return true;
}

static bool unknown(const struct option_word *word, struct err *e)
{
    const char *dash = option_dash(word);
    const char *nearest = option_nearest(word->name);

    if (!nearest)
        return err_set(e, ERR_USAGE, "unknown option '%s%.60s'", dash,
                       word->name);
    return err_set(e, ERR_USAGE,
                   "unknown option '%s%.60s' (did you mean '%s%s'?)", dash,
                   word->name, dash, nearest);
}

/* What an alias of s_client stands for. */
static enum option_id meant(enum option_id id)
{
    static const enum option_id aliases[][2] = {
        { OPT_h, OPT_help },
        { OPT_curves, OPT_groups },
        { OPT_xmpphost, OPT_name },
    };

    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
        if (aliases[i][0] == id)
            return aliases[i][1];
    return id;
}

bool options_say(struct option_set *set, const struct option_word *word,
                 struct err *e)
{
    enum option_id id = option_find(word->name);

    if (id == OPTIONS_COUNT)
        return unknown(word, e);
    if (option_rows[id].scope == OPTION_SCOPE_RUN
        && word->level != LEVEL_COMMAND)
        return err_set(e, ERR_USAGE,
                       "%s%s: belongs on the command line: it is for the whole "
                       "run, not for a target",
                       option_dash(word), word->name);
    struct option_said said = { .id = meant(id),
                                .level = word->level,
                                .line = word->line,
                                .column = word->column };

    if (!reserve(set, 1, e) || !option_value_read(&said, word, e))
        return false;
    set->said[set->count++] = said;
    return true;
}

bool options_take_back(struct option_set *set, enum option_id id,
                       enum option_level level, struct err *e)
{
    if (!reserve(set, 1, e))
        return false;
    set->said[set->count++] =
        (struct option_said){ .id = id, .level = level, .off = true };
    return true;
}

bool options_append(struct option_set *set, const struct option_set *from,
                    struct err *e)
{
    size_t before = set->count;

    if (!reserve(set, from->count, e))
        return false;
    for (size_t i = 0; i < from->count; i++) {
        struct option_said said = from->said[i];

        said.text = mem_text(said.text);
        if (from->said[i].text && !said.text)
            goto out;
        set->said[set->count++] = said;
    }
    return true;
out:
    while (set->count > before)
        mem_free(set->said[--set->count].text);
    return err_memory(e, "options");
}

const struct option_said *options_last(const struct option_set *set,
                                       enum option_id id)
{
    for (size_t i = set->count; i > 0; i--)
        if (set->said[i - 1].id == id && !set->said[i - 1].off)
            return &set->said[i - 1];
    return NULL;
}

bool options_has(const struct option_set *set, enum option_id id)
{
    return options_last(set, id) != NULL;
}

const char *options_text(const struct option_set *set, enum option_id id,
                         const char *otherwise)
{
    const struct option_said *said = options_last(set, id);

    return said && said->text ? said->text : otherwise;
}

int64_t options_number(const struct option_set *set, enum option_id id,
                       int64_t otherwise)
{
    const struct option_said *said = options_last(set, id);

    return said ? said->number : otherwise;
}

const struct option_said *options_blamed(const struct option_set *set,
                                         const char *sentence)
{
    static const char begin[] = "option '-";
    const size_t skip = sizeof(begin) - 1;
    const struct option_said *blamed = NULL;
    const char *name;
    size_t len;

    if (strncmp(sentence, begin, skip) != 0)
        return NULL;
    name = sentence + skip;
    len = strcspn(name, "'");
    for (size_t i = set->count; i > 0; i--) {
        const struct option_said *said = &set->said[i - 1];
        const char *own = option_rows[said->id].name;

        if (strlen(own) != len || strncmp(own, name, len) != 0)
            continue;
        if (said->text && strstr(name + len, said->text))
            return said;
        blamed = blamed ? blamed : said;
    }
    return blamed;
}
