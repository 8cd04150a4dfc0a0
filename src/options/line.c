/* line -- one line of a plain list: words as a shell quotes them, with nothing
 * expanded. */
#include "base/mem.h"
#include "room.h"

#include <string.h>

struct splitter {
    const char *at; /* in the line */
    char *out; /* where the next byte of a word goes */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What stands between single quotes, as it is. */
static bool copy_single(struct splitter *s)
{
    const char *end = strchr(++s->at, '\'');

    if (!end)
        return false;
    memcpy(s->out, s->at, (size_t)(end - s->at));
    s->out += end - s->at;
    s->at = end + 1;
    return true;
}

/* Between double quotes a backslash protects only what a shell would expand
 * there. */
static bool copy_double(struct splitter *s)
{
    for (s->at++; *s->at && *s->at != '"'; s->at++) {
        if (s->at[0] == '\\' && s->at[1] && strchr("\"\\$`", s->at[1]))
            s->at++;
        *s->out++ = *s->at;
    }
    if (!*s->at)
        return false;
    s->at++;
    return true;
}

/* One byte outside quotes, or the one after a backslash. */
static bool copy_byte(struct splitter *s)
{
    if (*s->at == '\\' && !*++s->at)
        return false;
    *s->out++ = *s->at++;
    return true;
}

/* Reads the word that begins at s->at. */
static bool copy_word(struct splitter *s, const char *line, struct err *e)
{
    while (*s->at && !is_blank(*s->at)) {
        const char *begun = s->at;
        bool closed = *begun == '\''  ? copy_single(s)
                      : *begun == '"' ? copy_double(s)
                                      : copy_byte(s);

        if (!closed)
            return err_set(
                e, ERR_USAGE, "the %s in column %zu %s",
                *begun == '\\' ? "backslash" : "quote",
                (size_t)(begun - line) + 1,
                *begun == '\\' ? "has nothing after it" : "is not closed");
    }
    *s->out++ = '\0';
    return true;
}

/* Splits into r->words, whose bytes go to "bytes"; there is room for both. */
static bool split(struct word_reader *r, char **words, char *bytes,
                  const char *line, struct err *e)
{
    struct splitter s = { .at = line, .out = bytes };

    for (;;) {
        while (is_blank(*s.at))
            s.at++;
        if (!*s.at || *s.at == '#')
            return true;
        words[r->count++] = s.out;
        if (!copy_word(&s, line, e))
            return false;
    }
}

/* The one host of the line; none is fine when there are no options either. */
static bool pick_target(const struct word_reader *r, char **target,
                        struct err *e)
{
    if (r->nhosts > 1 && strcmp(r->hosts[0], "-") == 0)
        return err_set(e, ERR_USAGE,
                       "'- %.100s' is YAML: write 'targets:' in the first line "
                       "of the list, or the target alone",
                       r->hosts[1]);
    if (r->nhosts > 1)
        return err_set(e, ERR_USAGE,
                       "'%.100s' is a second target; write one a line",
                       r->hosts[1]);
    if (r->nhosts == 0)
        return r->count == 0
               || err_set(e, ERR_USAGE, "a line of options without a target");
    *target = mem_text(r->hosts[0]);
    return *target ? true : err_memory(e, "list line");
}

bool options_parse_line(const char *text, char **target,
                        struct option_set *words, const char *base_dir,
                        struct err *e)
{
    /* Every word but the last has a blank after it. */
    size_t len = strlen(text), most = len / 2 + 1;
    char *bytes = mem_new(len + 1, 1);
    char **split_words = mem_new(most, 2 * sizeof(*split_words));
    struct word_reader r = { .words = split_words,
                             .level = LEVEL_TARGET,
                             .base_dir = base_dir,
                             .set = words };
    bool ok = false;

    *target = NULL;
    if (!bytes || !split_words) {
        err_memory(e, "list line");
        goto out;
    }
    r.hosts = split_words + most;
    ok = split(&r, split_words, bytes, text, e) && word_reader_run(&r, e)
         && pick_target(&r, target, e);
out:
    mem_free(split_words);
    mem_free(bytes);
    return ok;
}
