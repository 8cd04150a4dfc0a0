/* formats -- the table of formats. */
#include "format.h"

#include <string.h>

static const struct report_format *const formats[] = {
    &format_text, &format_full,  &format_brief,
    &format_csv,  &format_jsonl, &format_prometheus,
};

const struct report_format *report_format_nth(size_t nth)
{
    return nth < sizeof(formats) / sizeof(formats[0]) ? formats[nth] : NULL;
}

const struct report_format *report_format_find(const char *name)
{
    const struct report_format *f = NULL;

    for (size_t i = 0; (f = report_format_nth(i)) != NULL; i++) {
        if (strcmp(f->name, name) == 0)
            break;
    }
    return f;
}

const char *report_format_name(const struct report_format *f)
{
    return f->name;
}
