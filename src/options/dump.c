/* dump -- the table as tab-separated text, for scripts and tests. */
#include "room.h"

static const char *const scopes[] = {
    [OPTION_SCOPE_NET] = "NET",     [OPTION_SCOPE_LIB] = "LIB",
    [OPTION_SCOPE_STORE] = "STORE", [OPTION_SCOPE_CTX] = "CTX",
    [OPTION_SCOPE_SSL] = "SSL",     [OPTION_SCOPE_OUT] = "OUT",
    [OPTION_SCOPE_TTY] = "TTY",     [OPTION_SCOPE_RUN] = "RUN",
};

static const char *const needs[] = {
#define X(id, phrase) [NEEDS_##id] = #id,
    OPTION_NEEDS(X)
#undef X
};

static void column(struct buf *out, const char *text)
{
    buf_text(out, text ? text : "-");
    buf_byte(out, '\t');
}

static void dump_traits(struct buf *out, unsigned traits)
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {
        { OPT_MANY, "many" },     { OPT_OWN, "own" },
        { OPT_HOST, "host" },     { OPT_APPEND, "append" },
        { OPT_SECRET, "secret" }, { OPT_ALONE, "alone" },
        { OPT_TEMPO, "tempo" },
    };
    const char *between = "";

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (!(traits & names[i].bit))
            continue;
        buf_text(out, between);
        buf_text(out, names[i].name);
        between = ",";
    }
    column(out, traits ? "" : NULL);
}

void options_dump(struct buf *out)
{
    buf_text(out, "name\tkind\targname\tscope\ttopic\tneeds\ttraits\thandler\t"
                  "host_class\tchoices\thelp\n");
    for (enum option_id id = 0; id < OPTIONS_COUNT; id++) {
        const struct option_row *row = &option_rows[id];

        column(out, row->name);
        column(out, option_kind_name(row->kind));
        column(out, row->argname);
        column(out, scopes[row->scope]);
        column(out, option_topic_name(row->topic));
        column(out, needs[row->needs]);
        dump_traits(out, row->traits);
        column(out, row->handler);
        column(out, option_is_host(id) ? "yes" : "no");
        column(out, row->choices);
        buf_text(out, row->help);
        buf_byte(out, '\n');
    }
}
