/* settings -- the words that concern the whole run. */
#include "batch_room.h"

#include "base/hostport.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

enum { WORKERS_DEFAULT = 128, PER_ADDRESS_DEFAULT = 4 };

/* ---- reports ---- */

/* "FORMAT[=FILE]". */
static bool read_report(struct report_spec *spec, const char *text,
                        struct err *e)
{
    const char *equals = strchr(text, '=');
    char name[16];
    size_t len = equals ? (size_t)(equals - text) : strlen(text);

    if (equals && equals[1] == '\0')
        return err_set(e, ERR_USAGE, "-report %s: the file name is missing",
                       text);
    memcpy(name, text, len < sizeof(name) ? len : sizeof(name) - 1);
    name[len < sizeof(name) ? len : sizeof(name) - 1] = '\0';
    spec->format = report_format_find(name);
    spec->file = equals ? equals + 1 : NULL;
    if (!spec->format)
        return err_set(e, ERR_USAGE,
                       "-report %s: no such format; there are text, full, "
                       "brief, csv and jsonl",
                       text);
    return true;
}

/* Without -report: text, or with -brief what s_client shows then. */
static bool default_report(struct batch_settings *b,
                           const struct option_set *words)
{
    b->specs[0].format =
        report_format_find(options_has(words, OPT_brief) ? "brief" : "text");
    b->report.nspecs = 1;
    return true;
}

static bool read_reports(struct batch_settings *b,
                         const struct option_set *words, struct err *e)
{
    const char *out = options_text(words, OPT_out, NULL);

    b->specs = mem_new(words->count + 1, sizeof(*b->specs));
    if (!b->specs)
        return err_memory(e, "-report");
    b->report.specs = b->specs;
    for (size_t i = 0; i < words->count; i++)
        if (words->said[i].id == OPT_report
            && !read_report(&b->specs[b->report.nspecs++], words->said[i].text,
                            e))
            return false;
    if (b->report.nspecs == 0 && !default_report(b, words))
        return false;
    if (out && b->specs[0].file)
        return err_set(e, ERR_USAGE,
                       "-out %s: the first -report names a file already", out);
    if (out)
        b->specs[0].file = out;
    return true;
}

static enum color_mode read_color(const struct option_set *words)
{
    const char *text = options_text(words, OPT_color, "auto");

    return strcmp(text, "always") == 0  ? COLOR_ALWAYS
           : strcmp(text, "never") == 0 ? COLOR_NEVER
                                        : COLOR_AUTO;
}

static bool read_report_config(struct batch_settings *b,
                               const struct option_set *words, struct err *e)
{
    struct report_config *c = &b->report;

    c->csv_raw = options_has(words, OPT_csv_raw);
    c->unordered = options_has(words, OPT_unordered);
    c->show_secrets = options_has(words, OPT_show_secrets);
    c->color = read_color(words);
    return read_reports(b, words, e)
           && field_list_parse(&c->fields,
                               options_text(words, OPT_fields, NULL), e);
}

/* ---- what makes the exit status 1 ---- */

static const struct {
    const char *name;
    unsigned bit;
} fail_names[] = {
    { "failed", FAIL_ON_FAILED }, { "verify", FAIL_ON_VERIFY },
    { "name", FAIL_ON_NAME },     { "expect", FAIL_ON_EXPECT },
    { "change", FAIL_ON_CHANGE }, { "none", 0 },
};

static bool read_fail_name(unsigned *mask, const char *word, size_t len,
                           struct err *e)
{
    for (size_t i = 0; i < sizeof(fail_names) / sizeof(fail_names[0]); i++)
        if (strlen(fail_names[i].name) == len
            && strncmp(fail_names[i].name, word, len) == 0) {
            *mask |= fail_names[i].bit;
            return true;
        }
    return err_set(e, ERR_USAGE,
                   "-fail_on: no such thing '%.*s'; there are failed, verify, "
                   "name, expect, change and none",
                   (int)(len < 40 ? len : 40), word);
}

static bool read_fail_on(struct batch_settings *b,
                         const struct option_set *words, struct err *e)
{
    const char *p =
        options_text(words, OPT_fail_on, "failed,verify,name,expect");

    while (*p) {
        size_t len = strcspn(p, ", ");

        if (len > 0 && !read_fail_name(&b->fail_on, p, len, e))
            return false;
        p += len + (p[len] != '\0');
    }
    return true;
}

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
    return read_report_config(b, &line->words, e)
           && read_fail_on(b, &line->words, e) && read_source(b, line, e);
}

void batch_settings_release(struct batch_settings *b)
{
    mem_free(b->specs);
    mem_free(b->lists);
    mem_free(b->profiles);
    mem_free(b->hosts);
    mem_free(b->one_host);
}
