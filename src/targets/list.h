/* list -- one source of targets: a YAML list, a plain list, or the hosts of
 * the command line.  Whatever it is, it is read as a header (defaults and
 * profiles) and then as entries, as often as one likes. */
#pragma once

#include "complaints.h"
#include "spool.h"
#include "targets.h"

enum {
    LIST_LINE_MAX = 16 * 1024, /* bytes of a plain line */
    LIST_PROFILES_MAX = 256, /* in one list */
    LIST_GROUP_MAX = 10000, /* hosts of one group: they are held in memory */
    LIST_VALUES_MAX = 256, /* of one option, tags or profiles of one entry */
};

/* Texts that grow; all owned. */
struct texts {
    char **items;
    size_t count, room;
};
bool texts_add(struct texts *t, const char *text, struct err *e) MUST_USE;
void texts_clear(struct texts *t);
void texts_release(struct texts *t);

/* An address as written, and where. */
struct entry_host {
    char *text;
    struct spot at;
};

/* One item of a list: hosts that share words, profiles and tags. */
struct entry {
    struct entry_host *hosts;
    size_t nhosts, room;
    struct texts profiles;
    struct texts tags; /* key, value, key, value, ... */
    struct option_set words; /* LEVEL_TARGET */
    struct spot at;
    bool bad; /* was complained about: not to be used */
};
bool entry_add_host(struct entry *entry, const char *text,
                    const struct spot *at, struct err *e) MUST_USE;
/* Empties it and keeps the memory. */
void entry_clear(struct entry *entry);
void entry_release(struct entry *entry);

struct profile {
    char *name;
    struct option_set words; /* LEVEL_PROFILE */
    struct spot at;
};

enum list_kind { LIST_COMMAND, LIST_PLAIN, LIST_YAML };

struct yaml_reader;

struct list {
    enum list_kind kind;
    const struct target_source *source;
    struct complaints *complaints;

    /* The header, read once. */
    bool header_read;
    struct option_set defaults; /* LEVEL_DEFAULTS */
    struct spot defaults_at;
    struct profile *profiles;
    size_t nprofiles;

    /* Where reading stands; also where it ended when it failed. */
    struct spot at;
    bool failed; /* was complained about: not to be read again */

    /* Files only. */
    struct spool *spool;
    char *base_dir; /* NULL: the current one */
    bool trusted; /* may say host-class words */
    struct buf line; /* plain */
    struct yaml_reader *yaml;
    /* The command line only. */
    size_t next_host;
};

/* "name" is a file, "-", or NULL for the command line.  False when the list
 * cannot be used at all; list->at.file is set and list_close() is due even
 * then. */
bool list_open(struct list *list, const char *name,
               const struct target_source *source,
               struct complaints *complaints, struct err *e) MUST_USE;
void list_close(struct list *list);

/* Goes to the first entry; the first time, the header is kept. */
bool list_begin(struct list *list, struct err *e) MUST_USE;
/* The next entry; *end after the last.  What is wrong with one entry is
 * complained about and marks it bad; false ends the reading. */
bool list_next(struct list *list, struct entry *entry, bool *end, struct err *e)
    MUST_USE;
/* Frees what only reading needs.  list_begin() may follow. */
void list_end(struct list *list);

const struct profile *list_profile(const struct list *list, const char *name);
/* Refuses a name that is none of the lists' profiles: what is wrong of it, and
 * which one may be meant. */
void list_unknown_profile(const struct list *lists, size_t nlists,
                          const char *name, const char *wrong, struct err *why);

/* False with the reason when a list may not say this option: it is not a
 * target's business, or touches this host and others could have said it. */
bool list_allows(const struct list *list, enum option_id id, struct err *e)
    MUST_USE;
/* Adds a host to an entry, or complains: "unix:" touches this host. */
bool list_add_host(struct list *list, struct entry *entry, const char *text,
                   const struct spot *at, struct err *e) MUST_USE;

/* The readers behind list_begin() and list_next(). */
bool plain_next(struct list *list, struct entry *entry, bool *end,
                struct err *e) MUST_USE;
bool yaml_begin(struct list *list, struct err *e) MUST_USE;
bool yaml_next(struct list *list, struct entry *entry, bool *end, struct err *e)
    MUST_USE;
void yaml_end(struct list *list);
