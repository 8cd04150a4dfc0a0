/* tables -- the tables of the program as text, from which man pages and
 * completions are made.
 *
 * A block begins with a line "@name"; the line after it names its columns,
 * which are separated by tabs. */
#include "batch.h"
#include "record.h"
#include "report.h"

#include <stdio.h>

enum { TEXT_MAX = 1024 * 1024 };

static void put_version(struct buf *out)
{
    buf_text(out, "@version\nversion\n" TLSFLEET_VERSION "\n");
}

static void put_options(struct buf *out)
{
    buf_text(out, "@options\n");
    options_dump(out);
    buf_text(out, "@topics\nname\ttitle\n");
    for (enum option_topic t = 0; t < TOPIC_COUNT; t++)
        buf_printf(out, "%s\t%s\n", option_topic_name(t),
                   option_topic_title(t));
}

static void put_needs(struct buf *out)
{
    static const char *const names[] = {
#define X(id, phrase) [NEEDS_##id] = #id,
        OPTION_NEEDS(X)
#undef X
    };

    buf_text(out, "@needs\nname\tphrase\n");
    for (enum option_needs n = 0; n < NEEDS_COUNT; n++)
        buf_printf(out, "%s\t%s\n", names[n], option_needs_phrase(n));
}

static const char *kind_phrase(enum field_kind kind)
{
    switch (kind) {
    case FIELD_TEXT:
        return "text";
    case FIELD_INT:
        return "whole number";
    case FIELD_MS:
        return "milliseconds";
    case FIELD_BOOL:
        return "yes or no";
    case FIELD_TIME:
        return "time";
    case FIELD_LIST:
        return "list";
    case FIELD_TAGS:
        return "tags";
    case FIELD_CHAIN:
        return "certificates";
    }
    return "";
}

static void put_rows(struct buf *out, const struct field_row *rows, size_t n)
{
    buf_text(out, "name\tkind\tdefault\tvolatile\tsecret\tlabel\tmeaning\n");
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", rows[i].name,
                   kind_phrase(rows[i].kind),
                   rows[i].traits & FIELD_DEFAULT ? "yes" : "no",
                   rows[i].traits & FIELD_VOLATILE ? "yes" : "no",
                   rows[i].traits & FIELD_SECRET ? "yes" : "no", rows[i].label,
                   rows[i].meaning);
}

static void put_formats(struct buf *out)
{
    const struct report_format *f;

    buf_text(out, "@formats\nname\n");
    for (size_t i = 0; (f = report_format_nth(i)) != NULL; i++)
        buf_printf(out, "%s\n", report_format_name(f));
}

static void put_outcomes(struct buf *out)
{
    buf_text(out, "@statuses\nname\tmeaning\n");
    for (enum status s = 0; s < STATUS_COUNT; s++)
        buf_printf(out, "%s\t%s\n", status_name(s), status_meaning(s));
    buf_text(out, "@stages\nname\n");
    for (enum stage s = 0; s < STAGE_COUNT; s++)
        buf_printf(out, "%s\n", stage_name(s));
    buf_text(out, "@codes\nname\tstatus\tretried\tmeaning\n");
    for (enum err_code c = 0; c < ERR_COUNT; c++)
        buf_printf(out, "%s\t%s\t%s\t%s\n", err_row(c)->name,
                   status_name(err_row(c)->status),
                   err_row(c)->may_pass ? "yes" : "no", err_row(c)->meaning);
}

int main(void)
{
    struct buf out;
    bool done;

    buf_init(&out, TEXT_MAX);
    put_version(&out);
    put_options(&out);
    put_needs(&out);
    buf_text(&out, "@fields\n");
    put_rows(&out, field_rows, FIELDS_COUNT);
    buf_text(&out, "@cert_fields\n");
    put_rows(&out, cert_field_rows, CERT_FIELDS_COUNT);
    put_formats(&out);
    put_outcomes(&out);
    done = buf_ok(&out)
           && fwrite(buf_string(&out), 1, out.len, stdout) == out.len
           && fflush(stdout) == 0;
    buf_release(&out);
    return done ? 0 : 1;
}
