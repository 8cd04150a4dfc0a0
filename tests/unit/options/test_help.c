#include "base/fault.h"
#include "options.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* A page that must be there. */
static struct buf page(const char *topic)
{
    struct buf out;
    struct err e = { 0 };

    buf_init(&out, 1 << 20);
    cr_assert(options_help(topic, &out, &e), "%s", e.msg);
    return out;
}

Test(help, the_short_page_lists_every_topic)
{
    struct buf out = page(NULL);

    cr_assert_eq(strncmp(buf_string(&out), "usage: tlsfleet", 15), 0);
    for (enum option_topic topic = 0; topic < TOPIC_COUNT; topic++)
        cr_assert_not_null(strstr(buf_string(&out), option_topic_title(topic)));
    buf_release(&out);
}

static size_t lines_of(const char *text)
{
    size_t n = 0;

    while ((text = strchr(text, '\n'))) {
        n++;
        text++;
    }
    return n;
}

Test(help, the_short_page_is_short)
{
    struct buf out = page(NULL);

    cr_assert_lt(lines_of(buf_string(&out)), 65);
    buf_release(&out);
}

/* True when the page has the option at the beginning of a line. */
static bool lists(const struct buf *out, const char *name)
{
    char start[80];

    snprintf(start, sizeof(start), "\n  -%s", name);
    for (const char *at = buf_string(out); (at = strstr(at, start)); at++)
        if (strchr(" \n", at[strlen(start)]))
            return true;
    return false;
}

Test(help, the_page_of_all_lists_every_option)
{
    struct buf out = page("all");

    for (size_t i = 0; i < OPTIONS_COUNT; i++)
        cr_assert(lists(&out, option_rows[i].name), "-%s", option_rows[i].name);
    buf_release(&out);
}

Test(help, a_topic_lists_its_own_options_only)
{
    for (enum option_topic topic = 0; topic < TOPIC_COUNT; topic++) {
        struct buf out = page(option_topic_name(topic));

        for (size_t i = 0; i < OPTIONS_COUNT; i++)
            cr_assert_eq(lists(&out, option_rows[i].name),
                         option_rows[i].topic == topic, "-%s",
                         option_rows[i].name);
        buf_release(&out);
    }
}

Test(help, no_line_is_wider_than_a_terminal)
{
    struct buf out = page("all");
    const char *at = buf_string(&out);

    while (*at) {
        size_t len = strcspn(at, "\n");

        cr_assert_lt(len, 80, "%.*s", (int)len, at);
        cr_assert(len == 0 || at[len - 1] != ' ', "%.*s", (int)len, at);
        at += len + (at[len] == '\n');
    }
    buf_release(&out);
}

Test(help, what_cannot_be_used_is_marked)
{
    struct buf out = page("all");
    size_t marks = 0, unusable = 0;

    for (const char *at = buf_string(&out); (at = strchr(at, '[')); at++)
        marks += strncmp(at, "[always", 7) == 0;
    for (size_t i = 0; i < OPTIONS_COUNT; i++)
        unusable += strcmp(option_rows[i].handler, "refused") == 0;
    cr_assert_eq(marks, unusable);
    buf_release(&out);
}

Test(help, an_unknown_topic_is_told_the_known_ones)
{
    struct buf out;
    struct err e = { 0 };

    buf_init(&out, 1 << 20);
    cr_assert_not(options_help("netwrok", &out, &e));
    cr_assert_eq(e.code, ERR_USAGE);
    cr_assert_not_null(strstr(e.msg, " network "));
    cr_assert_not_null(strstr(e.msg, " interactive"));
    cr_assert_eq(out.len, 0);
    buf_release(&out);
}

Test(help, a_page_without_memory_is_refused)
{
    /* Once for the page, once for the text of an option. */
    for (long nth = 1; nth <= 8; nth++) {
        struct buf out;
        struct err e = { 0 };

        buf_init(&out, 1 << 20);
        fault_arm(nth);
        cr_assert_not(options_help("network", &out, &e), "%ld", nth);
        fault_arm(0);
        cr_assert_eq(e.code, ERR_NO_MEMORY);
        buf_release(&out);
    }
}
