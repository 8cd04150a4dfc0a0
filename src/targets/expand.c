#include "expand.h"

#include "base/hostport.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

/* ---- starts ---- */

static bool add_start(struct origin *o, const struct list *list,
                      const struct profile *profile, struct err *e)
{
    struct start *start = &o->starts[o->count++];
    struct option_set *words = &start->words;

    start->profile = profile;
    if (list->kind != LIST_COMMAND
        && !options_append(words, &list->defaults, e))
        return false;
    if (!options_append(words, list->source->command, e)
        || (profile && !options_append(words, &profile->words, e)))
        return false;
    options_settle(words);
    return true;
}

static const struct profile *find_profile(const struct list *lists,
                                          size_t nlists, size_t own,
                                          const char *name)
{
    const struct profile *found = list_profile(&lists[own], name);

    for (size_t i = 0; !found && i < nlists; i++)
        found = list_profile(&lists[i], name);
    return found;
}

static bool add_named(struct origin *o, const struct list *lists, size_t nlists,
                      size_t own, struct err *e)
{
    const struct target_source *source = lists[own].source;

    for (size_t i = 0; i < source->nprofiles; i++) {
        const struct profile *profile =
            find_profile(lists, nlists, own, source->profiles[i]);

        if (profile && !add_start(o, &lists[own], profile, e))
            return false;
    }
    return true;
}

static bool add_all(struct origin *o, const struct list *list, struct err *e)
{
    if (!add_start(o, list, NULL, e))
        return false;
    for (size_t i = 0; i < list->nprofiles; i++)
        if (!add_start(o, list, &list->profiles[i], e))
            return false;
    return true;
}

bool origin_build(struct origin *o, const struct list *lists, size_t nlists,
                  size_t own, struct err *e)
{
    const struct list *list = &lists[own];
    const size_t named = list->source->nprofiles;

    o->starts =
        mem_new(named > 0 ? named : list->nprofiles + 1, sizeof(*o->starts));
    if (!o->starts)
        return err_memory(e, "profiles");
    return named > 0 ? add_named(o, lists, nlists, own, e)
                     : add_all(o, list, e);
}

void origin_release(struct origin *o)
{
    for (size_t i = 0; i < o->count; i++)
        options_release(&o->starts[i].words);
    mem_free(o->starts);
    *o = (struct origin){ 0 };
}

size_t origin_count(const struct origin *o, const struct list *list,
                    const struct entry *entry)
{
    if (list->source->nprofiles > 0)
        return o->count;
    return entry->profiles.count > 0 ? entry->profiles.count : 1;
}

struct start *origin_start(const struct origin *o, const struct list *list,
                           const struct entry *entry, size_t nth)
{
    if (list->source->nprofiles > 0 || entry->profiles.count == 0)
        return &o->starts[nth];
    for (size_t i = 1; i < o->count; i++)
        if (strcmp(o->starts[i].profile->name, entry->profiles.items[nth]) == 0)
            return &o->starts[i];
    return NULL;
}

/* ---- targets ---- */

static bool copy_tags(struct target *t, const struct texts *tags, struct err *e)
{
    if (tags->count == 0)
        return true;
    t->tags = mem_new(tags->count, sizeof(*t->tags));
    if (!t->tags)
        return err_memory(e, "target");
    for (; t->ntags < tags->count; t->ntags++) {
        t->tags[t->ntags] = mem_text(tags->items[t->ntags]);
        if (!t->tags[t->ntags])
            return err_memory(e, "target");
    }
    return true;
}

static char *print_place(const struct spot *at)
{
    const size_t room = strlen(at->file) + sizeof(":18446744073709551615");
    char *place;

    if (at->line == 0)
        return mem_text(at->file);
    place = mem_new(room, 1);
    if (place)
        snprintf(place, room, "%s:%zu", at->file, at->line);
    return place;
}

/* A bad address may be a finding instead of a failure. */
static bool read_address(struct target *t, const struct list *list,
                         const char *text, const char *port, struct err *e)
{
    const bool recorded =
        list->kind == LIST_PLAIN && !list->source->bad_lines_fatal;
    struct err why = { .stage = STAGE_INPUT };

    if (target_parse(t, text, port, &why))
        return true;
    if (why.code == ERR_ADDRESS && recorded)
        t->invalid = why;
    else
        err_set(e, why.code, "%s", why.msg);
    return t->invalid.code != ERR_NONE;
}

/* What an address says is a word like any other, but no list reader saw it. */
static bool check_said(const struct target *t, size_t before,
                       const struct list *list, struct err *e)
{
    struct option_set said = { .count = t->words.count - before };

    if (said.count == 0)
        return true;
    said.said = t->words.said + before;
    return list->source->check(&said, e);
}

/* What the address says comes before the target's own words, which may say
 * another -starttls. */
static bool fill(struct target *t, const struct list *list,
                 const struct entry *entry, const struct entry_host *host,
                 struct err *e)
{
    const size_t started = t->words.count;
    const char *port = options_text(&entry->words, OPT_port,
                                    options_text(&t->words, OPT_port, "443"));

    t->place = print_place(&host->at);
    if (!t->place)
        return err_memory(e, "target");
    return read_address(t, list, host->text, port, e)
           && check_said(t, started, list, e) && copy_tags(t, &entry->tags, e)
           && options_append(&t->words, &entry->words, e);
}

bool words_lack_domain(const struct option_set *words)
{
    return options_has(words, OPT_dane_tlsa_rrdata)
           && !options_has(words, OPT_dane_tlsa_domain);
}

/* TLSA records belong to a name (RFC 6698 section 3): in a list that is the
 * target's own, where no other is said.  An address has none, and a target that
 * shall send no name is left to the rules. */
static bool imply_domain(struct target *t, struct err *e)
{
    const struct option_word word = {
        .name = option_rows[OPT_dane_tlsa_domain].name,
        .value = t->host,
        .level = LEVEL_TARGET,
    };

    if (!words_lack_domain(&t->words) || !t->host
        || hostport_is_address(t->host)
        || options_has(&t->words, OPT_noservername))
        return true;
    return options_say(&t->words, &word, e);
}

/* A target that adds nothing to words that are complete needs no look. */
static bool settle_words(struct target *t, const struct start *start,
                         struct err *e)
{
    if (!imply_domain(t, e))
        return false;
    if (start->complete && t->words.count == start->words.count)
        return true;
    options_settle(&t->words);
    if (t->invalid.code != ERR_NONE && words_lack_domain(&t->words))
        return options_check_conflicts(&t->words, e);
    return options_check(&t->words, e);
}

struct target *target_build(const struct list *list, const struct entry *entry,
                            const struct entry_host *host,
                            const struct start *start, struct err *e)
{
    struct target *t = mem_new(1, sizeof(*t));

    if (!t) {
        err_memory(e, "target");
        return NULL;
    }
    if (start->profile) {
        t->profile = mem_text(start->profile->name);
        if (!t->profile)
            err_memory(e, "target");
    }
    if (e->code == ERR_NONE && options_append(&t->words, &start->words, e)
        && fill(t, list, entry, host, e) && settle_words(t, start, e))
        return t;
    target_free(t);
    return NULL;
}
