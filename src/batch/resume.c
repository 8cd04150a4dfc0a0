/* resume -- the journal of a run: where it is, what it must be equal in, and
 * which targets it has already. */
#include "batch_room.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { TEXT_MAX = 1024 * 1024 };

/* A report that is written directly cannot be found again: no journal. */
static bool is_report_file(const char *file)
{
    struct stat st;

    return file && (stat(file, &st) != 0 || S_ISREG(st.st_mode));
}

/* -journal, else beside the first report that is a file; false for none. */
static bool choose_path(const struct batch_settings *b, struct buf *path)
{
    const char *said = options_text(b->source.command, OPT_journal, NULL);

    if (said)
        buf_text(path, said);
    for (size_t i = 0; !said && path->len == 0 && i < b->report.nspecs; i++)
        if (is_report_file(b->specs[i].file))
            buf_printf(path, "%s.journal", b->specs[i].file);
    return path->len > 0;
}

/* A word that decides nothing about the records prints as nothing. */
static void identify_word(const struct option_set *words, size_t nth,
                          struct buf *out)
{
    const struct option_set one = { .said = &words->said[nth], .count = 1 };
    struct buf text;

    buf_init(&text, TEXT_MAX);
    options_print(&one, OPTIONS_PRINT_IDENTITY, &text);
    if (text.len > 0)
        buf_printf(out, "\noption%s", buf_string(&text));
    out->refused |= text.refused;
    buf_release(&text);
}

static void identify(const struct batch_settings *b,
                     const struct target_stream *targets, struct buf *out)
{
    const struct option_set *words = b->source.command;

    batch_about(out);
    buf_printf(out, "list %016" PRIx64 " of %" PRIu64 " targets",
               targets_fingerprint(targets), targets_count(targets));
    for (size_t i = 0; i < words->count; i++)
        identify_word(words, i, out);
}

static bool open_journal(struct feeding *f, const struct batch_settings *b,
                         const struct buf *path, struct err *e)
{
    struct buf identity, note;

    buf_init(&identity, TEXT_MAX);
    buf_init(&note, TEXT_MAX);
    identify(b, f->targets, &identity);
    f->journal = journal_open(
        &(struct journal_config){
            .path = buf_string(path),
            .identity = buf_string(&identity),
            .targets = targets_count(f->targets),
            .resume = options_has(b->source.command, OPT_resume),
        },
        &note, e);
    if (note.len > 0)
        fprintf(stderr, "tlsfleet: %s\n", buf_string(&note));
    buf_release(&note);
    buf_release(&identity);
    return f->journal != NULL;
}

bool feeding_begin(struct feeding *f, const struct batch_settings *b,
                   struct target_stream *targets, struct err *e)
{
    struct buf path;
    bool has_one, done;

    *f = (struct feeding){ .targets = targets };
    buf_init(&path, TEXT_MAX);
    has_one = choose_path(b, &path);
    done = batch_keep_apart(b, has_one ? buf_string(&path) : NULL, e);
    if (done && has_one)
        done = open_journal(f, b, &path, e);
    else if (done && options_has(b->source.command, OPT_resume))
        done = err_set(e, ERR_USAGE,
                       "-resume: there is no journal to go on with: name it "
                       "with -journal, or the report with -out");
    buf_release(&path);
    return done;
}

uint64_t feeding_left(const struct feeding *f)
{
    return targets_count(f->targets)
           - (f->journal ? journal_count(f->journal) : 0);
}

bool feeding_replay(struct feeding *f, struct record_sink *sink, struct err *e)
{
    const uint64_t n = f->journal ? journal_count(f->journal) : 0;

    if (n > 0)
        fprintf(stderr,
                "tlsfleet: %" PRIu64 " of %" PRIu64
                " targets were done by an earlier run\n",
                n, targets_count(f->targets));
    return n == 0 || journal_replay(f->journal, sink, e);
}

struct target *feeding_next(void *arg, uint64_t *seq, struct err *e)
{
    struct feeding *f = arg;
    struct target *t;

    while ((t = targets_next(f->targets, e)) != NULL) {
        *seq = f->seq++;
        if (!f->journal || !journal_has(f->journal, *seq))
            return t;
        target_free(t);
    }
    return NULL;
}

bool feeding_end(struct feeding *f, bool whole, struct err *e)
{
    struct journal *j = f->journal;

    f->journal = NULL;
    return journal_close(j, whole, e);
}
