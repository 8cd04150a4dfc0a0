/* settings_reports -- the words about reports and about what is found. */
#include "batch_room.h"

#include "base/mem.h"

#include <string.h>

enum { WARN_DAYS = 20, CRIT_DAYS = 15 };

/* ---- reports ---- */

/* The names of all formats between commas. */
static void add_formats(struct buf *out)
{
    const struct report_format *f;

    for (size_t i = 0; (f = report_format_nth(i)) != NULL; i++)
        buf_printf(out, "%s%s", i > 0 ? ", " : "", report_format_name(f));
}

static bool refuse_format(const char *text, struct err *e)
{
    struct buf names;

    buf_init(&names, 400);
    add_formats(&names);
    err_set(e, ERR_USAGE, "-report %.200s: no such format; there are %s", text,
            buf_string(&names));
    buf_release(&names);
    return false;
}

/* "-" is standard output, as for a list it is standard input. */
static const char *file_of(const char *text)
{
    return strcmp(text, "-") == 0 ? NULL : text;
}

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
    spec->file = equals ? file_of(equals + 1) : NULL;
    return spec->format || refuse_format(text, e);
}

/* Without -report: text, or with -brief what s_client shows then.  A plug-in
 * has nothing to show but its line. */
static void default_report(struct batch_settings *b,
                           const struct option_set *words)
{
    if (options_has(words, OPT_nagios) && !options_has(words, OPT_out))
        return;
    b->specs[0].format =
        report_format_find(options_has(words, OPT_brief) ? "brief" : "text");
    b->report.nspecs = 1;
}

static bool check_files(const struct batch_settings *b,
                        const struct option_set *words, struct err *e)
{
    for (size_t i = 0; options_has(words, OPT_nagios) && i < b->report.nspecs;
         i++)
        if (!b->specs[i].file)
            return err_set(e, ERR_USAGE,
                           "-report %s: standard output is for the line of "
                           "-nagios; name a file",
                           report_format_name(b->specs[i].format));
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
    if (b->report.nspecs == 0)
        default_report(b, words);
    if (out && b->specs[0].file)
        return err_set(e, ERR_USAGE,
                       "-out %s: the first -report names a file already", out);
    if (out)
        b->specs[0].file = file_of(out);
    return check_files(b, words, e);
}

static bool read_only(struct report_config *c, const struct option_set *words,
                      struct err *e)
{
    const char *text = options_text(words, OPT_only, NULL);

    if (!text)
        return true;
    c->only = strcmp(text, "changed") == 0 ? ONLY_CHANGED : ONLY_PROBLEMS;
    if (c->only == ONLY_CHANGED && !options_has(words, OPT_baseline))
        return err_set(e, ERR_USAGE,
                       "-only changed needs -baseline, to tell what changed");
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
    c->by_address = options_has(words, OPT_all_addresses);
    c->color = read_color(words);
    return read_reports(b, words, e) && read_only(c, words, e)
           && field_list_parse(&c->fields,
                               options_text(words, OPT_fields, NULL), e);
}

/* ---- what makes the exit status 1 ---- */

static const struct {
    const char *name;
    unsigned bit;
} fail_names[] = {
    { "failed", FINDING_FAILED }, { "verify", FINDING_VERIFY },
    { "name", FINDING_NAME },     { "expect", FINDING_EXPECT },
    { "change", FINDING_CHANGE }, { "none", 0 },
};

static const char separators[] = ",: "; /* those of every list */

/* The table of options knows which names there are. */
static unsigned fail_bit(const char *word, size_t len)
{
    unsigned bit = 0;

    for (size_t i = 0; i < sizeof(fail_names) / sizeof(fail_names[0]); i++)
        if (strlen(fail_names[i].name) == len
            && strncmp(fail_names[i].name, word, len) == 0)
            bit = fail_names[i].bit;
    return bit;
}

static bool read_fail_on(struct batch_settings *b,
                         const struct option_set *words, struct err *e)
{
    const char *text =
        options_text(words, OPT_fail_on, "failed,verify,name,expect");
    size_t names = 0, nones = 0;

    for (const char *p = text; *(p += strspn(p, separators));) {
        const size_t len = strcspn(p, separators);
        const unsigned bit = fail_bit(p, len);

        b->report.heed |= bit;
        nones += bit == 0;
        names++;
        p += len;
    }
    if (names == 0 || (nones > 0 && names > nones))
        return err_set(e, ERR_USAGE,
                       "-fail_on: '%.100s': say what, between commas, or none "
                       "alone",
                       text);
    return true;
}

/* ---- the plug-in ---- */

/* Words that mean nothing, or not this, together with or without -nagios. */
static bool check_nagios(const struct option_set *words, struct err *e)
{
    static const enum option_id others[] = { OPT_quiet_ok, OPT_dry_run };
    static const enum option_id parts[] = { OPT_warn_days, OPT_crit_days };
    const bool nagios = options_has(words, OPT_nagios);

    for (size_t i = 0; i < 2; i++) {
        if (nagios && options_has(words, others[i]))
            return err_set(e, ERR_USAGE,
                           "-nagios and -%s exclude each other: a plug-in "
                           "always says its line, and nothing else",
                           option_rows[others[i]].name);
        if (!nagios && options_has(words, parts[i]))
            return err_set(e, ERR_USAGE, "-%s needs -nagios",
                           option_rows[parts[i]].name);
    }
    return true;
}

/* One that is not said gives way to the one that is. */
static bool read_days(struct plugin_config *c, const struct option_set *words,
                      struct err *e)
{
    const bool warn_said = options_has(words, OPT_warn_days);
    const bool crit_said = options_has(words, OPT_crit_days);

    c->warn_days = options_number(words, OPT_warn_days, WARN_DAYS);
    c->crit_days = options_number(words, OPT_crit_days, CRIT_DAYS);
    if (c->crit_days > c->warn_days && warn_said && crit_said)
        return err_set(e, ERR_USAGE,
                       "-crit_days %lld is more than -warn_days %lld: a "
                       "certificate is critical after the warning",
                       (long long)c->crit_days, (long long)c->warn_days);
    if (c->crit_days > c->warn_days && warn_said)
        c->crit_days = c->warn_days;
    if (c->crit_days > c->warn_days)
        c->warn_days = c->crit_days;
    return true;
}

bool settings_read_reports(struct batch_settings *b,
                           const struct option_set *words, struct err *e)
{
    b->nagios = options_has(words, OPT_nagios);
    if (!read_report_config(b, words, e) || !read_fail_on(b, words, e)
        || !check_nagios(words, e) || !read_days(&b->plugin, words, e))
        return false;
    b->plugin.heed = b->report.heed;
    return true;
}
