/* usage -- private: s_client's reading of a command line, played again.
 *
 * Whoever reads what s_client says to wrong words finds the same here, in the
 * same order: first each option as it comes, then what they say together. */
#pragma once

#include "interactive_room.h"

struct usage {
    struct buf *out; /* s_client's lines */
    const struct argv *argv;
    size_t next; /* of its words */
    /* Of each option the last value, "" for a flag; NULL: not said. */
    const char *said[OPTIONS_COUNT];
    const char *host; /* the last word that is no option; NULL: none */
    size_t hosts; /* how many there are */
    enum { SOCKET_ANY, SOCKET_INET, SOCKET_UNIX } socket;
    unsigned families; /* -4 and -6, each as often as it is said */
    unsigned versions, no_versions; /* -tls1_2 and the like, -no_tls1_2 ... */
    struct {
        bool cert, key, chain;
    } entry; /* of the -xcert at hand */
};

/* Adds a line of s_client and returns false. */
bool usage_refuse(struct usage *u, const char *fmt, ...) PRINTF(2, 3);
/* The same, and that -help helps. */
bool usage_refuse_help(struct usage *u, const char *fmt, ...) PRINTF(2, 3);
/* Only that -help helps. */
bool usage_hint(struct usage *u);

/* usage_value.c: whether s_client can read the value of an option. */
bool usage_value(struct usage *u, enum option_id id, const char *value);

/* usage_option.c: what it does with one option at once. */
bool usage_option(struct usage *u, enum option_id id, const char *value);

/* usage_rules.c: what it says to all of them. */
bool usage_rules(struct usage *u);
