#include "yaml_list.h"

#include "base/mem.h"
#include "base/text.h"

#include <string.h>

enum document_key { KEY_DEFAULTS, KEY_PROFILES, KEY_TARGETS, KEYS_COUNT };

static const char *const key_names[KEYS_COUNT] = { "defaults", "profiles",
                                                   "targets" };

/* ---- defaults and profiles ---- */

static bool read_set(struct list *list, struct yaml_words *words,
                     const char *what, struct err *e)
{
    words->list = list;
    return yaml_map(list,
                    &(struct yaml_taker){
                        .take = yaml_take_word, .arg = words, .what = what },
                    e);
}

/* The name goes into reports and, as {profile}, into names of files. */
static bool is_profile_name(const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t len = strlen(name);

    return len > 0 && len <= 64 && name[0] != '.'
           && strspn(name, letters) == len;
}

static bool check_profile(const struct list *list, const char *name,
                          struct err *e)
{
    if (!is_profile_name(name))
        return err_set(e, ERR_USAGE,
                       "profile '%.100s': a name has up to 64 letters, digits, "
                       "'.', '_' and '-' and does not begin with '.'",
                       name);
    if (list_profile(list, name))
        return err_set(e, ERR_USAGE, "profile '%s' is said twice", name);
    if (list->nprofiles == LIST_PROFILES_MAX)
        return err_set(e, ERR_USAGE, "more than %d profiles",
                       LIST_PROFILES_MAX);
    return true;
}

static struct profile *add_profile(struct list *list, const struct event *key,
                                   struct err *e)
{
    struct profile *grown = mem_resize(
        list->profiles, (list->nprofiles + 1) * sizeof(*list->profiles));
    char *name = grown ? mem_text(key->text) : NULL;

    if (grown)
        list->profiles = grown;
    if (!name) {
        err_memory(e, "profiles");
        return NULL;
    }
    list->profiles[list->nprofiles] =
        (struct profile){ .name = name, .at = yaml_spot(list, key) };
    return &list->profiles[list->nprofiles++];
}

static bool take_profile(void *arg, const struct event *key, struct err *e)
{
    struct list *list = arg;
    struct yaml_words words = { .level = LEVEL_PROFILE };
    struct profile *profile;
    struct err why = { 0 };

    if (!check_profile(list, key->text, &why))
        return yaml_refuse_key(list, key, &why, e);
    profile = add_profile(list, key, e);
    if (!profile)
        return false;
    words.set = &profile->words;
    return read_set(list, &words, "profile", e);
}

static bool read_defaults(struct list *list, struct err *e)
{
    struct yaml_words words = { .set = &list->defaults,
                                .level = LEVEL_DEFAULTS };

    list->defaults_at = list->at;
    return read_set(list, &words, "defaults", e);
}

static bool read_profiles(struct list *list, struct err *e)
{
    return yaml_map(list,
                    &(struct yaml_taker){
                        .take = take_profile, .arg = list, .what = "profiles" },
                    e);
}

/* ---- the document ---- */

static size_t find_key(const char *key)
{
    size_t i = 0;

    while (i < KEYS_COUNT && strcmp(key_names[i], key) != 0)
        i++;
    return i;
}

static bool unknown_key(const char *key, struct err *e)
{
    for (size_t i = 0; i < KEYS_COUNT; i++)
        if (text_distance(key_names[i], key) <= 2)
            return err_set(e, ERR_USAGE,
                           "unknown key '%.100s' (did you mean '%s'?)", key,
                           key_names[i]);
    if (option_find(key) != OPTIONS_COUNT)
        return err_set(e, ERR_USAGE,
                       "'%s' is an option: it goes under 'defaults', a "
                       "profile or a target",
                       key);
    return err_set(e, ERR_USAGE,
                   "unknown key '%.100s': a list has defaults, profiles and "
                   "targets",
                   key);
}

static bool check_key(const struct yaml_reader *yaml, const char *text,
                      size_t key, struct err *e)
{
    if (key == KEYS_COUNT)
        return unknown_key(text, e);
    if (yaml->seen & 1u << key)
        return err_set(e, ERR_USAGE, "'%s' is said twice", text);
    if (yaml->seen & 1u << KEY_TARGETS)
        return err_set(e, ERR_USAGE, "'%s' must stand before 'targets'", text);
    return true;
}

/* The header is read each time, and complained about the first time. */
static bool refuse_key(struct list *list, const struct event *key,
                       const struct err *why, struct err *e)
{
    struct event value;

    if (!list->yaml->told)
        return yaml_refuse_key(list, key, why, e);
    return yaml_step(list, &value, e) && yaml_skip(list, &value, e);
}

static bool begin_targets(struct list *list, struct err *e)
{
    struct event value;
    struct err why = { 0 };

    if (!yaml_step(list, &value, e))
        return false;
    list->yaml->in_targets = value.kind == EVENT_LIST;
    if (value.kind == EVENT_LIST || value.nothing)
        return true;
    err_set(&why, ERR_USAGE, "'targets' takes a list: one '- host' a line");
    return list->yaml->told ? yaml_skip(list, &value, e)
                            : yaml_refuse_value(list, &value, &why, e);
}

static bool read_key(struct list *list, const struct event *key, struct err *e)
{
    const size_t which = find_key(key->text);
    struct err why = { 0 };
    struct event value;

    if (!check_key(list->yaml, key->text, which, &why))
        return refuse_key(list, key, &why, e);
    list->yaml->seen |= 1u << which;
    if (which == KEY_TARGETS)
        return begin_targets(list, e);
    if (list->yaml->told)
        return yaml_step(list, &value, e) && yaml_skip(list, &value, e);
    return which == KEY_DEFAULTS ? read_defaults(list, e)
                                 : read_profiles(list, e);
}

/* Reads keys until the targets begin or the document ends. */
static bool read_keys(struct list *list, struct err *e)
{
    struct event key;

    while (!list->yaml->in_targets) {
        if (!yaml_step(list, &key, e))
            return false;
        if (key.kind == EVENT_CLOSE)
            return yaml_step(list, &key, e);
        if (key.kind != EVENT_TEXT)
            return err_set(e, ERR_USAGE,
                           "a list has the keys defaults, profiles and "
                           "targets, and no others");
        if (!read_key(list, &key, e))
            return false;
    }
    return true;
}

bool yaml_begin(struct list *list, struct err *e)
{
    struct event first;

    yaml_end(list);
    list->yaml = mem_new(1, sizeof(*list->yaml));
    if (!list->yaml)
        return err_memory(e, "YAML list");
    list->yaml->told = list->header_read;
    list->yaml->events = events_new(list->spool, e);
    if (!list->yaml->events || !yaml_step(list, &first, e))
        return false;
    if (first.kind == EVENT_END)
        return true;
    if (first.nothing)
        return yaml_step(list, &first, e);
    if (first.kind != EVENT_MAP)
        return err_set(e, ERR_USAGE,
                       "a YAML list is a mapping: put 'targets:' before the "
                       "items");
    return read_keys(list, e);
}

bool yaml_next(struct list *list, struct entry *entry, bool *end, struct err *e)
{
    struct event item;

    *end = false;
    if (list->yaml->in_targets) {
        if (!yaml_step(list, &item, e))
            return false;
        if (item.kind != EVENT_CLOSE)
            return yaml_entry(list, entry, &item, e);
        list->yaml->in_targets = list->yaml->told = false;
        if (!read_keys(list, e))
            return false;
    }
    *end = true;
    return true;
}

void yaml_end(struct list *list)
{
    if (list->yaml)
        events_free(list->yaml->events);
    mem_free(list->yaml);
    list->yaml = NULL;
}
