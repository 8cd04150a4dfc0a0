#include "yaml_list.h"

bool yaml_step(struct list *list, struct event *out, struct err *e)
{
    bool done = events_next(list->yaml->events, out, e);

    list->at.line = out->line;
    list->at.column = out->column;
    return done;
}

bool yaml_skip(struct list *list, const struct event *first, struct err *e)
{
    size_t depth = first->kind == EVENT_LIST || first->kind == EVENT_MAP;
    struct event ev;

    while (depth > 0) {
        if (!yaml_step(list, &ev, e))
            return false;
        if (ev.kind == EVENT_LIST || ev.kind == EVENT_MAP)
            depth++;
        else if (ev.kind == EVENT_CLOSE)
            depth--;
    }
    return true;
}

struct spot yaml_spot(const struct list *list, const struct event *at)
{
    return (struct spot){ .file = list->at.file,
                          .line = at->line,
                          .column = at->column };
}

bool yaml_refuse_value(struct list *list, const struct event *value,
                       const struct err *why, struct err *e)
{
    const struct spot at = yaml_spot(list, value);

    return complain(list->complaints, &at, why, e) && yaml_skip(list, value, e);
}

bool yaml_refuse_key(struct list *list, const struct event *key,
                     const struct err *why, struct err *e)
{
    const struct spot at = yaml_spot(list, key);
    struct event value;

    return complain(list->complaints, &at, why, e) && yaml_step(list, &value, e)
           && yaml_skip(list, &value, e);
}

static bool wrong_shape(struct list *list, const struct event *value,
                        const char *what, const char *wanted, struct err *e)
{
    struct err why = { 0 };

    err_set(&why, ERR_USAGE, "'%s' takes %s", what, wanted);
    return yaml_refuse_value(list, value, &why, e);
}

bool yaml_keys(struct list *list, const struct yaml_taker *keys, struct err *e)
{
    struct event key;

    for (;;) {
        if (!yaml_step(list, &key, e))
            return false;
        if (key.kind == EVENT_CLOSE)
            return true;
        if (key.kind == EVENT_TEXT) {
            if (!keys->take(keys->arg, &key, e))
                return false;
            continue;
        }
        /* The value of such a key is passed over like a text. */
        if (!wrong_shape(list, &key, keys->what, "plain texts as keys", e)
            || !yaml_step(list, &key, e) || !yaml_skip(list, &key, e))
            return false;
    }
}

bool yaml_map(struct list *list, const struct yaml_taker *keys, struct err *e)
{
    struct event value;

    if (!yaml_step(list, &value, e))
        return false;
    if (value.kind == EVENT_MAP)
        return yaml_keys(list, keys, e);
    return value.nothing
           || wrong_shape(list, &value, keys->what, "'key: value' pairs", e);
}

static bool too_many(struct list *list, const struct event *at,
                     const struct yaml_taker *texts, struct err *e)
{
    const struct spot spot = yaml_spot(list, at);
    struct err why = { 0 };

    err_set(&why, ERR_USAGE, "'%s' takes at most %zu at once: split it",
            texts->what, texts->max);
    return complain(list->complaints, &spot, &why, e);
}

static bool read_items(struct list *list, const struct yaml_taker *texts,
                       struct err *e)
{
    struct event item;

    for (size_t n = 0;; n++) {
        bool done;

        if (!yaml_step(list, &item, e))
            return false;
        if (item.kind == EVENT_CLOSE)
            return true;
        if (n > texts->max)
            done = yaml_skip(list, &item, e);
        else if (n == texts->max)
            done = too_many(list, &item, texts, e) && yaml_skip(list, &item, e);
        else if (item.kind == EVENT_TEXT && !item.nothing)
            done = texts->take(texts->arg, &item, e);
        else
            done = wrong_shape(list, &item, texts->what, "texts only", e);
        if (!done)
            return false;
    }
}

bool yaml_texts(struct list *list, const struct event *value,
                const struct yaml_taker *texts, struct err *e)
{
    if (value->kind == EVENT_LIST)
        return read_items(list, texts, e);
    if (value->kind == EVENT_TEXT && !value->nothing)
        return texts->take(texts->arg, value, e);
    return wrong_shape(list, value, texts->what, "a text or a list of them", e);
}

bool yaml_text(struct list *list, const struct yaml_taker *text, struct err *e)
{
    struct event value;

    if (!yaml_step(list, &value, e))
        return false;
    if (value.kind == EVENT_TEXT && !value.nothing)
        return text->take(text->arg, &value, e);
    return wrong_shape(list, &value, text->what, "one text", e);
}
