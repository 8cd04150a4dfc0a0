/* yaml_list -- the YAML form of a list, a level at a time.
 *
 * Every reader below consumes what it is about, also when it complains, so
 * that one mistake does not hide the next.  False ends the reading. */
#pragma once

#include "events.h"
#include "list.h"

/* ---- yaml_value.c: shapes ---- */

/* The next event; list->at follows. */
bool yaml_step(struct list *list, struct event *out, struct err *e) MUST_USE;
/* Reads over the rest of a value that begins with "first". */
bool yaml_skip(struct list *list, const struct event *first, struct err *e)
    MUST_USE;
struct spot yaml_spot(const struct list *list, const struct event *at);
/* Complains about a key and reads over its value. */
bool yaml_refuse_key(struct list *list, const struct event *key,
                     const struct err *why, struct err *e) MUST_USE;
/* Complains about a value and reads over it. */
bool yaml_refuse_value(struct list *list, const struct event *value,
                       const struct err *why, struct err *e) MUST_USE;

/* Who takes what is found: a key (and consumes its value), or one text. */
struct yaml_taker {
    bool (*take)(void *arg, const struct event *text, struct err *e);
    void *arg;
    const char *what; /* for messages: "tags" */
    size_t max; /* texts at most */
};
/* Reads a value that must be a mapping; one that was not written is empty. */
bool yaml_map(struct list *list, const struct yaml_taker *keys, struct err *e)
    MUST_USE;
/* Reads the rest of a mapping whose EVENT_MAP was read. */
bool yaml_keys(struct list *list, const struct yaml_taker *keys, struct err *e)
    MUST_USE;
/* Reads a value that must be a text or a list of them, begun by "value". */
bool yaml_texts(struct list *list, const struct event *value,
                const struct yaml_taker *texts, struct err *e) MUST_USE;
/* Reads a value that must be one text. */
bool yaml_text(struct list *list, const struct yaml_taker *text, struct err *e)
    MUST_USE;

/* ---- yaml_words.c: options ---- */

struct yaml_words {
    struct list *list;
    struct option_set *set;
    enum option_level level;
    const char *const *others; /* keys beside options; NULL ends them */
    bool seen[OPTIONS_COUNT];
};
/* Reads the value of an option's key and says it; a yaml_taker's take(). */
bool yaml_take_word(void *words, const struct event *key, struct err *e)
    MUST_USE;

/* ---- yaml_entry.c: one item of "targets" ---- */

bool yaml_entry(struct list *list, struct entry *entry,
                const struct event *first, struct err *e) MUST_USE;

/* ---- yaml.c ---- */

struct yaml_reader {
    struct events *events;
    unsigned seen; /* keys of the document, a bit each */
    bool in_targets;
    bool told; /* this was read before, and its faults are known */
};
