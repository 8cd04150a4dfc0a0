#include "pattern.h"

#include "base/buf.h"
#include "base/fault.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* glibc builds an automaton while it matches; whoever chooses both pattern
 * and text can make it grow with every byte.  These bounds keep one match
 * below a second, and the automaton does not outlive the value. */
enum {
    PATTERN_MAX = 512,
    COST_MAX = 512, /* states, as far as they can be foreseen */
    SUBJECT_MAX = 16 * 1024,
};

/* Length of the "[...]" that starts at p; a "]" at once is a member. */
static size_t bracket_len(const char *p)
{
    size_t n = p[1] == '^' ? 2 : 1;

    if (p[n] == ']')
        n++;
    while (p[n] && p[n] != ']') {
        const char kind = p[n] == '[' && p[n + 1] ? p[n + 1] : '\0';
        const char *end = NULL;

        if (kind == ':' || kind == '.' || kind == '=')
            end = strstr(p + n + 2, (char[]){ kind, ']', '\0' });
        n = end ? (size_t)(end - p) + 2 : n + 1;
    }
    return p[n] ? n + 1 : n;
}

/* How often "{n}", "{n,}" or "{n,m}" repeats what is before it. */
static long repeats(const char *p)
{
    char *comma;
    long least = strtol(p + 1, &comma, 10);
    long most = *comma == ',' ? strtol(comma + 1, NULL, 10) : least;

    if (most < least)
        most = least;
    if (most > COST_MAX + 1)
        most = COST_MAX + 1;
    return most > 1 ? most : 1;
}

/* Length of the one character, escape or bracket that starts at p. */
static size_t atom_len(const char *p)
{
    if (*p == '[')
        return bracket_len(p);
    return *p == '\\' && p[1] ? 2 : 1;
}

/* States that glibc makes of a pattern up to its end or ")": it copies what is
 * repeated, so "a{9}{9}{9}" and "a++++++" are not as short as they look. */
static long cost(const char **at)
{
    long total = 0, last = 0;

    while (**at && **at != ')' && total + last <= COST_MAX) {
        const char *p = *at;

        *at += *p == '{' ? strcspn(p, "}") : 0;
        *at += **at ? atom_len(*at) : 0;
        if (*p == '{') {
            last *= repeats(p);
        } else if (*p == '+') {
            last *= 2;
        } else {
            total += last;
            last = *p == '(' ? cost(at) + 1 : 1;
            *at += *p == '(' && **at == ')';
        }
    }
    return total + last;
}

/* Those of glibc take time without bounds. */
static const char *back_reference(const char *p)
{
    for (; *p; p += atom_len(p)) {
        if (*p == '\\' && p[1] >= '1' && p[1] <= '9')
            return p;
    }
    return NULL;
}

static bool check_cost(const char *pattern, struct err *e)
{
    const char *end = pattern;

    if (back_reference(pattern))
        return err_set(e, ERR_USAGE, "a pattern has no back references (%.2s)",
                       back_reference(pattern));
    if (cost(&end) > COST_MAX)
        return err_set(e, ERR_USAGE,
                       "the pattern repeats too much: written out, it has more "
                       "than %d parts",
                       COST_MAX);
    /* To glibc a character as others are; it would end our own group. */
    return *end == ')' ? err_set(e, ERR_USAGE,
                                 "the pattern has a ) too many (write \\))")
                       : true;
}

static bool compile(regex_t *out, const char *pattern, struct err *e)
{
    int why = fault_here() ? REG_ESPACE
                           : regcomp(out, pattern, REG_EXTENDED | REG_NOSUB);
    char text[96];

    if (why == 0)
        return true;
    if (why == REG_ESPACE)
        return err_memory(e, "a pattern");
    regerror(why, out, text, sizeof(text));
    return err_set(e, ERR_USAGE, "the pattern cannot be read: %s", text);
}

bool pattern_check(const char *pattern, struct err *e)
{
    regex_t regex;

    if (strlen(pattern) > PATTERN_MAX)
        return err_set(e, ERR_USAGE, "a pattern has at most %d bytes",
                       PATTERN_MAX);
    if (!check_cost(pattern, e) || !compile(&regex, pattern, e))
        return false;
    regfree(&regex);
    return true;
}

/* A search tries every place of the text, in a time that grows with the square
 * of its length.  So the search is made a part of the pattern; unlike ".", the
 * two brackets together are any byte, also NUL. */
bool matcher_begin(struct matcher *m, const char *pattern)
{
    struct err e = { 0 };
    struct buf search;
    bool done;

    *m = (struct matcher){ .left = SUBJECT_MAX };
    buf_init(&search, PATTERN_MAX + 32);
    buf_printf(&search, "^([^a]|a)*(%s)", pattern);
    done = buf_ok(&search) && compile(&m->regex, buf_string(&search), &e);
    buf_release(&search);
    return done;
}

bool matcher_finds(struct matcher *m, const char *text, size_t len)
{
    regmatch_t whole = { .rm_so = 0, .rm_eo = (regoff_t)len };
    int result = REG_ESPACE;

    if (len <= m->left) {
        m->left -= len;
        errno = 0;
        result = regexec(&m->regex, text, 0, &whole, REG_STARTEND);
        /* glibc gives no memory the number of no match. */
        if (result == REG_NOMATCH && errno == ENOMEM)
            result = REG_ESPACE;
    }
    if (result != 0 && result != REG_NOMATCH)
        m->stuck = true;
    return result == 0;
}

void matcher_end(struct matcher *m)
{
    regfree(&m->regex);
}
