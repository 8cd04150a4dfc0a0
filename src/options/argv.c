/* argv -- options and hosts out of separate words, in s_client's syntax. */
#include "base/mem.h"
#include "room.h"

#include <string.h>

/* True when the option is written without "=" and has its value in the next
 * word, whatever that looks like: "-verify_depth -1".  A word after -help can
 * only be a topic. */
static bool takes_next(const struct word_reader *r, enum option_id id)
{
    if (id == OPTIONS_COUNT || r->next == r->count)
        return false;
    if (option_rows[id].kind != OPTION_FLAG)
        return true;
    return (id == OPT_help || id == OPT_h) && r->words[r->next][0] != '-';
}

static bool read_option(struct word_reader *r, const char *word, struct err *e)
{
    char name[64]; /* longer than any name: a cut one is still unknown */
    const char *start = word + (word[1] == '-' ? 2 : 1);
    size_t whole = strcspn(start, "=");
    size_t len = whole < sizeof(name) ? whole : sizeof(name) - 1;
    struct option_word said = { .name = name,
                                .level = r->level,
                                .base_dir = r->base_dir };

    memcpy(name, start, len);
    name[len] = '\0';
    if (start[whole])
        said.value = start + whole + 1;
    else if (takes_next(r, option_find(name)))
        said.value = r->words[r->next++];
    return options_say(r->set, &said, e);
}

bool word_reader_run(struct word_reader *r, struct err *e)
{
    bool only_hosts = false;

    while (r->next < r->count) {
        char *word = r->words[r->next++];

        if (only_hosts || word[0] != '-' || !word[1])
            r->hosts[r->nhosts++] = word;
        else if (strcmp(word, "--") == 0)
            only_hosts = true;
        else if (!read_option(r, word, e))
            return false;
    }
    return true;
}

bool command_line_parse(struct command_line *line, int argc, char *const argv[],
                        struct err *e)
{
    size_t count = argc > 1 ? (size_t)argc - 1 : 0;
    struct word_reader r = { .words = argv + 1,
                             .count = count,
                             .level = LEVEL_COMMAND,
                             .set = &line->words };

    *line = (struct command_line){ .hosts = mem_new(count + 1,
                                                    sizeof(*line->hosts)) };
    r.hosts = line->hosts;
    if (!r.hosts)
        return err_memory(e, "command line");
    if (!word_reader_run(&r, e)) {
        command_line_release(line);
        return false;
    }
    line->nhosts = r.nhosts;
    return true;
}

void command_line_release(struct command_line *line)
{
    options_release(&line->words);
    mem_free(line->hosts);
    *line = (struct command_line){ 0 };
}
