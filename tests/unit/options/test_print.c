#include "base/mem.h"
#include "words.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define EVERY_SCOPE (~0u)

/* Both keys, compared. */
static bool keys_equal(const struct option_set *a, const struct option_set *b,
                       unsigned scopes)
{
    struct buf ka, kb;
    bool equal;

    buf_init(&ka, 1 << 16);
    buf_init(&kb, 1 << 16);
    options_key(a, scopes, &ka);
    options_key(b, scopes, &kb);
    equal = ka.len == kb.len
            && (ka.len == 0 || memcmp(ka.data, kb.data, ka.len) == 0);
    cr_assert(buf_ok(&ka) && buf_ok(&kb));
    buf_release(&ka);
    buf_release(&kb);
    return equal;
}

/* A set of name, value pairs. */
static struct option_set set_of(const char *const words[6])
{
    struct option_set set = { 0 };

    for (size_t i = 0; i < 6 && words[i]; i += 2)
        say(&set, LEVEL_COMMAND, words[i], words[i + 1]);
    return set;
}

Test(print, keys_are_equal_exactly_for_equal_words_in_order)
{
    static const char *const sets[][6] = {
        { NULL },
        { "alpn", "" },
        { "alpn", "h2" },
        { "alpn", "h2,h3" },
        { "cipher", "h2" },
        { "cipher", "a", "alpn", "h2" },
        { "alpn", "h2", "cipher", "a" },
        { "alpn", "h2 -cipher a" },
        { "xcert", "a", "xcert", "b" },
        { "xcert", "b", "xcert", "a" },
        { "xcert", "a" },
        { "xcert", "ab" },
        { "xcert", "a", "xcert",
          ""
          "b",
          "xcert", "c" },
        { "bugs", NULL },
        { "comp", NULL },
        { "bugs", NULL, "comp", NULL },
    };
    enum { SETS = sizeof(sets) / sizeof(sets[0]) };

    for (size_t i = 0; i < SETS; i++)
        for (size_t j = 0; j < SETS; j++) {
            struct option_set a = set_of(sets[i]), b = set_of(sets[j]);

            cr_assert_eq(keys_equal(&a, &b, EVERY_SCOPE), i == j, "%zu %zu", i,
                         j);
            options_release(&a);
            options_release(&b);
        }
}

Test(print, a_key_looks_only_at_the_scopes_asked_for)
{
    struct option_set a = { 0 }, b = { 0 };

    say(&a, LEVEL_TARGET, "CAfile", "x");
    say(&a, LEVEL_TARGET, "servername", "a");
    say(&b, LEVEL_TARGET, "servername", "b");
    say(&b, LEVEL_DEFAULTS, "CAfile", "x");
    cr_assert(keys_equal(&a, &b, 1u << OPTION_SCOPE_STORE));
    cr_assert_not(keys_equal(&a, &b, 1u << OPTION_SCOPE_SSL));
    cr_assert(keys_equal(&a, &b, 1u << OPTION_SCOPE_CTX));
    options_release(&a);
    options_release(&b);
}

Test(print, words_are_written_as_a_shell_needs_them)
{
    struct option_set set = { 0 };

    say(&set, LEVEL_TARGET, "CAfile", "a b");
    say(&set, LEVEL_TARGET, "cipher", "ALL:!eNULL");
    say(&set, LEVEL_TARGET, "servername", "it's");
    say(&set, LEVEL_TARGET, "alpn", "");
    say(&set, LEVEL_TARGET, "brief", NULL);
    cr_assert_str_eq(printed(&set), "-CAfile 'a b' -cipher 'ALL:!eNULL' "
                                    "-servername 'it'\"'\"'s' -alpn '' -brief");
    options_release(&set);
}

Test(print, secrets_are_left_out)
{
    struct option_set set = { 0 };

    say(&set, LEVEL_TARGET, "pass", "pass:swordfish");
    say(&set, LEVEL_TARGET, "psk", "00ff");
    say(&set, LEVEL_TARGET, "proxy_pass", "env:PROXY_PASS");
    cr_assert_str_eq(printed(&set), "-pass 'pass:***' -psk '***' "
                                    "-proxy_pass env:PROXY_PASS");
    options_release(&set);
}

Test(print, only_words_of_the_scopes_are_written)
{
    struct option_set set = { 0 };
    struct buf out;

    buf_init(&out, 1000);
    say(&set, LEVEL_TARGET, "CAfile", "x");
    say(&set, LEVEL_TARGET, "servername", "a");
    say(&set, LEVEL_TARGET, "status", NULL);
    options_print(&set, 1u << OPTION_SCOPE_SSL, &out);
    cr_assert_str_eq(buf_string(&out), " -servername a -status");
    buf_release(&out);
    options_release(&set);
}

Test(print, a_line_for_s_client_has_its_words_but_not_where_to_connect)
{
    struct option_set set = { 0 };
    struct buf out;

    buf_init(&out, 1000);
    say(&set, LEVEL_COMMAND, "connect", "a:1");
    say(&set, LEVEL_COMMAND, "port", "2");
    say(&set, LEVEL_COMMAND, "workers", "5");
    say(&set, LEVEL_COMMAND, "deadline", "3");
    say(&set, LEVEL_TARGET, "tls1_3", NULL);
    say(&set, LEVEL_TARGET, "CAfile", "x");
    options_print(&set, OPTIONS_PRINT_S_CLIENT, &out);
    cr_assert_str_eq(buf_string(&out), " -tls1_3 -CAfile x");
    buf_release(&out);
    options_release(&set);
}

/* A value that the row accepts; NULL for a flag. */
static const char *sample(const struct option_row *row)
{
    static const char *const by_kind[] = {
        [OPTION_COUNT] = "600",         [OPTION_INT] = "-1",
        [OPTION_SECONDS] = "1.5",       [OPTION_EPOCH] = "1700000000",
        [OPTION_STRING] = "word",       [OPTION_LIST] = "h2,h3",
        [OPTION_HOSTPORT] = "a:1",      [OPTION_HEX] = "00ff",
        [OPTION_SECRET] = "env:SECRET", [OPTION_FILE] = "file",
        [OPTION_DIR] = "dir",           [OPTION_OUTFILE] = "file",
        [OPTION_CODE] = "name",
    };
    const char *range = row->choices ? strstr(row->choices, "..") : NULL;
    const char *blank = row->choices ? strrchr(row->choices, ' ') : NULL;

    if (row->kind == OPTION_FLAG)
        return NULL;
    return range ? range + 2 : blank ? blank + 1 : by_kind[row->kind];
}

Test(print, every_option_is_the_same_from_yaml_and_from_the_command_line)
{
    for (enum option_id id = 0; id < OPTIONS_COUNT; id++) {
        const struct option_row *row = &option_rows[id];
        const char *value = sample(row);
        struct option_set yaml = { 0 };
        struct command_line line;
        struct err e = { 0 };
        char program[] = "tlsfleet", name[64], text[64];
        char *argv[] = { program, name, value ? text : NULL };
        struct option_word word = { .name = row->name,
                                    .value = value ? value : "true",
                                    .level = LEVEL_COMMAND,
                                    .from_yaml = true };

        snprintf(name, sizeof(name), "-%s", row->name);
        snprintf(text, sizeof(text), "%s", value ? value : "");
        cr_assert(options_say(&yaml, &word, &e), "%s", e.msg);
        cr_assert(command_line_parse(&line, value ? 3 : 2, argv, &e), "%s",
                  e.msg);
        cr_assert(keys_equal(&yaml, &line.words, EVERY_SCOPE), "-%s",
                  row->name);
        cr_assert_eq(yaml.said[0].number, line.words.said[0].number);
        command_line_release(&line);
        options_release(&yaml);
    }
}
