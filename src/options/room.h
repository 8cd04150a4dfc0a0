/* room -- what the files of the options room share among themselves. */
#pragma once

#include "options.h"

/* The topic of this name. */
bool option_topic_find(const char *name, enum option_topic *topic) MUST_USE;
const char *option_kind_name(enum option_kind kind);

/* What stands before the name where the word was written: a message about it
 * begins the same way. */
const char *option_dash(const struct option_word *word);

/* Checks word->value by the kind of said->id and fills in number, off and
 * text, which the caller owns. */
bool option_value_read(struct option_said *said, const struct option_word *word,
                       struct err *e) MUST_USE;

/* Words of a command line or a list line on their way into a set. */
struct word_reader {
    char *const *words;
    size_t count, next;
    enum option_level level;
    const char *base_dir;
    struct option_set *set;
    char **hosts; /* room for count pointers */
    size_t nhosts;
};
bool word_reader_run(struct word_reader *r, struct err *e) MUST_USE;

/* What options say about each other. */
enum rule_mode {
    RULE_CONFLICT, /* in one level an error; later levels replace */
    RULE_LAST, /* the last one said counts */
    RULE_TOGETHER, /* one list: a later level replaces it whole */
};

/* Options with different sides exclude each other; side 0 is not concerned. */
struct option_rule {
    enum rule_mode mode;
    const char *advice; /* of RULE_CONFLICT: what to do about it */
    unsigned char side[OPTIONS_COUNT];
};
enum { OPTION_RULES = 18, SIDES_MAX = 10 };
extern const struct option_rule option_rules[OPTION_RULES];
