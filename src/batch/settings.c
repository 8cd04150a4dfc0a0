/* settings -- the words that concern the whole run. */
#include "batch_room.h"

#include "base/hostport.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

enum { WORKERS_DEFAULT = 128, PER_ADDRESS_DEFAULT = 4 };

/* ---- the scan ---- */

static enum progress_mode read_progress(const struct option_set *words)
{
    const char *text = options_text(words, OPT_progress, "auto");

    return strcmp(text, "plain") == 0  ? PROGRESS_PLAIN
           : strcmp(text, "none") == 0 ? PROGRESS_NONE
                                       : PROGRESS_AUTO;
}

static void read_scan(struct batch_settings *b, const struct option_set *words)
{
    b->scan.workers =
        (unsigned)options_number(words, OPT_workers, WORKERS_DEFAULT);
    b->scan.max_runtime_ms = options_number(words, OPT_max_runtime, -1);
    b->rate = (unsigned)options_number(words, OPT_rate, 0);
    b->per_address =
        (unsigned)options_number(words, OPT_per_address, PER_ADDRESS_DEFAULT);
    b->scan.progress = read_progress(words);
}

/* ---- the targets ---- */

static bool read_shard(struct target_source *s, const char *text, struct err *e)
{
    const char *slash = text ? strchr(text, '/') : NULL;
    long long i = 1, n = 1;
    char *first;
    bool fine;

    s->shard = s->shards = 1;
    if (!text)
        return true;
    first = mem_copy(text, slash ? (size_t)(slash - text) : 0);
    if (!first)
        return err_memory(e, "-shard");
    fine = slash && text_int(first, &i) && text_int(slash + 1, &n) && i >= 1
           && n >= i;
    mem_free(first);
    if (!fine)
        return err_set(e, ERR_USAGE, "-shard %s: write I/N, with I from 1 to N",
                       text);
    s->shard = (uint64_t)i;
    s->shards = (uint64_t)n;
    return true;
}

static const char **texts_of(const struct option_set *words, enum option_id id,
                             size_t *count, struct err *e)
{
    const char **list = mem_new(words->count + 1, sizeof(*list));

    if (!list) {
        err_memory(e, option_rows[id].name);
        return NULL;
    }
    for (size_t i = 0; i < words->count; i++)
        if (words->said[i].id == id && !words->said[i].off)
            list[(*count)++] = words->said[i].text;
    return list;
}

/* -connect, or -host with -port, as a target word. */
static char *inet_word(const struct option_set *words, struct err *e)
{
    const char *connect = options_text(words, OPT_connect, NULL);
    const char *port = options_text(words, OPT_port, "443");
    struct hostport hp = { 0 };
    char *word;

    if (!connect)
        return hostport_print(options_text(words, OPT_host, "localhost"), port);
    if (!hostport_parse(&hp, connect, e))
        return NULL;
    word = hostport_print(hp.host ? hp.host : "localhost",
                          hp.port ? hp.port : port);
    hostport_release(&hp);
    return word;
}

/* The options that name one target; NULL with a clean e when there are none. */
static char *one_target(const struct option_set *words, struct err *e)
{
    const char *path = options_text(words, OPT_unix, NULL);
    struct buf word;
    char *text;
    size_t len;

    if (!path) {
        if (!options_has(words, OPT_connect) && !options_has(words, OPT_host))
            return NULL;
        text = inet_word(words, e);
    } else {
        buf_init(&word, 64 * 1024);
        buf_printf(&word, "unix:%s", path);
        text = buf_take(&word, &len);
    }
    if (!text)
        err_memory(e, "the target of the command line");
    return text;
}

static bool read_hosts(struct batch_settings *b,
                       const struct command_line *line, struct err *e)
{
    size_t n = line->nhosts;

    b->one_host = one_target(&line->words, e);
    if (e->code != ERR_NONE)
        return false;
    if (b->one_host && n + b->source.nlists > 0)
        return err_set(e, ERR_USAGE,
                       "-connect, -host and -unix name one target and cannot "
                       "stand beside others: write it as a plain word");
    b->hosts = mem_new(n + 1, sizeof(*b->hosts));
    if (!b->hosts)
        return err_memory(e, "the targets of the command line");
    for (size_t i = 0; i < n; i++)
        b->hosts[i] = line->hosts[i];
    if (b->one_host)
        b->hosts[n++] = b->one_host;
    b->source.hosts = b->hosts;
    b->source.nhosts = n;
    return true;
}

static bool read_source(struct batch_settings *b,
                        const struct command_line *line, struct err *e)
{
    const struct option_set *words = &line->words;
    struct target_source *s = &b->source;

    b->lists = texts_of(words, OPT_targets, &s->nlists, e);
    b->profiles = texts_of(words, OPT_profile, &s->nprofiles, e);
    if (!b->lists || !b->profiles)
        return false;
    s->command = words;
    s->lists = b->lists;
    s->profiles = b->profiles;
    s->trust = options_has(words, OPT_trust_targets);
    s->bad_lines_fatal =
        strcmp(options_text(words, OPT_bad_lines, "record"), "fatal") == 0;
    s->check = batch_check_words;
    return read_hosts(b, line, e)
           && read_shard(s, options_text(words, OPT_shard, NULL), e);
}

bool batch_settings_read(struct batch_settings *b,
                         const struct command_line *line, struct err *e)
{
    *b = (struct batch_settings){ .dry_run =
                                      options_has(&line->words, OPT_dry_run) };
    read_scan(b, &line->words);
    return settings_read_reports(b, &line->words, e) && read_source(b, line, e);
}

void batch_settings_release(struct batch_settings *b)
{
    mem_free(b->specs);
    mem_free(b->lists);
    mem_free(b->profiles);
    mem_free(b->hosts);
    mem_free(b->one_host);
}
