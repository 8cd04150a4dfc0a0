#include "list.h"

#include "base/mem.h"
#include "base/text.h"

#include <string.h>

/* ---- what a list may say ---- */

/* An option as the list would write it. */
static const char *dash(const struct list *list)
{
    return list->kind == LIST_PLAIN ? "-" : "";
}

/* As ssh treats its configuration: only what nobody else can write may reach
 * for files, sockets and code of this host. */
static bool refuse_host_class(const struct list *list, const char *what,
                              struct err *e)
{
    if (strcmp(list->at.file, "standard input") == 0)
        return err_set(e, ERR_USAGE,
                       "'%s' touches this machine, which standard input may "
                       "not do: say it on the command line, or give "
                       "-trust_targets",
                       what);
    return err_set(e, ERR_USAGE,
                   "'%s' touches this machine, and others could have "
                   "written this list: make it a file of your own that group "
                   "and others cannot write, or give -trust_targets",
                   what);
}

bool list_allows(const struct list *list, enum option_id id, struct err *e)
{
    const struct option_row *row = &option_rows[id];

    if (row->scope == OPTION_SCOPE_RUN)
        return err_set(e, ERR_USAGE,
                       "'%s%s' is for the whole run: it belongs on the "
                       "command line",
                       dash(list), row->name);
    if (row->scope == OPTION_SCOPE_TTY)
        return err_set(e, ERR_USAGE,
                       "'%s%s' is for an interactive session and has no place "
                       "in a list",
                       dash(list), row->name);
    if (id == OPT_connect || id == OPT_host || id == OPT_unix)
        return err_set(e, ERR_USAGE,
                       "'%s%s' names an address, which only a target itself "
                       "does: leave it out here",
                       dash(list), row->name);
    return !option_is_host(id) || list->trusted
           || refuse_host_class(list, row->name, e);
}

static bool allows_address(const struct list *list, const char *text,
                           struct err *e)
{
    if (list->kind == LIST_COMMAND || strncmp(text, "unix:", 5) != 0)
        return true;
    if (text[5] != '/')
        return err_set(e, ERR_USAGE,
                       "'%.100s': write the path of a socket in whole, from "
                       "'/' on",
                       text);
    return list->trusted || refuse_host_class(list, "unix:", e);
}

bool list_add_host(struct list *list, struct entry *entry, const char *text,
                   const struct spot *at, struct err *e)
{
    struct err why = { 0 };

    if (allows_address(list, text, &why))
        return entry_add_host(entry, text, at, e);
    entry->bad = true;
    return complain(list->complaints, at, &why, e);
}

const struct profile *list_profile(const struct list *list, const char *name)
{
    for (size_t i = 0; i < list->nprofiles; i++)
        if (strcmp(list->profiles[i].name, name) == 0)
            return &list->profiles[i];
    return NULL;
}

void list_unknown_profile(const struct list *lists, size_t nlists,
                          const char *name, const char *wrong, struct err *why)
{
    unsigned best = text_too_far(name);
    const char *nearest = NULL;

    for (size_t i = 0; i < nlists; i++)
        for (size_t j = 0; j < lists[i].nprofiles; j++) {
            const char *one = lists[i].profiles[j].name;
            const unsigned far = text_distance(name, one);

            nearest = far < best ? one : nearest;
            best = far < best ? far : best;
        }
    if (nearest)
        err_set(why, ERR_USAGE, "profile '%.100s' %s (did you mean '%s'?)",
                name, wrong, nearest);
    else
        err_set(why, ERR_USAGE, "profile '%.100s' %s", name, wrong);
}

/* ---- opening ---- */

static bool is_yaml_line(const char *line)
{
    static const char *const keys[] = { "defaults:", "profiles:", "targets:" };

    if (strncmp(line, "---", 3) == 0 || line[0] == '%' || line[0] == '{')
        return true;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        size_t len = strlen(keys[i]);

        /* "targets:443" is a host and a port. */
        if (strncmp(line, keys[i], len) == 0
            && (line[len] == '\0' || line[len] == ' ' || line[len] == '\t'))
            return true;
    }
    return false;
}

static bool is_content(const char *line)
{
    const char *word = line + strspn(line, " \t\r");

    return *word && *word != '#';
}

/* The first line with something on it tells the format. */
static bool find_format(struct list *list, struct err *e)
{
    bool end;

    do {
        if (!spool_line(list->spool, &list->line, &end, e))
            return false;
    } while (!end && !is_content(buf_string(&list->line)));
    list->kind = is_yaml_line(buf_string(&list->line)) ? LIST_YAML : LIST_PLAIN;
    return true;
}

/* Files that a list names are found from where the list is. */
static bool find_base_dir(struct list *list, const char *name, struct err *e)
{
    const char *slash = strrchr(name, '/');

    if (!slash)
        return true;
    list->base_dir = mem_copy(name, slash > name ? (size_t)(slash - name) : 1);
    return list->base_dir || err_memory(e, "target list");
}

bool list_open(struct list *list, const char *name,
               const struct target_source *source,
               struct complaints *complaints, struct err *e)
{
    *list = (struct list){ .kind = LIST_COMMAND,
                           .source = source,
                           .complaints = complaints,
                           .trusted = true,
                           .at.file = "command line" };
    buf_init(&list->line, LIST_LINE_MAX);
    if (!name)
        return true;
    list->at.file = strcmp(name, "-") == 0 ? "standard input" : name;
    list->spool = spool_open(name, e);
    if (!list->spool)
        return false;
    list->trusted = source->trust || spool_is_ours(list->spool);
    return find_format(list, e) && find_base_dir(list, name, e);
}

static void free_profiles(struct list *list)
{
    for (size_t i = 0; i < list->nprofiles; i++) {
        mem_free(list->profiles[i].name);
        options_release(&list->profiles[i].words);
    }
    mem_free(list->profiles);
}

void list_close(struct list *list)
{
    list_end(list);
    spool_close(list->spool);
    mem_free(list->base_dir);
    buf_release(&list->line);
    options_release(&list->defaults);
    free_profiles(list);
    *list = (struct list){ 0 };
}

/* ---- reading ---- */

bool list_begin(struct list *list, struct err *e)
{
    list->at.line = list->at.column = 0;
    list->next_host = 0;
    if (list->spool && !spool_rewind(list->spool, e))
        return false;
    if (list->kind == LIST_YAML && !yaml_begin(list, e))
        return false;
    list->header_read = true;
    return true;
}

static bool command_next(struct list *list, struct entry *entry, bool *end,
                         struct err *e)
{
    *end = list->next_host == list->source->nhosts;
    entry->at = list->at;
    return *end
           || entry_add_host(entry, list->source->hosts[list->next_host++],
                             &list->at, e);
}

bool list_next(struct list *list, struct entry *entry, bool *end, struct err *e)
{
    entry_clear(entry);
    switch (list->kind) {
    case LIST_COMMAND:
        return command_next(list, entry, end, e);
    case LIST_PLAIN:
        return plain_next(list, entry, end, e);
    case LIST_YAML:
        return yaml_next(list, entry, end, e);
    }
    return false;
}

void list_end(struct list *list)
{
    yaml_end(list);
}
