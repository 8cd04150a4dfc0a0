/* check -- the first time through: everything that can be told is told. */
#include "base/mem.h"
#include "stream_room.h"

#include <string.h>

/* ---- lists and profiles ---- */

/* Standard input can be read only once. */
static bool is_said_twice(const struct target_stream *s, size_t nth)
{
    bool said = false;

    for (size_t i = 0; i < nth - 1 && !said; i++)
        said = strcmp(s->source.lists[i], "-") == 0;
    return said && strcmp(s->source.lists[nth - 1], "-") == 0;
}

/* Opens a list and reads its header. */
static bool open_list(struct target_stream *s, size_t nth, struct err *e)
{
    struct list *list = &s->lists[nth];
    const char *name = nth > 0 ? s->source.lists[nth - 1] : NULL;
    const struct spot *at = &list->at;
    struct err why = { 0 };
    bool done = false;

    if (name && is_said_twice(s, nth)) {
        at = &s->lists[0].at;
        err_set(&why, ERR_USAGE,
                "-targets - is said twice, but standard input can be read "
                "only once");
    } else {
        done = list_open(list, name, &s->source, &s->complaints, &why)
               && list_begin(list, &why);
    }
    list_end(list);
    list->failed = !done;
    return done || complain(&s->complaints, at, &why, e);
}

static bool open_lists(struct target_stream *s, struct err *e)
{
    s->lists = mem_new(s->source.nlists + 1, sizeof(*s->lists));
    s->origins = mem_new(s->source.nlists + 1, sizeof(*s->origins));
    if (!s->lists || !s->origins)
        return err_memory(e, "targets");
    while (s->nlists <= s->source.nlists)
        if (!open_list(s, s->nlists++, e))
            return false;
    return true;
}

static bool check_command(struct target_stream *s, struct err *e)
{
    struct err why = { 0 };

    return s->source.check(s->source.command, &why)
           || complain(&s->complaints, &s->lists[0].at, &why, e);
}

static bool is_named_twice(const struct target_source *source, size_t nth)
{
    bool twice = false;

    for (size_t i = 0; i < nth && !twice; i++)
        twice = strcmp(source->profiles[i], source->profiles[nth]) == 0;
    return twice;
}

static bool check_named_profiles(struct target_stream *s, struct err *e)
{
    const struct spot at = s->lists[0].at;

    for (size_t i = 0; i < s->source.nprofiles; i++) {
        const char *name = s->source.profiles[i];
        struct err why = { 0 };
        bool known = false;

        /* A list that failed may have had it. */
        for (size_t j = 0; j < s->nlists && !known; j++)
            known = s->lists[j].failed || list_profile(&s->lists[j], name);
        if (is_named_twice(&s->source, i))
            err_set(&why, ERR_USAGE, "-profile %.100s is said twice", name);
        else if (!known)
            list_unknown_profile(s->lists, s->nlists, name,
                                 "that -profile names is in no list", &why);
        else
            continue;
        if (!complain(&s->complaints, &at, &why, e))
            return false;
    }
    return true;
}

static bool check_start(struct target_stream *s, const struct list *list,
                        struct start *start, struct err *e)
{
    const struct spot *at = start->profile             ? &start->profile->at
                            : list->defaults.count > 0 ? &list->defaults_at
                                                       : &s->lists[0].at;
    struct err why = { 0 };

    start->complete = options_check(&start->words, &why);
    if (start->complete)
        return true;
    if (words_lack_domain(&start->words)) {
        err_clear(&why);
        if (options_check_conflicts(&start->words, &why))
            return true;
    }
    start->bad = true;
    return complain(&s->complaints, at, &why, e);
}

/* The bare start is checked when a target uses it: what it lacks, profiles may
 * have. */
static bool build_origin(struct target_stream *s, size_t nth, struct err *e)
{
    struct origin *o = &s->origins[nth];

    if (!origin_build(o, s->lists, s->nlists, nth, e))
        return false;
    for (size_t i = 0; i < o->count; i++)
        if (o->starts[i].profile
            && !check_start(s, &s->lists[nth], &o->starts[i], e))
            return false;
    return true;
}

static bool build_origins(struct target_stream *s, struct err *e)
{
    for (size_t i = 0; i < s->nlists; i++)
        if (!s->lists[i].failed && !build_origin(s, i, e))
            return false;
    return true;
}

/* ---- targets ---- */

static bool use_start(struct target_stream *s, struct start *start,
                      struct err *e)
{
    if (start->used)
        return true;
    start->used = true;
    return start->profile || check_start(s, &s->lists[s->list], start, e);
}

/* Builds what will be built again when it is fed. */
static bool check_target(struct target_stream *s, struct start *start,
                         struct err *e)
{
    const struct entry_host *host = stream_host(s);
    struct err why = { 0 };
    struct target *t;

    if (!use_start(s, start, e))
        return false;
    if (start->bad)
        return true;
    t = target_build(&s->lists[s->list], &s->entry, host, start, &why);
    if (t) {
        target_free(t);
        return true;
    }
    /* Its other profiles, or all its hosts, would be wrong in the same way. */
    s->nth = stream_count_starts(s);
    if (why.code == ERR_ADDRESS || why.code == ERR_UNSUPPORTED)
        return complain(&s->complaints, &host->at, &why, e);
    s->host = s->entry.nhosts;
    return complain(&s->complaints, &s->entry.at, &why, e);
}

static bool check_all(struct target_stream *s, struct err *e)
{
    bool end;

    for (;;) {
        if (!stream_next_host(s, &end, e))
            return false;
        if (end)
            return true;
        if (stream_in_shard(s))
            s->count += stream_count_starts(s);
        while (s->nth < stream_count_starts(s))
            if (!check_target(s, stream_start(s, s->nth++), e))
                return false;
    }
}

bool stream_check(struct target_stream *s, struct err *e)
{
    if (!open_lists(s, e) || !check_command(s, e) || !check_named_profiles(s, e)
        || !build_origins(s, e) || !check_all(s, e))
        return false;
    /* A shard may be empty; a fleet may not. */
    if (s->index == 0 && s->complaints.count == 0)
        return err_set(e, ERR_USAGE,
                       "no targets: name hosts, or lists that hold some");
    return s->complaints.count == 0;
}
