/* stream -- the door: lists that were checked, fed target by target. */
#include "targets.h"

#include "base/hash.h"
#include "base/mem.h"
#include "stream_room.h"

#include <string.h>

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
    if (stream_check(s, e)) {
        /* Whatever is wrong from now on was right before. */
        s->complaints = (struct complaints){ .enough = 0 };
        stream_start_over(s);
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

/* The next host of our shard whose targets were not all given out. */
static bool seek_target(struct target_stream *s, bool *end, struct err *e)
{
    *end = false;
    if (s->host > 0 && s->nth < stream_count_starts(s))
        return true;
    do {
        if (!stream_next_host(s, end, e))
            return false;
    } while (!*end && !stream_in_shard(s));
    return true;
}

struct target *targets_next(struct target_stream *s, struct err *e)
{
    struct target *t;
    bool end;

    e->stage = STAGE_INPUT;
    if (!seek_target(s, &end, e) || end)
        return NULL;
    t = target_build(&s->lists[s->list], &s->entry, stream_host(s),
                     stream_start(s, s->nth++), e);
    if (t)
        t->index = s->index;
    return t;
}

uint64_t targets_count(const struct target_stream *s)
{
    return s->count;
}

/* By what is written, so that inserting a line moves no other target. */
bool targets_in_shard(const struct target_stream *s, const char *text,
                      size_t len)
{
    return s->source.shards <= 1
           || (text
               && hash_more(HASH_START, text, len) % s->source.shards
                      == s->source.shard - 1);
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

/* The nth start that a target uses, and its list; NULL: there is none. */
static const struct start *used_start(const struct target_stream *s, size_t nth,
                                      const struct list **list)
{
    for (size_t i = 0; i < s->nlists; i++)
        for (size_t j = 0; j < s->origins[i].count; j++) {
            const struct start *start = &s->origins[i].starts[j];

            *list = &s->lists[i];
            if (start->used && nth-- == 0)
                return start;
        }
    return NULL;
}

const struct option_set *targets_common(const struct target_stream *s,
                                        size_t nth, const char **profile)
{
    const struct list *list;
    const struct start *start = used_start(s, nth, &list);

    if (start)
        *profile = start->profile ? start->profile->name : NULL;
    return start ? &start->words : NULL;
}

/* A profile may be of another list. */
void targets_locate(const struct target_stream *s, size_t nth, struct err *e)
{
    const struct list *list;
    const struct start *start = used_start(s, nth, &list);
    const struct option_said *said =
        start ? options_blamed(&start->words, e->msg) : NULL;

    if (said && said->line > 0)
        spot_tell(&(struct spot){ .file = said->level == LEVEL_PROFILE
                                              ? start->profile->at.file
                                              : list->at.file,
                                  .line = said->line,
                                  .column = said->column },
                  e);
}
