/* expand -- a list's item times the profiles it is probed with. */
#pragma once

#include "list.h"

/* Words that targets of one list start from: its defaults, the command line
 * and perhaps a profile, settled. */
struct start {
    const struct profile *profile; /* NULL: none */
    struct option_set words;
    bool used; /* by a target */
    bool bad; /* was complained about */
    bool complete; /* lacks nothing that a target would have to add */
};

/* The starts of one list.  With -profile these are the profiles it names, in
 * its order; else the bare one, then one for each profile of the list. */
struct origin {
    struct start *starts;
    size_t count;
};

/* lists[own] is the list it is for.  A -profile that this list does not define
 * is taken from the first that does, so that every target is probed; one that
 * none defines is left out. */
bool origin_build(struct origin *o, const struct list *lists, size_t nlists,
                  size_t own, struct err *e) MUST_USE;
void origin_release(struct origin *o);

/* How many starts the targets of an entry have. */
size_t origin_count(const struct origin *o, const struct list *list,
                    const struct entry *entry);
/* The nth of them; NULL when the entry names an unknown profile. */
struct start *origin_start(const struct origin *o, const struct list *list,
                           const struct entry *entry, size_t nth);

/* Whether these words have TLSA records and no domain: a target's host may
 * become it. */
bool words_lack_domain(const struct option_set *words);

/* One target.  NULL with ERR_ADDRESS (unless the list records bad addresses),
 * ERR_UNSUPPORTED when its scheme cannot be spoken, or ERR_USAGE when words of
 * several levels do not go together. */
struct target *target_build(const struct list *list, const struct entry *entry,
                            const struct entry_host *host,
                            const struct start *start, struct err *e) MUST_USE;
