/* output -- where one report goes: a file that appears whole or not at all, or
 * something that is written directly (standard output, a FIFO, a device).
 */
#pragma once

#include "base/buf.h"

struct output {
    struct buf pending; /* add here; output_write() takes it away */
    int fd;
    bool terminal;
    bool over_line; /* of progress, on that terminal: cleared first */
    char *file; /* as the user wrote it; NULL: standard output */
    int dir; /* the folder of the file; -1: written directly */
    char *name; /* the final name in it */
    char *temporary; /* the name so far; NULL: there is none */
};

/* Who may read a file that is made. */
enum readers {
    READERS_USUAL /* as the umask says */,
    READERS_OWNER,
    READERS_ALL
};

/* Opens a file (NULL: standard output).  output_release() in any case. */
bool output_open(struct output *o, const char *file, enum readers readers,
                 struct err *e) MUST_USE;
/* True when both would end in the same file, pipe or terminal. */
bool output_same(const struct output *a, const struct output *b);
/* Writes what is pending once it is "enough" bytes. */
bool output_write(struct output *o, size_t enough, struct err *e) MUST_USE;
/* Writes the rest, syncs, closes and gives the file its final name, or that
 * name and ".partial" unless it is whole; a whole one takes the place of what
 * is called so from before. */
bool output_finish(struct output *o, bool whole, struct err *e) MUST_USE;
/* Frees everything; a file that was not finished is gone. */
void output_release(struct output *o);
