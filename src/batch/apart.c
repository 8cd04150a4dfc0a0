/* apart -- no file that a run writes takes the place of another one. */
#include "batch_room.h"

#include <string.h>
#include <sys/stat.h>

static const char *name_in(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static bool same_inode(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool stat_folder(const char *path, struct stat *st)
{
    const size_t len = (size_t)(name_in(path) - path);
    struct buf folder;
    bool there;

    buf_init(&folder, SIZE_MAX / 2);
    buf_add(&folder, path, len);
    buf_text(&folder, ".");
    there = buf_ok(&folder) && stat(folder.data, st) == 0;
    buf_release(&folder);
    return there;
}

/* Of two that are not there yet the folders and names count. */
static bool is_same_file(const char *a, const char *b)
{
    struct stat sa, sb;
    const bool there_a = stat(a, &sa) == 0, there_b = stat(b, &sb) == 0;

    if (there_a || there_b)
        return there_a && there_b && S_ISREG(sa.st_mode)
               && same_inode(&sa, &sb);
    return strcmp(name_in(a), name_in(b)) == 0 && stat_folder(a, &sa)
           && stat_folder(b, &sb) && same_inode(&sa, &sb);
}

static bool is_list(const struct target_source *s, const char *file)
{
    for (size_t i = 0; i < s->nlists; i++)
        if (is_same_file(s->lists[i], file))
            return true;
    return false;
}

/* With -only what a report leaves out would be new to the next run. */
static bool loses_rows(const struct batch_settings *b, const char *file)
{
    const char *baseline = options_text(b->source.command, OPT_baseline, NULL);

    return b->report.only != ONLY_ALL && baseline
           && is_same_file(baseline, file);
}

bool batch_keep_apart(const struct batch_settings *b, const char *journal,
                      struct err *e)
{
    for (size_t i = 0; i < b->report.nspecs; i++) {
        const char *file = b->specs[i].file;

        if (file && is_list(&b->source, file))
            return err_set(e, ERR_USAGE,
                           "the report '%.200s' would replace a list of "
                           "targets; give it another name",
                           file);
        if (file && journal && is_same_file(journal, file))
            return err_set(e, ERR_USAGE,
                           "'%.200s' cannot be both a report and the journal; "
                           "name another file with -journal",
                           file);
        if (file && loses_rows(b, file))
            return err_set(e, ERR_USAGE,
                           "-only would leave rows out of '%.200s', which the "
                           "next run compares with; give the report another "
                           "name than the baseline",
                           file);
    }
    return true;
}
