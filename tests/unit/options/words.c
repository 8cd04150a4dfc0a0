#include "words.h"

#include <criterion/criterion.h>
#include <string.h>

void say(struct option_set *set, enum option_level level, const char *name,
         const char *value)
{
    struct err e = { 0 };
    struct option_word word = { .name = name, .value = value, .level = level };

    cr_assert(options_say(set, &word, &e), "-%s: %s", name, e.msg);
}

const char *refusal(const char *name, const char *value)
{
    static struct err e;
    struct option_set set = { 0 };
    struct option_word word = { .name = name,
                                .value = value,
                                .level = LEVEL_COMMAND };

    e = (struct err){ 0 };
    bool accepted = options_say(&set, &word, &e);

    options_release(&set);
    return accepted ? NULL : e.msg;
}

const char *printed(const struct option_set *set)
{
    static char text[4096];
    struct buf out;

    buf_init(&out, sizeof(text) - 1);
    options_print(set, OPTIONS_PRINT_ALL, &out);
    cr_assert(buf_ok(&out));
    cr_assert(out.len == 0 || out.data[0] == ' ');
    memcpy(text, buf_string(&out), out.len + 1);
    buf_release(&out);
    return text + (text[0] == ' ');
}
