/* options -- what the user asked for, in the order it was said.
 *
 * Every option is one row of options.def.  Parsing (command line, plain lists,
 * YAML), help, man page, completion and cache keys are driven from the rows.
 * This room knows no OpenSSL and opens no file.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "options/table.h"

#include <stdint.h>

/* Who said it; later levels win. */
enum option_level {
    LEVEL_DEFAULTS,
    LEVEL_COMMAND,
    LEVEL_PROFILE,
    LEVEL_TARGET,
};

/* One word as it was said. */
struct option_said {
    enum option_id id;
    enum option_level level;
    bool off; /* "name: false": takes back a flag said earlier */
    unsigned line, column; /* in its list; 0: none that is known */
    int64_t number; /* of the numeric kinds; SECONDS in ms */
    char *text; /* the value as said; NULL for a flag.  Owned by the set */
};

/* Words in order.  A set owns its texts; it is changed by one thread and may
 * be read by many once it is no longer changed. */
struct option_set {
    struct option_said *said;
    size_t count, room;
};

void options_release(struct option_set *set);

/* Checks a value by its kind and appends it.  "value" is NULL for a flag; for
 * a flag "true" and "false" are understood when from_yaml; "help" may have a
 * topic.  Options of scope RUN can only be said at LEVEL_COMMAND.  On failure
 * e says what would be right, beginning with the option's name.  The value is
 * copied. */
struct option_word {
    const char *name;
    const char *value;
    enum option_level level;
    bool from_yaml;
    const char *base_dir; /* files are relative to it; NULL: leave them */
    unsigned line, column; /* 0: none that is known */
};
bool options_say(struct option_set *set, const struct option_word *word,
                 struct err *e) MUST_USE;

/* The word that a sentence beginning with "option '-name'" is about: of those
 * with this name the one whose value it holds, else the last; NULL: none. */
const struct option_said *options_blamed(const struct option_set *set,
                                         const char *sentence);

/* Appends that what earlier levels said of an option does not count. */
bool options_take_back(struct option_set *set, enum option_id id,
                       enum option_level level, struct err *e) MUST_USE;

/* Appends copies of all of "from". */
bool options_append(struct option_set *set, const struct option_set *from,
                    struct err *e) MUST_USE;

/* Boils levels down to what counts, in place: takes back flags ("off"), keeps
 * the last word of an option that counts once, replaces a repeatable option
 * said at a later level whole, and lets a member of an exclusive group replace
 * members said at earlier levels.  Order is kept otherwise.  Idempotent; words
 * of a lower level must stand before those of a higher one. */
void options_settle(struct option_set *set);

/* s_client's conflicts (rules.c): words of one level that exclude each other.
 * For any set; an unsettled one shows conflicts that settling would hide. */
bool options_check_conflicts(const struct option_set *set, struct err *e)
    MUST_USE;
/* The same, and options that need another one: for a settled set. */
bool options_check(const struct option_set *set, struct err *e) MUST_USE;

/* Refuses what cannot work here: rows whose handler is "refused" and rows for
 * which have() is false. */
typedef bool option_have_fn(enum option_needs needs);
bool options_check_supported(const struct option_set *set, option_have_fn *have,
                             struct err *e) MUST_USE;

/* The sentence that this OpenSSL lacks what a row needs.  Returns false. */
bool options_missing(const struct option_row *row, struct err *e);

/* The last word with this id that is not off, or NULL. */
const struct option_said *options_last(const struct option_set *set,
                                       enum option_id id);
bool options_has(const struct option_set *set, enum option_id id);
/* Text or number of the last word, else the given default. */
const char *options_text(const struct option_set *set, enum option_id id,
                         const char *otherwise);
int64_t options_number(const struct option_set *set, enum option_id id,
                       int64_t otherwise);

/* Appends the words whose scope bit is in "scopes" (1u << OPTION_SCOPE_x) in a
 * form that is equal exactly for equal words in equal order: the cache key. */
void options_key(const struct option_set *set, unsigned scopes,
                 struct buf *out);

/* Appends a word as a shell needs it: in quotes where it has to be. */
void options_quote(const char *text, struct buf *out);
/* Appends the words as a shell would need them (" -alpn h2 -CAfile 'a b'"),
 * each with a blank before it; secrets are written as "***".  "which" is a mask
 * of scopes, or OPTIONS_PRINT_S_CLIENT: all that s_client knows but where to
 * connect (-connect -host -port -unix); or OPTIONS_PRINT_IDENTITY: all that
 * decides what the records of a run say. */
#define OPTIONS_PRINT_ALL      (~0u)
#define OPTIONS_PRINT_S_CLIENT (1u << 31)
#define OPTIONS_PRINT_IDENTITY (1u << 30)
void options_print(const struct option_set *set, unsigned which,
                   struct buf *out);

/* ---- the command line ---- */

struct command_line {
    struct option_set words;
    char **hosts; /* positional words, borrowed from argv */
    size_t nhosts;
};

/* Reads argv[1..argc-1]: "-x v", "--x v", "-x=v", hosts anywhere, "--" ends
 * the options.  All words get LEVEL_COMMAND.  "-help" takes the next word when
 * that is a topic or "all".  Nothing is to be released on failure. */
bool command_line_parse(struct command_line *line, int argc, char *const argv[],
                        struct err *e) MUST_USE;
void command_line_release(struct command_line *line);

/* Splits a plain list line by shell quoting without any expansion ("#" at the
 * beginning of a word starts a comment), then reads it: one word is the
 * target, the rest are options of LEVEL_TARGET, which are appended.  *target
 * is for mem_free(); NULL for a line without words. */
bool options_parse_line(const char *text, char **target,
                        struct option_set *words, const char *base_dir,
                        struct err *e) MUST_USE;

/* ---- help and dump ---- */

/* Appends the help: NULL gives the short page, "all" everything, else a topic.
 * False for an unknown topic (e names the topics). */
bool options_help(const char *topic, struct buf *out, struct err *e) MUST_USE;
/* Appends all rows as TSV (name, kind, argname, scope, topic, needs, traits,
 * handler, host class, choices, help): what scripts and tests read. */
void options_dump(struct buf *out);
