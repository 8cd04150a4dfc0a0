/* help -- the pages of -help. */
#include "room.h"

#include <string.h>

enum { TEXT_COLUMN = 24, LINE_COLUMNS = 79, PAGE_MAX = 1 << 20 };

static const char usage[] =
    "usage: tlsfleet [options] host[:port]           one target, as s_client\n"
    "       tlsfleet [options] host[:port] ...       several, a record each\n"
    "       tlsfleet [options] -targets file         a list; - is standard "
    "input\n"
    "\n"
    "Options of openssl s_client keep their names and meanings.\n";

static const enum option_id popular[] = {
    OPT_connect,
    OPT_starttls,
    OPT_servername,
    OPT_alpn,
    OPT_CAfile,
    OPT_cert,
    OPT_verify_return_error,
    OPT_tls1_2,
    OPT_tls1_3,
    OPT_cipher,
    OPT_showcerts,
    OPT_targets,
    OPT_workers,
    OPT_report,
    OPT_out,
    OPT_deadline,
    OPT_dry_run,
};

static void put_blanks(struct buf *out, size_t n)
{
    while (n-- > 0)
        buf_byte(out, ' ');
}

/* Begins a line with what stands left of the text column; what is too long
 * gets a line of its own. */
static void put_left(struct buf *out, const char *const parts[4])
{
    size_t start = out->len;

    for (size_t i = 0; i < 4; i++)
        buf_text(out, parts[i]);
    if (out->len - start >= TEXT_COLUMN) {
        buf_byte(out, '\n');
        start = out->len;
    }
    put_blanks(out, TEXT_COLUMN - (out->len - start));
}

/* Ends the line with the text, broken at blanks. */
static void put_text(struct buf *out, const char *text)
{
    size_t column = TEXT_COLUMN;

    while (*text) {
        size_t len = strcspn(text, " ");

        if (column > TEXT_COLUMN && column + 1 + len > LINE_COLUMNS) {
            buf_byte(out, '\n');
            put_blanks(out, TEXT_COLUMN);
            column = TEXT_COLUMN;
        } else if (column > TEXT_COLUMN) {
            buf_byte(out, ' ');
            column++;
        }
        buf_add(out, text, len);
        column += len;
        text += len + strspn(text + len, " ");
    }
    buf_byte(out, '\n');
}

/* Why an option that is listed cannot be used. */
static const char *remark(const struct option_row *row)
{
    return strcmp(row->handler, "refused") == 0 ? " [always refused]" : "";
}

static void put_option(struct buf *out, const struct option_row *row)
{
    const char *const left[] = { "  -", row->name, row->argname ? " " : "",
                                 row->argname ? row->argname : "" };
    struct buf text;

    buf_init(&text, PAGE_MAX);
    buf_printf(&text, "%s%s%s%s", row->help, row->choices ? ": " : "",
               row->choices ? row->choices : "", remark(row));
    put_left(out, left);
    put_text(out, buf_string(&text));
    out->refused = out->refused || text.refused;
    buf_release(&text);
}

static void put_topic(struct buf *out, enum option_topic topic)
{
    buf_printf(out, "%s (-help %s)\n\n", option_topic_title(topic),
               option_topic_name(topic));
    for (enum option_id id = 0; id < OPTIONS_COUNT; id++)
        if (option_rows[id].topic == topic)
            put_option(out, &option_rows[id]);
}

static void put_short_page(struct buf *out)
{
    buf_text(out, usage);
    buf_text(out, "\nMost used:\n\n");
    for (size_t i = 0; i < sizeof(popular) / sizeof(popular[0]); i++)
        put_option(out, &option_rows[popular[i]]);
    buf_text(out, "\nMore with -help and one of these:\n\n");
    for (enum option_topic topic = 0; topic < TOPIC_COUNT; topic++) {
        const char *const left[] = { "  ", option_topic_name(topic), "", "" };

        put_left(out, left);
        put_text(out, option_topic_title(topic));
    }
    put_left(out, (const char *const[]){ "  ", "all", "", "" });
    put_text(out, "Every option");
}

static void put_everything(struct buf *out)
{
    buf_text(out, usage);
    for (enum option_topic topic = 0; topic < TOPIC_COUNT; topic++) {
        buf_byte(out, '\n');
        put_topic(out, topic);
    }
}

static bool unknown_topic(const char *name, struct err *e)
{
    struct buf names;

    buf_init(&names, ERR_MSG_MAX);
    for (enum option_topic topic = 0; topic < TOPIC_COUNT; topic++)
        buf_printf(&names, " %s", option_topic_name(topic));
    err_set(e, ERR_USAGE, "unknown topic '%.60s'; there are: all%s", name,
            buf_string(&names));
    buf_release(&names);
    return false;
}

bool options_help(const char *topic, struct buf *out, struct err *e)
{
    enum option_topic found;

    if (!topic)
        put_short_page(out);
    else if (strcmp(topic, "all") == 0)
        put_everything(out);
    else if (option_topic_find(topic, &found))
        put_topic(out, found);
    else
        return unknown_topic(topic, e);
    return buf_ok(out) || err_memory(e, "help");
}
