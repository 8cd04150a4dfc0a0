/* cursor -- where reading stands: list, entry, host. */
#include "stream_room.h"

#include <string.h>

static bool check_entry_profiles(struct target_stream *s, struct err *e)
{
    const struct list *list = &s->lists[s->list];
    struct entry *entry = &s->entry;
    bool done = true;

    for (size_t i = 0; i < entry->profiles.count && done; i++) {
        const char *name = entry->profiles.items[i];
        struct err why = { 0 };

        if (list_profile(list, name))
            continue;
        list_unknown_profile(list, 1, name,
                             "is not among the profiles of this list", &why);
        entry->bad = true;
        done = complain(&s->complaints, &entry->at, &why, e);
    }
    return done;
}

/* The next entry of the current list; *over after the last. */
static bool read_entry(struct target_stream *s, bool *over, struct err *e)
{
    struct list *list = &s->lists[s->list];
    struct err why = { 0 };

    *over = list->failed;
    if (*over)
        return true;
    if ((s->begun || list_begin(list, &why))
        && list_next(list, &s->entry, over, &why)) {
        s->begun = true;
        return *over || check_entry_profiles(s, e);
    }
    *over = list->failed = true;
    return complain(&s->complaints, &list->at, &why, e);
}

static bool next_entry(struct target_stream *s, bool *end, struct err *e)
{
    *end = false;
    s->host = 0;
    while (s->list < s->nlists) {
        bool over;

        if (!read_entry(s, &over, e))
            return false;
        if (!over && !s->entry.bad)
            return true;
        if (over) {
            list_end(&s->lists[s->list++]);
            s->begun = false;
        }
    }
    *end = true;
    return true;
}

bool stream_next_host(struct target_stream *s, bool *end, struct err *e)
{
    *end = false;
    while (s->host == s->entry.nhosts && !*end)
        if (!next_entry(s, end, e))
            return false;
    if (*end)
        return true;
    s->host++;
    s->index++;
    s->nth = 0;
    return true;
}

void stream_start_over(struct target_stream *s)
{
    entry_clear(&s->entry);
    s->list = s->host = s->nth = 0;
    s->index = 0;
    s->begun = false;
}

const struct entry_host *stream_host(const struct target_stream *s)
{
    return &s->entry.hosts[s->host - 1];
}

bool stream_in_shard(const struct target_stream *s)
{
    const char *text = stream_host(s)->text;

    return targets_in_shard(s, text, strlen(text));
}

size_t stream_count_starts(const struct target_stream *s)
{
    return origin_count(&s->origins[s->list], &s->lists[s->list], &s->entry);
}

struct start *stream_start(const struct target_stream *s, size_t nth)
{
    return origin_start(&s->origins[s->list], &s->lists[s->list], &s->entry,
                        nth);
}
