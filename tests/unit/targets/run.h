/* run -- lists in a directory of their own, opened and fed as a scan would. */
#pragma once

#include "targets.h"

enum { RUN_LISTS_MAX = 8 };

struct run {
    struct target_source source; /* change it before run_open() */
    struct option_set command;
    const char *lists[RUN_LISTS_MAX];
    char dir[64];
    struct target_stream *stream;
    struct buf complaints;
    struct buf fed;
    struct err e;
};

/* Goes to a new directory; run_release() removes it. */
void run_init(struct run *r);
void run_release(struct run *r);

/* Writes a file of the caller's that nobody else can write, and names it as
 * the next list. */
void run_list(struct run *r, const char *name, const char *text);
void run_bytes(struct run *r, const char *name, const void *bytes, size_t len);
/* Makes the bytes standard input, and "-" the next list. */
void run_stdin(struct run *r, const char *text);
/* Says a word of the command line. */
void run_say(struct run *r, const char *name, const char *value);

bool run_open(struct run *r);
/* Opens and feeds: a line for each target, "index host:port [profile] words".
 * What is wrong is the text instead: the complaints, else e. */
const char *run_all(struct run *r);
/* One list, opened and fed. */
const char *run_one(struct run *r, const char *name, const char *text);

/* Feeds the rest; false when it ended with r->e. */
bool run_feed(struct run *r);
