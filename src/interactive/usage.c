/* usage -- goes through the words as s_client does, as far as the first that
 * it would not take. */
#include "usage.h"

#include "plan.h"
#include "plan/refusal.h"

#include <string.h>

static void PRINTF(2, 0) add(struct usage *u, const char *fmt, va_list ap)
{
    buf_vprintf(u->out, fmt, ap);
    buf_byte(u->out, '\n');
}

bool usage_hint(struct usage *u)
{
    buf_text(u->out, S_CLIENT "Use -help for summary.\n");
    return false;
}

bool usage_refuse(struct usage *u, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    add(u, fmt, ap);
    va_end(ap);
    return false;
}

bool usage_refuse_help(struct usage *u, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    add(u, fmt, ap);
    va_end(ap);
    return usage_hint(u);
}

/* A word that begins with a dash. */
struct option_text {
    char name[64]; /* longer than any name: a cut one is still unknown */
    const char *value; /* behind "="; NULL: none */
};

static void split(struct option_text *text, const char *word)
{
    const char *start = word + (word[1] == '-' ? 2 : 1);
    size_t whole = strcspn(start, "=");
    size_t len = whole < sizeof(text->name) ? whole : sizeof(text->name) - 1;

    memcpy(text->name, start, len);
    text->name[len] = '\0';
    text->value = start[whole] ? start + whole + 1 : NULL;
}

/* What s_client of this OpenSSL knows; our own options it need not. */
static enum option_id find(const char *name)
{
    const enum option_id id = option_find(name);

    return id != OPTIONS_COUNT && plan_have(option_rows[id].needs)
               ? id
               : OPTIONS_COUNT;
}

static bool read_option(struct usage *u, const char *word)
{
    struct option_text text;
    enum option_id id;

    split(&text, word);
    id = find(text.name);
    if (id == OPTIONS_COUNT)
        return usage_refuse_help(u, S_CLIENT "Unknown option: -%s", text.name);
    if (option_rows[id].kind == OPTION_FLAG) {
        if (text.value)
            return usage_refuse_help(
                u, S_CLIENT "Option -%s does not take a value", text.name);
        text.value = "";
    } else if (!text.value) {
        if (u->next == u->argv->count)
            return usage_refuse_help(u, S_CLIENT "Option -%s needs a value",
                                     text.name);
        text.value = u->argv->words[u->next++];
    }
    return (option_rows[id].traits & OPT_OWN)
           || (usage_value(u, id, text.value)
               && usage_option(u, id, text.value));
}

/* The word that a walk has come to, with its value; OPTIONS_COUNT: it is no
 * option that s_client knows. */
static enum option_id next_option(struct usage *u, const char **value)
{
    const char *word = u->argv->words[u->next++];
    struct option_text text;
    enum option_id id;

    if (word[0] != '-')
        return OPTIONS_COUNT;
    split(&text, word);
    id = find(text.name);
    *value = text.value;
    if (id != OPTIONS_COUNT && option_rows[id].kind != OPTION_FLAG && !*value
        && u->next < u->argv->count)
        *value = u->argv->words[u->next++];
    return id;
}

bool usage_conf(const struct argv *argv, struct buf *out)
{
    struct usage u = { .out = out, .argv = argv };

    while (u.next < argv->count) {
        const char *value = NULL;
        const enum option_id id = next_option(&u, &value);
        const char *handler =
            id == OPTIONS_COUNT ? "" : option_rows[id].handler;

        if ((strcmp(handler, "conf") == 0 || strcmp(handler, "refused") == 0)
            && plan_conf_refusal(id, value, out))
            return true;
    }
    return false;
}

static bool read_words(struct usage *u)
{
    bool only_hosts = false;

    while (u->next < u->argv->count) {
        const char *word = u->argv->words[u->next++];

        if (only_hosts || word[0] != '-') {
            u->host = word;
            u->hosts++;
        } else if (strcmp(word, "--") == 0) {
            only_hosts = true;
        } else if (!read_option(u, word)) {
            return false;
        }
    }
    return true;
}

bool usage_replay(const struct argv *argv, struct buf *out)
{
    struct usage u = { .out = out, .argv = argv };

    return read_words(&u) && usage_rules(&u);
}
