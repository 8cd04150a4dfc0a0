/* fields -- reads -fields. */
#include "report.h"

#include <string.h>

static bool holds(const struct field_list *list, enum field_id id)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->ids[i] == id)
            return true;
    }
    return false;
}

/* All fields with one of the traits (0: all) that are not there yet. */
static void add_all(struct field_list *list, unsigned traits)
{
    for (size_t i = 0; i < FIELDS_COUNT; i++) {
        bool fits = !traits || (field_rows[i].traits & traits);

        if (fits && !holds(list, (enum field_id)i))
            list->ids[list->count++] = (enum field_id)i;
    }
}

static void leave_out(struct field_list *list, enum field_id id)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (list->ids[i] != id)
            list->ids[kept++] = list->ids[i];
    }
    list->count = kept;
}

static bool find(const char *name, enum field_id *id, struct err *e)
{
    const char *nearest;

    *id = field_find(name);
    if (*id != FIELDS_COUNT)
        return true;
    nearest = field_nearest(name);
    if (nearest)
        return err_set(e, ERR_USAGE,
                       "-fields: there is no field '%s' (did you mean '%s'?)",
                       name, nearest);
    return err_set(e, ERR_USAGE, "-fields: there is no field '%s'", name);
}

static bool add_word(struct field_list *list, const char *word, struct err *e)
{
    bool minus = word[0] == '-';
    enum field_id id;

    if (strcmp(word, "all") == 0 || strcmp(word, "default") == 0) {
        add_all(list, word[0] == 'a' ? 0 : FIELD_DEFAULT);
        return true;
    }
    if (!find(word + minus, &id, e))
        return false;
    if (minus) {
        leave_out(list, id);
        return true;
    }
    if (holds(list, id))
        return err_set(e, ERR_USAGE, "-fields: '%s' is named twice", word);
    list->ids[list->count++] = id;
    return true;
}

/* Copies the word at *at, without the blanks around it, and goes on behind
 * its comma; *at is NULL after the last. */
static bool next_word(const char **at, char *word, size_t size, struct err *e)
{
    const char *start = *at + strspn(*at, " \t");
    size_t len = strcspn(start, ",");

    *at = start[len] ? start + len + 1 : NULL;
    while (len > 0 && strchr(" \t", start[len - 1]))
        len--;
    if (len >= size)
        return err_set(e, ERR_USAGE, "-fields: there is no field '%.*s...'",
                       (int)size, start);
    memcpy(word, start, len);
    word[len] = '\0';
    return true;
}

bool field_list_parse(struct field_list *out, const char *text, struct err *e)
{
    const char *at = text;
    char word[64];

    out->count = 0;
    if (!text || text[strspn(text, " \t")] == '-')
        add_all(out, FIELD_DEFAULT);
    while (at) {
        if (!next_word(&at, word, sizeof(word), e) || !add_word(out, word, e))
            return false;
    }
    if (out->count == 0)
        return err_set(e, ERR_USAGE, "-fields: '%s' leaves no field", text);
    return true;
}
