#include "identity.h"

#include <string.h>

enum { LINE_SHOWN = 80 }; /* bytes of a line in a message */

/* Part of a text. */
struct line {
    const char *text;
    size_t len; /* 0: there is no such line */
};

/* The first line of "identity" that does not stand in "other". */
static struct line odd_line(const char *identity, const char *other)
{
    for (size_t len; *identity; identity += len + (identity[len] == '\n')) {
        const char *at = other;

        len = strcspn(identity, "\n");
        while ((at = memmem(at, strlen(at), identity, len)) != NULL
               && !((at == other || at[-1] == '\n')
                    && (at[len] == '\n' || at[len] == '\0')))
            at++;
        if (!at)
            return (struct line){ identity, len };
    }
    return (struct line){ identity, 0 };
}

/* As much of a line as a message has room for. */
static int shown(const struct line *line)
{
    return line->len < LINE_SHOWN ? (int)line->len : LINE_SHOWN;
}

bool identity_same(const char *path, const char *was, const char *now,
                   struct err *e)
{
    static const char what_to_do[] =
        "say the same again, or leave out -resume to begin anew";
    const struct line before = odd_line(was, now);
    const struct line here = odd_line(now, was);

    if (before.len > 0 && here.len > 0)
        return err_set(e, ERR_USAGE,
                       "-resume: the journal '%.100s' is of another run: it "
                       "has '%.*s', this run has '%.*s'; %s",
                       path, shown(&before), before.text, shown(&here),
                       here.text, what_to_do);
    if (before.len > 0 || here.len > 0)
        return err_set(e, ERR_USAGE,
                       "-resume: the journal '%.100s' is of another run: only "
                       "%s has '%.*s'; %s",
                       path, before.len > 0 ? "it" : "this run",
                       shown(before.len > 0 ? &before : &here),
                       before.len > 0 ? before.text : here.text, what_to_do);
    return true;
}
