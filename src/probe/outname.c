/* outname -- names of files that many targets write, each its own. */
#include "probe_room.h"

#include "base/mem.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* Stands in a name for a field of the target's record. */
static const struct {
    const char *text;
    enum field_id field;
} placeholders[] = {
    { "{index}", REC_index },     { "{host}", REC_host },
    { "{port}", REC_port },       { "{address}", REC_address },
    { "{profile}", REC_profile },
};
enum { PLACEHOLDERS = sizeof(placeholders) / sizeof(placeholders[0]) };

/* Which of them text begins with; PLACEHOLDERS: none. */
static size_t placeholder_at(const char *text)
{
    size_t i = 0;

    while (i < PLACEHOLDERS
           && strncmp(text, placeholders[i].text, strlen(placeholders[i].text))
                  != 0)
        i++;
    return i;
}

/* ---- for one target ---- */

/* Lists have their say in a value: it stays one part of a path, and no hidden
 * one. */
static void add_safely(struct buf *name, const char *text)
{
    for (size_t i = 0; text[i]; i++) {
        const bool plain = isalnum((unsigned char)text[i])
                           || strchr("-_:", text[i])
                           || (text[i] == '.' && i > 0);

        buf_byte(name, plain ? text[i] : '_');
    }
}

static void add_value(struct buf *name, const struct record *r,
                      enum field_id field)
{
    const char *text = "none";

    if (field_rows[field].kind == FIELD_INT && record_known(r, field))
        buf_printf(name, "%" PRId64, record_int(r, field, 0));
    else if (field_rows[field].kind == FIELD_TEXT && record_get(r, field))
        add_safely(name, record_get(r, field));
    else
        add_safely(name, text);
}

void outname_expand(struct buf *name, const char *pattern,
                    const struct record *r)
{
    while (*pattern) {
        size_t which = placeholder_at(pattern);

        if (which < PLACEHOLDERS) {
            add_value(name, r, placeholders[which].field);
            pattern += strlen(placeholders[which].text);
        } else {
            buf_byte(name, *pattern++);
        }
    }
}

/* ---- for all of them ---- */

/* "{hots}" and the like. */
static bool check_braces(const struct option_said *said, struct err *e)
{
    const char *p = said->text;

    while ((p = strchr(p, '{')) != NULL) {
        size_t len = 1 + strspn(p + 1, "abcdefghijklmnopqrstuvwxyz");

        if (len > 1 && p[len] == '}' && placeholder_at(p) == PLACEHOLDERS)
            return err_set(e, ERR_USAGE,
                           "option '-%s': there is no '%.*s'; names are made "
                           "of {index}, {host}, {port}, {address} and "
                           "{profile}",
                           option_rows[said->id].name, (int)len + 1, p);
        p += len;
    }
    return true;
}

static bool check_shared(const struct option_said *said, struct err *e)
{
    return strstr(said->text, placeholders[0].text)
           || err_set(e, ERR_USAGE,
                      "option '-%s': many targets would write to '%s'; give "
                      "each its own file, with {index} in the name",
                      option_rows[said->id].name, said->text);
}

/* The folder as far as it is the same for all. */
static bool check_folder(const struct option_said *said, struct err *e)
{
    size_t len = strcspn(said->text, "{");
    char *folder;
    bool fine;

    while (len > 0 && said->text[len - 1] != '/')
        len--;
    folder = len > 0 ? mem_copy(said->text, len) : mem_text(".");
    if (!folder)
        return err_memory(e, option_rows[said->id].name);
    fine =
        faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0
        || err_set(e, ERR_FILE, "option '-%s': cannot write into '%s': %s",
                   option_rows[said->id].name, folder, strerrordesc_np(errno));
    mem_free(folder);
    return fine;
}

static bool is_own_file(const struct option_said *said)
{
    const struct option_row *row = &option_rows[said->id];

    return row->kind == OPTION_OUTFILE && !(row->traits & OPT_APPEND)
           && row->scope != OPTION_SCOPE_RUN && said->level < LEVEL_TARGET
           && !said->off;
}

bool probe_check_files(const struct option_set *words, bool many, struct err *e)
{
    for (size_t i = 0; i < words->count; i++) {
        const struct option_said *said = &words->said[i];

        if (is_own_file(said)
            && (!check_braces(said, e) || (many && !check_shared(said, e))
                || !check_folder(said, e)))
            return false;
    }
    return true;
}
