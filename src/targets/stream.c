/* stream -- all lists, read to be checked and read again to be fed. */
#include "targets.h"

#include "base/mem.h"
#include "expand.h"
#include "hash.h"

#include <string.h>

struct target_stream {
    struct target_source source;
    struct complaints complaints;
    struct list *lists; /* the command line first */
    struct origin *origins; /* one a list */
    size_t nlists;
    uint64_t count; /* targets in all */

    /* Where reading stands. */
    size_t list;
    bool begun; /* this list */
    struct entry entry;
    size_t host; /* of the entry, behind the current one */
    uint64_t index; /* of the current host, from 1 */
    size_t nth; /* start of the current host to give out next */
};

/* ---- opening ---- */

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

    return options_check_supported(s->source.command, s->source.have, &why)
           || complain(&s->complaints, &s->lists[0].at, &why, e);
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
        if (known)
            continue;
        err_set(&why, ERR_USAGE, "-profile %.100s: no list defines it", name);
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

    if (options_check(&start->words, &why))
        return true;
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

/* ---- going through ---- */

static bool check_entry_profiles(struct target_stream *s, struct err *e)
{
    const struct list *list = &s->lists[s->list];
    struct entry *entry = &s->entry;
    bool done = true;

    for (size_t i = 0; i < entry->profiles.count && done; i++) {
        struct err why = { 0 };

        if (list_profile(list, entry->profiles.items[i]))
            continue;
        err_set(&why, ERR_USAGE,
                "profile '%.100s' is not among the profiles of this list",
                entry->profiles.items[i]);
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

static bool next_host(struct target_stream *s, bool *end, struct err *e)
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

static void start_over(struct target_stream *s)
{
    entry_clear(&s->entry);
    s->list = s->host = s->nth = 0;
    s->index = 0;
    s->begun = false;
}

static const struct entry_host *current_host(const struct target_stream *s)
{
    return &s->entry.hosts[s->host - 1];
}

/* By what is written, so that inserting a line moves no other target. */
static bool in_shard(const struct target_stream *s)
{
    const char *text = current_host(s)->text;

    return s->source.shards <= 1
           || hash_more(HASH_START, text, strlen(text)) % s->source.shards
                  == s->source.shard - 1;
}

/* The starts of the current host. */
static size_t count_starts(const struct target_stream *s)
{
    return origin_count(&s->origins[s->list], &s->lists[s->list], &s->entry);
}

static struct start *nth_start(const struct target_stream *s, size_t nth)
{
    return origin_start(&s->origins[s->list], &s->lists[s->list], &s->entry,
                        nth);
}

/* ---- checking ---- */

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
    const struct entry_host *host = current_host(s);
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
    s->nth = count_starts(s);
    if (why.code == ERR_ADDRESS || why.code == ERR_UNSUPPORTED)
        return complain(&s->complaints, &host->at, &why, e);
    s->host = s->entry.nhosts;
    return complain(&s->complaints, &s->entry.at, &why, e);
}

static bool check_all(struct target_stream *s, struct err *e)
{
    bool end;

    for (;;) {
        if (!next_host(s, &end, e))
            return false;
        if (end)
            return true;
        if (in_shard(s))
            s->count += count_starts(s);
        while (s->nth < count_starts(s))
            if (!check_target(s, nth_start(s, s->nth++), e))
                return false;
    }
}

static bool prepare(struct target_stream *s, struct err *e)
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

struct target_stream *targets_open(const struct target_source *source,
                                   struct buf *complaints, struct err *e)
{
    struct target_stream *s = mem_new(1, sizeof(*s));

    e->stage = STAGE_INPUT;
    if (!s) {
        err_memory(e, "targets");
        return NULL;
    }
    s->source = *source;
    s->complaints =
        (struct complaints){ .out = complaints, .enough = COMPLAINTS_ENOUGH };
    if (prepare(s, e)) {
        /* Whatever is wrong from now on was right before. */
        s->complaints = (struct complaints){ .enough = 0 };
        start_over(s);
        return s;
    }
    complaints_finish(&s->complaints, e);
    targets_close(s);
    return NULL;
}

void targets_close(struct target_stream *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->nlists; i++) {
        origin_release(&s->origins[i]);
        list_close(&s->lists[i]);
    }
    mem_free(s->origins);
    mem_free(s->lists);
    entry_release(&s->entry);
    mem_free(s);
}

/* ---- feeding ---- */

/* The next host of our shard whose targets were not all given out. */
static bool seek_target(struct target_stream *s, bool *end, struct err *e)
{
    *end = false;
    if (s->host > 0 && s->nth < count_starts(s))
        return true;
    do {
        if (!next_host(s, end, e))
            return false;
    } while (!*end && !in_shard(s));
    return true;
}

struct target *targets_next(struct target_stream *s, struct err *e)
{
    struct target *t;
    bool end;

    e->stage = STAGE_INPUT;
    if (!seek_target(s, &end, e) || end)
        return NULL;
    t = target_build(&s->lists[s->list], &s->entry, current_host(s),
                     nth_start(s, s->nth++), e);
    if (t)
        t->index = s->index;
    return t;
}

uint64_t targets_count(const struct target_stream *s)
{
    return s->count;
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    return hash_more(hash, text, strlen(text) + 1);
}

uint64_t targets_fingerprint(const struct target_stream *s)
{
    const uint64_t part[] = { s->source.shard, s->source.shards };
    uint64_t hash = hash_more(HASH_START, part, sizeof(part));

    for (size_t i = 0; i < s->source.nhosts; i++)
        hash = hash_text(hash, s->source.hosts[i]);
    for (size_t i = 0; i < s->source.nprofiles; i++)
        hash = hash_text(hash, s->source.profiles[i]);
    for (size_t i = 1; i < s->nlists; i++) {
        const uint64_t bytes = spool_hash(s->lists[i].spool);

        hash = hash_more(hash, &bytes, sizeof(bytes));
    }
    return hash;
}

const struct option_set *targets_common(const struct target_stream *s,
                                        size_t nth, const char **profile)
{
    for (size_t i = 0; i < s->nlists; i++)
        for (size_t j = 0; j < s->origins[i].count; j++) {
            const struct start *start = &s->origins[i].starts[j];

            if (!start->used || nth-- > 0)
                continue;
            *profile = start->profile ? start->profile->name : NULL;
            return &start->words;
        }
    return NULL;
}
