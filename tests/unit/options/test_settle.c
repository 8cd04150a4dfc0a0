#include "words.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* One word of an example: the level is D, C, P or T; value "false" for a flag
 * takes it back. */
struct row {
    char level;
    const char *name, *value;
};
enum { ROWS_MAX = 8 };

static enum option_level level_of(char letter)
{
    return letter == 'D'   ? LEVEL_DEFAULTS
           : letter == 'C' ? LEVEL_COMMAND
           : letter == 'P' ? LEVEL_PROFILE
                           : LEVEL_TARGET;
}

static void say_row(struct option_set *set, const struct row *row)
{
    struct err e = { 0 };
    struct option_word word = { .name = row->name,
                                .value = row->value,
                                .level = level_of(row->level) };

    word.from_yaml = option_rows[option_find(row->name)].kind == OPTION_FLAG;
    cr_assert(options_say(set, &word, &e), "%s", e.msg);
}

static void assert_settles(const struct row *rows, const char *expected)
{
    struct option_set set = { 0 };
    struct err e = { 0 };

    for (size_t i = 0; rows[i].name; i++)
        say_row(&set, &rows[i]);
    options_settle(&set);
    cr_assert_str_eq(printed(&set), expected);
    options_settle(&set);
    cr_assert_str_eq(printed(&set), expected, "a second time");
    cr_assert(options_check_conflicts(&set, &e), "%s", e.msg);
    options_release(&set);
}

Test(settle, the_last_word_of_an_option_stays_in_its_place)
{
    static const struct row rows[] = {
        { 'D', "alpn", "h2" },  { 'D', "mtu", "1400" },
        { 'C', "alpn", "h3" },  { 'C', "cipher", "ALL" },
        { 'T', "mtu", "1300" }, { 'T', "cipher", "AES" },
        { 0, NULL, NULL },
    };

    assert_settles(rows, "-alpn h3 -mtu 1300 -cipher AES");
}

Test(settle, an_empty_set_stays_empty)
{
    static const struct row rows[] = { { 0, NULL, NULL } };

    assert_settles(rows, "");
}

Test(settle, false_takes_back_what_was_said_earlier)
{
    static const struct row rows[] = {
        { 'D', "brief", "true" },
        { 'D', "showcerts", "true" },
        { 'T', "brief", "false" },
        { 0, NULL, NULL },
    };

    assert_settles(rows, "-showcerts");
}

Test(settle, true_after_false_counts)
{
    static const struct row rows[] = {
        { 'D', "brief", "true" },
        { 'P', "brief", "false" },
        { 'T', "brief", "true" },
        { 0, NULL, NULL },
    };

    assert_settles(rows, "-brief");
}

Test(settle, a_repeatable_option_is_replaced_whole_by_a_later_level)
{
    static const struct row rows[] = {
        { 'D', "CRL", "a" }, { 'D', "CRL", "b" }, { 'T', "CRL", "c" },
        { 'T', "CRL", "d" }, { 0, NULL, NULL },
    };

    assert_settles(rows, "-CRL c -CRL d");
}

Test(settle, a_repeatable_option_of_one_level_stays_whole)
{
    static const struct row rows[] = {
        { 'D', "CRL", "a" },
        { 'D', "CRL", "b" },
        { 'T', "alpn", "h2" },
        { 0, NULL, NULL },
    };

    assert_settles(rows, "-CRL a -CRL b -alpn h2");
}

Test(settle, a_later_level_replaces_the_other_members_of_a_group)
{
    static const struct row rows[] = {
        { 'D', "4", "true" },
        { 'D', "servername", "a.example" },
        { 'D', "tls1_2", "true" },
        { 'T', "6", "true" },
        { 'T', "noservername", "true" },
        { 'T', "tls1_3", "true" },
        { 0, NULL, NULL },
    };

    assert_settles(rows, "-6 -noservername -tls1_3");
}

Test(settle, one_version_at_a_later_level_drops_excluded_ones)
{
    static const struct row rows[] = {
        { 'D', "no_tls1_3", "true" },
        { 'D', "no_tls1", "true" },
        { 'T', "tls1_3", "true" },
        { 0, NULL, NULL },
    };

    assert_settles(rows, "-tls1_3");
}

Test(settle, a_socket_replaces_all_that_names_a_host)
{
    static const struct row rows[] = {
        { 'D', "4", "true" },
        { 'D', "port", "25" },
        { 'T', "unix", "/run/s" },
        { 0, NULL, NULL },
    };

    assert_settles(rows, "-unix /run/s");
}

Test(settle, host_and_port_do_not_replace_each_other)
{
    static const struct row rows[] = {
        { 'D', "port", "25" },
        { 'D', "4", "true" },
        { 'T', "connect", "a" },
        { 0, NULL, NULL },
    };

    assert_settles(rows, "-port 25 -4 -connect a");
}

Test(settle, what_was_replaced_in_between_stays_replaced)
{
    static const struct row rows[] = {
        { 'D', "4", "true" },
        { 'C', "unix", "/run/s" },
        { 'T', "connect", "a" },
        { 0, NULL, NULL },
    };

    assert_settles(rows, "-connect a");
}

Test(settle, taking_back_does_not_bring_another_member_back)
{
    static const struct row rows[] = {
        { 'D', "4", "true" },
        { 'P', "6", "true" },
        { 'T', "6", "false" },
        { 0, NULL, NULL },
    };

    assert_settles(rows, "");
}

Test(settle, of_some_pairs_the_last_one_wins_even_in_one_level)
{
    static const struct row rows[] = {
        { 'C', "ct", "true" },    { 'C', "noct", "true" },
        { 'C', "trace", "true" }, { 'C', "msg", "true" },
        { 0, NULL, NULL },
    };

    assert_settles(rows, "-noct -msg");
}

Test(settle, an_extra_certificate_replaces_earlier_ones_with_their_keys)
{
    static const struct row rows[] = {
        { 'D', "xcert", "a" },
        { 'D', "xkey", "ka" },
        { 'T', "xcert", "b" },
        { 0, NULL, NULL },
    };

    assert_settles(rows, "-xcert b");
}

Test(settle, extra_certificates_of_one_level_keep_their_pairs)
{
    static const struct row rows[] = {
        { 'T', "xcert", "a" }, { 'T', "xkey", "ka" }, { 'T', "xcert", "b" },
        { 'T', "xkey", "kb" }, { 0, NULL, NULL },
    };

    assert_settles(rows, "-xcert a -xkey ka -xcert b -xkey kb");
}

/* Every word that a random set may hold, with its value. */
static const struct row vocabulary[] = {
    { 0, "4", "true" },          { 0, "6", "true" },
    { 0, "4", "false" },         { 0, "unix", "/s" },
    { 0, "connect", "a" },       { 0, "tls1_2", "true" },
    { 0, "tls1_3", "true" },     { 0, "no_tls1", "true" },
    { 0, "CRL", "x" },           { 0, "xcert", "c" },
    { 0, "xkey", "k" },          { 0, "dtls", "true" },
    { 0, "nextprotoneg", "h2" }, { 0, "noservername", "true" },
    { 0, "servername", "b" },    { 0, "ct", "true" },
    { 0, "noct", "true" },       { 0, "alpn", "h2" },
};

/* A set of words of ascending levels; *cut is where the last level begins. */
static void random_set(struct option_set *set, unsigned *seed, size_t *cut)
{
    static const char levels[] = "DCPT";

    for (size_t level = 0; level < 4; level++) {
        *cut = set->count;
        for (int n = rand_r(seed) % 4; n > 0; n--) {
            struct row row =
                vocabulary[(size_t)rand_r(seed)
                           % (sizeof(vocabulary) / sizeof(vocabulary[0]))];

            row.level = levels[level];
            say_row(set, &row);
        }
    }
}

Test(settle, settling_in_steps_and_at_once_give_the_same)
{
    unsigned seed = 1;

    for (int round = 0; round < 2000; round++) {
        struct option_set all = { 0 }, steps = { 0 };
        struct err e = { 0 };
        size_t cut = 0;

        random_set(&all, &seed, &cut);
        struct option_set lower = { .said = all.said, .count = cut };
        struct option_set upper = { .said = all.said + cut,
                                    .count = all.count - cut };

        cr_assert(options_append(&steps, &lower, &e));
        options_settle(&steps);
        cr_assert(options_append(&steps, &upper, &e));
        options_settle(&steps);
        options_settle(&all);

        struct buf a, b;

        buf_init(&a, 1 << 16);
        buf_init(&b, 1 << 16);
        options_print(&all, OPTIONS_PRINT_ALL, &a);
        options_print(&steps, OPTIONS_PRINT_ALL, &b);
        cr_assert_str_eq(buf_string(&a), buf_string(&b), "round %d", round);
        buf_release(&a);
        buf_release(&b);
        options_release(&all);
        options_release(&steps);
    }
}
