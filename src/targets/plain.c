/* plain -- lists of lines: a target, then options as s_client takes them. */
#include "base/mem.h"
#include "list.h"

#include <string.h>

/* Longer lines are told by their beginning: a column is looked for in steps
 * that each read the line again. */
enum { COLUMN_SOUGHT_MAX = 1024 };

static bool check_words(const struct list *list, const struct option_set *words,
                        struct err *e)
{
    for (size_t i = 0; i < words->count; i++)
        if (!list_allows(list, words->said[i].id, e))
            return false;
    return list->source->check(words, e);
}

/* The words of a line; the target is for mem_free(). */
static bool parse(const struct list *list, const char *text, char **target,
                  struct option_set *words, struct err *e)
{
    return options_parse_line(text, target, words, list->base_dir, e)
           && check_words(list, words, e);
}

/* True when the first len bytes of the line are wrong in the same way. */
static bool is_as_wrong(const struct list *list, size_t len,
                        const struct err *why)
{
    struct option_set words = { 0 };
    struct err e = { 0 };
    char *target = NULL;
    char *start = mem_copy(list->line.data, len);
    bool wrong = start && !parse(list, start, &target, &words, &e)
                 && strcmp(e.msg, why->msg) == 0;

    options_release(&words);
    mem_free(target);
    mem_free(start);
    return wrong;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\0';
}

static size_t column_of(const char *line, size_t offset)
{
    size_t column = 1;

    /* Bytes that continue a UTF-8 character are no column of their own. */
    for (size_t i = 0; i < offset; i++)
        column += ((unsigned char)line[i] & 0xc0) != 0x80;
    return column;
}

/* Where the line goes wrong: the last word of the shortest beginning that is
 * wrong in the same way.  So quoting is understood in one place only. */
static size_t wrong_column(const struct list *list, const struct err *why)
{
    const char *line = list->line.data;
    size_t word = 0;

    for (size_t i = 1; i <= list->line.len; i++) {
        if (!is_blank(line[i]) && is_blank(line[i - 1]))
            word = i;
        if (is_blank(line[i]) && !is_blank(line[i - 1])
            && is_as_wrong(list, i, why))
            break;
    }
    return column_of(line, word);
}

static bool refuse(struct list *list, struct entry *entry,
                   const struct err *why, struct err *e)
{
    entry->bad = true;
    return complain(list->complaints, &list->at, why, e);
}

static bool read_words(struct list *list, struct entry *entry, struct err *e)
{
    struct err why = { 0 };
    char *target = NULL;
    bool done;

    if (parse(list, buf_string(&list->line), &target, &entry->words, &why)) {
        done = !target || list_add_host(list, entry, target, &list->at, e);
    } else {
        if (list->complaints->count < COMPLAINTS_SHOWN
            && list->line.len <= COLUMN_SOUGHT_MAX)
            list->at.column = wrong_column(list, &why);
        done = refuse(list, entry, &why, e);
    }
    mem_free(target);
    return done;
}

static bool read_entry(struct list *list, struct entry *entry, struct err *e)
{
    struct err why = { 0 };

    entry->at = list->at;
    if (list->line.overflowed)
        err_set(&why, ERR_USAGE, "the line is longer than %d bytes",
                LIST_LINE_MAX);
    else if (strlen(buf_string(&list->line)) != list->line.len)
        err_set(&why, ERR_USAGE, "the line holds a NUL byte");
    return why.code == ERR_NONE ? read_words(list, entry, e)
                                : refuse(list, entry, &why, e);
}

bool plain_next(struct list *list, struct entry *entry, bool *end,
                struct err *e)
{
    /* A blank line or a comment is an entry of no host: not worth a turn. */
    do {
        if (!spool_line(list->spool, &list->line, end, e))
            return false;
        if (*end)
            return true;
        list->at.line++;
        list->at.column = strspn(buf_string(&list->line), " \t") + 1;
        if (!read_entry(list, entry, e))
            return false;
    } while (entry->nhosts == 0 && !entry->bad);
    return true;
}
