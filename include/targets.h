/* targets -- a stream of targets out of hosts and lists.
 *
 * Lists are YAML (libyaml's events) or plain lines.  Each is read twice: once
 * to check it whole and to hash it, then to feed; memory does not grow with
 * the number of targets.  Knows no sockets.
 */
#pragma once

#include "base/buf.h"
#include "options.h"

#include <stdio.h>

/* One thing to probe: an address, a profile, and its words. */
struct target {
    uint64_t index; /* place in the input, from 1 */
    char *text; /* as written */
    char *host; /* name or address literal, for SNI and name checks */
    char *port; /* number or service name */
    char *address; /* connect here instead of to host; NULL: resolve host */
    char *path; /* Unix socket; then host and port are NULL */
    char *profile; /* NULL: none */
    char **tags; /* key, value, key, value, ... */
    size_t ntags; /* texts: two a tag */
    char *place; /* "file:line" or "command line", for messages */
    struct option_set words; /* settled: all levels, precedence applied */
    /* ERR_ADDRESS: a bad address, to be recorded; ERR_NONE: a good one. */
    struct err invalid;
};
/* Frees the target and all it holds; NULL is fine. */
void target_free(struct target *t);

struct target_source {
    const struct option_set *command; /* the command line's words */
    char *const *hosts; /* targets on the command line */
    size_t nhosts;
    const char *const *lists; /* -targets, in order; "-" is standard input */
    size_t nlists;
    const char *const *profiles; /* -profile; only these are probed */
    size_t nprofiles;
    bool trust; /* -trust_targets */
    bool bad_lines_fatal; /* -bad_lines fatal */
    /* Whether words that kinds and rules allow can be used at all: asked of
     * every level's words before anything is fed. */
    bool (*check)(const struct option_set *words, struct err *e);
    uint64_t shard, shards; /* -shard I/N; 1, 1 for all */
};

struct target_stream;

/* Checks everything (first pass) and stands ready to feed.  NULL on failure:
 * all complaints of all lists are in "complaints", one a line, each
 * "file:line:column: sentence", the first 20 and the number of the rest; they
 * are encoded and fit to be shown.  e holds the first, not encoded.  No target
 * at all is a failure too (an empty shard is none), and leaves no complaint.
 * The source's pointers must live as long as the stream. */
struct target_stream *targets_open(const struct target_source *source,
                                   struct buf *complaints, struct err *e)
    MUST_USE;
/* The next target, in input order (target, then its profiles); NULL at the
 * end or on failure (then e->code is set).  The caller frees it.  One thread
 * at a time. */
struct target *targets_next(struct target_stream *s, struct err *e) MUST_USE;
/* How many targets the stream holds in all (after -shard). */
uint64_t targets_count(const struct target_stream *s);
/* Whether a target that is written so belongs to this stream's part of a list,
 * with -shard; without, every one does.  NULL, not known: it does not. */
bool targets_in_shard(const struct target_stream *s, const char *text,
                      size_t len);
/* Hash of everything that decides which targets there are: FNV-1a, 64 bits,
 * over list bytes, hosts, -profile and -shard. */
uint64_t targets_fingerprint(const struct target_stream *s);
/* Option sets that targets start from: defaults and command line, bare and
 * with each profile, as far as a target uses them.  main builds their plans
 * first, so that a bad file in them ends the run before anything is connected.
 * Returns NULL after the last; the set is settled and belongs to the stream;
 * *profile is its name or NULL. */
const struct option_set *targets_common(const struct target_stream *s,
                                        size_t nth, const char **profile);
/* Puts the place in a list, where the nth of these sets has it, before a
 * sentence about one of its words. */
void targets_locate(const struct target_stream *s, size_t nth, struct err *e);
void targets_close(struct target_stream *s);

/* Reads one target word: host, host:port, [v6]:port, a bare IPv6 address,
 * host@address:port, scheme://host[:port], unix:/path.
 * Fills the address fields of t.  A scheme says -starttls at LEVEL_TARGET, or
 * takes an earlier one back (a later -starttls of the target wins); a path says
 * -unix, which takes the place of -proxy, -bind and their like of earlier
 * levels.  False with ERR_ADDRESS: then only t->text is set. */
bool target_parse(struct target *t, const char *text, const char *default_port,
                  struct err *e) MUST_USE;
