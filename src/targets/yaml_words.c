#include "yaml_list.h"

#include "base/text.h"

#include <string.h>

/* One option on its way from key to set. */
struct word {
    struct yaml_words *words;
    enum option_id id;
};

/* ---- the key ---- */

/* A key beside options that is meant by a typo, or NULL. */
static const char *nearest_other(const struct yaml_words *w, const char *key)
{
    for (size_t i = 0; w->others && w->others[i]; i++)
        if (text_distance(w->others[i], key) == 1)
            return w->others[i];
    return NULL;
}

static bool unknown_key(const struct yaml_words *w, const char *key,
                        struct err *e)
{
    const char *near = nearest_other(w, key);

    if (!near)
        near = option_nearest(key);
    if (near)
        return err_set(e, ERR_USAGE,
                       "unknown key '%.100s' (did you mean '%s'?)", key, near);
    return err_set(e, ERR_USAGE, "unknown key '%.100s': it is no option", key);
}

static bool check_key(const struct yaml_words *w, enum option_id id,
                      const char *key, struct err *e)
{
    /* "profile" is an option of the command line, but "profiles" is meant. */
    if (id == OPTIONS_COUNT
        || (option_rows[id].scope == OPTION_SCOPE_RUN && nearest_other(w, key)))
        return unknown_key(w, key, e);
    if (w->seen[id])
        return err_set(e, ERR_USAGE, "'%s' is said twice", key);
    return list_allows(w->list, id, e);
}

/* ---- the value ---- */

/* Says one value, and sees at once whether it can work here. */
static bool say(const struct word *word, const char *value,
                const struct spot *at, struct err *e)
{
    struct option_set *set = word->words->set;
    const struct list *list = word->words->list;
    const size_t before = set->count;
    struct option_set added;
    struct err why = { 0 };
    bool said =
        options_say(set,
                    &(struct option_word){ .name = option_rows[word->id].name,
                                           .value = value,
                                           .level = word->words->level,
                                           .from_yaml = true,
                                           .base_dir = list->base_dir,
                                           .line = (unsigned)at->line,
                                           .column = (unsigned)at->column },
                    &why);

    if (said) {
        added = (struct option_set){ .said = set->said + before,
                                     .count = set->count - before };
        if (list->source->check(&added, &why))
            return true;
    }
    return complain(list->complaints, at, &why, e);
}

static bool take_value(void *arg, const struct event *value, struct err *e)
{
    const struct word *word = arg;
    const struct spot at = yaml_spot(word->words->list, value);

    return say(word, value->text, &at, e);
}

/* Length of the comparison that an expected value begins with. */
static size_t operator_len(const char *value)
{
    static const char *const operators[] = { "<=", ">=", "!=", "!~",
                                             "=",  "<",  ">",  "~" };

    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
        if (strncmp(value, operators[i], strlen(operators[i])) == 0)
            return strlen(operators[i]);
    return strncmp(value, "in ", 3) == 0 ? 2 : 0;
}

/* "days_left" and ">= 21" to "days_left >= 21"; without an operator: "=". */
static void add_comparison(struct buf *text, const char *value)
{
    size_t len = operator_len(value);

    buf_byte(text, ' ');
    buf_add(text, len > 0 ? value : "=", len > 0 ? len : 1);
    buf_byte(text, ' ');
    buf_text(text, value + len + strspn(value + len, " "));
}

struct expectation {
    const struct word *word;
    struct buf text; /* the field at first */
};

static bool take_comparison(void *arg, const struct event *value, struct err *e)
{
    struct expectation *x = arg;
    const struct spot at = yaml_spot(x->word->words->list, value);

    add_comparison(&x->text, value->text);
    return buf_ok(&x->text) ? say(x->word, buf_string(&x->text), &at, e)
                            : err_memory(e, "expectation");
}

static bool take_field(void *arg, const struct event *key, struct err *e)
{
    const struct word *word = arg;
    struct expectation x = { .word = word };
    bool done;

    buf_init(&x.text, 16 * 1024);
    buf_text(&x.text, key->text);
    done = yaml_text(word->words->list,
                     &(struct yaml_taker){
                         .take = take_comparison, .arg = &x, .what = "expect" },
                     e);
    buf_release(&x.text);
    return done;
}

/* ---- both ---- */

static bool read_value(struct word *word, const struct event *value,
                       struct err *e)
{
    const bool many = (option_rows[word->id].traits & OPT_MANY) != 0;
    const char *name = option_rows[word->id].name;
    struct list *list = word->words->list;
    struct err why = { 0 };

    if (word->id == OPT_expect && value->kind == EVENT_MAP)
        return yaml_keys(list,
                         &(struct yaml_taker){ .take = take_field,
                                               .arg = word,
                                               .what = "expect" },
                         e);
    if (value->kind == EVENT_TEXT && value->nothing)
        err_set(&why, ERR_USAGE, "'%s' has no value", name);
    else if (value->kind == EVENT_MAP || (value->kind == EVENT_LIST && !many))
        err_set(&why, ERR_USAGE, "'%s' takes %s", name,
                many ? "a text or a list of them" : "one value");
    if (why.code != ERR_NONE)
        return yaml_refuse_value(list, value, &why, e);
    return yaml_texts(list, value,
                      &(struct yaml_taker){ .take = take_value,
                                            .arg = word,
                                            .what = name,
                                            .max = LIST_VALUES_MAX },
                      e);
}

bool yaml_take_word(void *words, const struct event *key, struct err *e)
{
    struct yaml_words *w = words;
    struct word word = { .words = w, .id = option_find(key->text) };
    struct err why = { 0 };
    struct event value;

    if (!check_key(w, word.id, key->text, &why))
        return yaml_refuse_key(w->list, key, &why, e);
    w->seen[word.id] = true;
    return yaml_step(w->list, &value, e) && read_value(&word, &value, e);
}
