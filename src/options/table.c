/* table -- the rows of options.def as data, and finding them by name. */
#include "base/text.h"
#include "room.h"

#include <string.h>

const struct option_row option_rows[OPTIONS_COUNT] = {
#define OPT(id_, name_, kind_, argname_, choices_, scope_, topic_, needs_, \
            traits_, handler_, help_)                                      \
    [OPT_##id_] = {                                                        \
        .name = name_,                                                     \
        .kind = OPTION_##kind_,                                            \
        .argname = argname_,                                               \
        .choices = choices_,                                               \
        .scope = OPTION_SCOPE_##scope_,                                    \
        .topic = TOPIC_##topic_,                                           \
        .needs = NEEDS_##needs_,                                           \
        .traits = traits_,                                                 \
        .handler = #handler_,                                              \
        .help = help_,                                                     \
    },
#include "options.def"
#undef OPT
};

const char *option_topic_name(enum option_topic topic)
{
    static const char *const names[] = {
#define X(id, title) [TOPIC_##id] = #id,
        OPTION_TOPICS(X)
#undef X
    };
    return names[topic];
}

const char *option_topic_title(enum option_topic topic)
{
    static const char *const titles[] = {
#define X(id, title) [TOPIC_##id] = title,
        OPTION_TOPICS(X)
#undef X
    };
    return titles[topic];
}

bool option_topic_find(const char *name, enum option_topic *topic)
{
    for (*topic = 0; *topic < TOPIC_COUNT; ++*topic)
        if (strcmp(option_topic_name(*topic), name) == 0)
            return true;
    return false;
}

const char *option_needs_phrase(enum option_needs needs)
{
    static const char *const phrases[] = {
#define X(id, phrase) [NEEDS_##id] = phrase,
        OPTION_NEEDS(X)
#undef X
    };
    return phrases[needs];
}

bool option_needs_version(enum option_needs needs)
{
    return strncmp(option_needs_phrase(needs), "OpenSSL ", 8) == 0;
}

enum option_id option_find(const char *name)
{
    enum option_id id = 0;

    while (id < OPTIONS_COUNT && strcmp(option_rows[id].name, name) != 0)
        id++;
    return id;
}

const char *option_nearest(const char *name)
{
    unsigned best = text_too_far(name);
    const char *nearest = NULL;

    for (enum option_id id = 0; id < OPTIONS_COUNT; id++) {
        const char *candidate = option_rows[id].name;
        unsigned far = text_distance(name, candidate);

        if (strcasecmp(name, candidate) == 0)
            return candidate;
        if (far < best) {
            best = far;
            nearest = candidate;
        }
    }
    return nearest;
}
