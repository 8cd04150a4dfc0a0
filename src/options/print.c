/* print -- words as a cache key and as a shell would need them. */
#include "room.h"

#include <string.h>

static bool in_scopes(const struct option_said *said, unsigned scopes)
{
    return scopes >> option_rows[said->id].scope & 1;
}

/* Each word has its length before it, so no two sets can run together. */
void options_key(const struct option_set *set, unsigned scopes, struct buf *out)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct option_said *said = &set->said[i];
        struct {
            uint64_t len;
            uint32_t id;
            uint16_t off, has_text;
        } head = { .len = said->text ? strlen(said->text) : 0,
                   .id = said->id,
                   .off = said->off,
                   .has_text = said->text != NULL };

        if (!in_scopes(said, scopes))
            continue;
        buf_add(out, &head, sizeof(head));
        buf_add(out, said->text, (size_t)head.len);
    }
}

/* Bytes that no shell takes for anything else. */
static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                            "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                            "_@%+=:,./-";

/* A quote is put between double ones: a report doubles each backslash. */
void options_quote(const char *text, struct buf *out)
{
    if (*text && !text[strspn(text, plain)]) {
        buf_text(out, text);
        return;
    }
    buf_byte(out, '\'');
    while (*text) {
        size_t len = strcspn(text, "'");

        buf_add(out, text, len);
        text += len;
        if (*text) {
            buf_text(out, "'\"'\"'");
            text++;
        }
    }
    buf_byte(out, '\'');
}

static void print_value(struct buf *out, const struct option_said *said)
{
    const struct option_row *row = &option_rows[said->id];

    buf_byte(out, ' ');
    if (row->traits & OPT_SECRET)
        options_quote("***", out);
    else if (row->kind == OPTION_SECRET
             && strncmp(said->text, "pass:", strlen("pass:")) == 0)
        options_quote("pass:***", out);
    else
        options_quote(said->text, out);
}

/* -connect and its like say where, which the caller knows better. */
static bool is_shown(const struct option_said *said, unsigned which)
{
    const struct option_row *row = &option_rows[said->id];

    if (said->off)
        return false;
    if (which == OPTIONS_PRINT_IDENTITY)
        return !(row->traits & OPT_TEMPO);
    if (which != OPTIONS_PRINT_S_CLIENT)
        return in_scopes(said, which);
    return !(row->traits & OPT_OWN) && said->id != OPT_connect
           && said->id != OPT_host && said->id != OPT_port
           && said->id != OPT_unix;
}

void options_print(const struct option_set *set, unsigned which,
                   struct buf *out)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct option_said *said = &set->said[i];

        if (!is_shown(said, which))
            continue;
        buf_text(out, " -");
        buf_text(out, option_rows[said->id].name);
        if (said->text)
            print_value(out, said);
    }
}
