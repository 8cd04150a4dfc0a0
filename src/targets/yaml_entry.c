#include "yaml_list.h"

#include <string.h>

/* A mapping under "targets" on its way to an entry. */
struct target_map {
    struct list *list;
    struct entry *entry;
    struct yaml_words words;
    bool addressed;
    unsigned seen; /* parts, a bit each */
};

static bool complain_at(struct target_map *m, const struct event *at,
                        const struct err *why, struct err *e)
{
    const struct spot spot = yaml_spot(m->list, at);

    return complain(m->list->complaints, &spot, why, e);
}

/* ---- the parts ---- */

static bool take_host(void *arg, const struct event *text, struct err *e)
{
    struct target_map *m = arg;
    const struct spot at = yaml_spot(m->list, text);

    return list_add_host(m->list, m->entry, text->text, &at, e);
}

static bool take_path(void *arg, const struct event *text, struct err *e)
{
    struct target_map *m = arg;
    const struct spot at = yaml_spot(m->list, text);
    struct buf address;
    bool done;

    buf_init(&address, 8 * 1024);
    buf_printf(&address, "unix:%s", text->text);
    done = buf_ok(&address)
               ? list_add_host(m->list, m->entry, buf_string(&address), &at, e)
               : err_memory(e, "target list");
    buf_release(&address);
    return done;
}

static bool take_profile(void *arg, const struct event *text, struct err *e)
{
    struct target_map *m = arg;
    struct texts *profiles = &m->entry->profiles;
    struct err why = { 0 };

    for (size_t i = 0; i < profiles->count; i++)
        if (strcmp(profiles->items[i], text->text) == 0) {
            err_set(&why, ERR_USAGE, "profile '%.100s' is named twice",
                    text->text);
            return complain_at(m, text, &why, e);
        }
    return texts_add(profiles, text->text, e);
}

static bool take_tag_value(void *arg, const struct event *text, struct err *e)
{
    struct target_map *m = arg;

    return texts_add(&m->entry->tags, text->text, e);
}

static bool take_tag(void *arg, const struct event *key, struct err *e)
{
    struct target_map *m = arg;
    struct texts *tags = &m->entry->tags;
    struct err why = { 0 };

    for (size_t i = 0; i < tags->count; i += 2)
        if (strcmp(tags->items[i], key->text) == 0)
            err_set(&why, ERR_USAGE, "tag '%.100s' is said twice", key->text);
    if (tags->count >= 2 * LIST_VALUES_MAX)
        err_set(&why, ERR_USAGE, "more than %d tags", LIST_VALUES_MAX);
    if (why.code != ERR_NONE)
        return yaml_refuse_key(m->list, key, &why, e);
    return texts_add(tags, key->text, e)
           && yaml_text(m->list,
                        &(struct yaml_taker){
                            .take = take_tag_value, .arg = m, .what = "tag" },
                        e);
}

static bool read_hosts(struct target_map *m, struct err *e)
{
    struct event value;

    return yaml_step(m->list, &value, e)
           && yaml_texts(m->list, &value,
                         &(struct yaml_taker){ .take = take_host,
                                               .arg = m,
                                               .what = "hosts",
                                               .max = LIST_GROUP_MAX },
                         e);
}

static bool read_profiles(struct target_map *m, struct err *e)
{
    struct event value;

    return yaml_step(m->list, &value, e)
           && yaml_texts(m->list, &value,
                         &(struct yaml_taker){ .take = take_profile,
                                               .arg = m,
                                               .what = "profiles",
                                               .max = LIST_VALUES_MAX },
                         e);
}

static bool read_tags(struct target_map *m, struct err *e)
{
    return yaml_map(
        m->list,
        &(struct yaml_taker){ .take = take_tag, .arg = m, .what = "tags" }, e);
}

/* "connect" and its like: one address. */
static bool read_address(struct target_map *m, enum option_id id, struct err *e)
{
    return yaml_text(
        m->list,
        &(struct yaml_taker){ .take = id == OPT_unix ? take_path : take_host,
                              .arg = m,
                              .what = option_rows[id].name },
        e);
}

/* ---- the mapping ---- */

enum part { PART_HOSTS, PART_PROFILES, PART_TAGS, PARTS_COUNT };

static const char *const part_names[PARTS_COUNT + 1] = { "hosts", "profiles",
                                                         "tags" };

static bool (*const part_readers[PARTS_COUNT])(struct target_map *,
                                               struct err *) = {
    read_hosts,
    read_profiles,
    read_tags,
};

static size_t find_part(const char *key)
{
    size_t part = 0;

    while (part < PARTS_COUNT && strcmp(part_names[part], key) != 0)
        part++;
    return part;
}

static bool is_address(size_t part, enum option_id id)
{
    return part == PART_HOSTS || id == OPT_connect || id == OPT_host
           || id == OPT_unix;
}

static bool take_key(void *arg, const struct event *key, struct err *e)
{
    struct target_map *m = arg;
    const size_t part = find_part(key->text);
    const enum option_id id =
        part < PARTS_COUNT ? OPTIONS_COUNT : option_find(key->text);
    struct err why = { 0 };

    if (part < PARTS_COUNT && (m->seen & 1u << part))
        err_set(&why, ERR_USAGE, "'%s' is said twice", key->text);
    else if (is_address(part, id) && m->addressed)
        err_set(&why, ERR_USAGE,
                "'%s' is a second address: a target has one of connect, host, "
                "unix and hosts",
                key->text);
    if (why.code != ERR_NONE)
        return yaml_refuse_key(m->list, key, &why, e);
    m->addressed |= is_address(part, id);
    if (part == PARTS_COUNT)
        return is_address(part, id) ? read_address(m, id, e)
                                    : yaml_take_word(&m->words, key, e);
    m->seen |= 1u << part;
    return part_readers[part](m, e);
}

static bool read_mapping(struct target_map *m, const struct event *first,
                         struct err *e)
{
    struct err why = { 0 };

    if (!yaml_keys(m->list,
                   &(struct yaml_taker){
                       .take = take_key, .arg = m, .what = "target" },
                   e))
        return false;
    if (m->addressed)
        return true;
    err_set(&why, ERR_USAGE,
            "a target without an address: it needs 'connect' or 'hosts'");
    return complain_at(m, first, &why, e);
}

bool yaml_entry(struct list *list, struct entry *entry,
                const struct event *first, struct err *e)
{
    struct target_map m = {
        .list = list,
        .entry = entry,
        .words = { .list = list,
                   .set = &entry->words,
                   .level = LEVEL_TARGET,
                   .others = part_names },
    };
    const size_t before = list->complaints->count;
    struct err why = { 0 };
    bool done;

    entry->at = yaml_spot(list, first);
    if (first->kind == EVENT_MAP) {
        done = read_mapping(&m, first, e);
    } else if (first->kind == EVENT_TEXT && !first->nothing) {
        done = take_host(&m, first, e);
    } else {
        err_set(&why, ERR_USAGE,
                "a target is an address, or 'key: value' "
                "pairs with 'connect' or 'hosts'");
        done = yaml_refuse_value(list, first, &why, e);
    }
    entry->bad = list->complaints->count != before;
    return done;
}
