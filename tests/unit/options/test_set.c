#include "base/fault.h"
#include "words.h"

#include <criterion/criterion.h>

Test(set, the_last_word_counts)
{
    struct option_set set = { 0 };

    say(&set, LEVEL_COMMAND, "alpn", "h2");
    say(&set, LEVEL_COMMAND, "mtu", "1400");
    say(&set, LEVEL_COMMAND, "alpn", "h3");
    cr_assert_str_eq(options_text(&set, OPT_alpn, "none"), "h3");
    cr_assert_eq(options_number(&set, OPT_mtu, 7), 1400);
    cr_assert(options_has(&set, OPT_mtu));
    options_release(&set);
}

Test(set, what_was_not_said_is_the_default)
{
    struct option_set set = { 0 };

    cr_assert_null(options_last(&set, OPT_alpn));
    cr_assert_not(options_has(&set, OPT_alpn));
    cr_assert_str_eq(options_text(&set, OPT_alpn, "none"), "none");
    cr_assert_null(options_text(&set, OPT_alpn, NULL));
    cr_assert_eq(options_number(&set, OPT_mtu, 7), 7);
}

Test(set, a_flag_that_was_taken_back_was_not_said)
{
    struct option_set set = { 0 };
    struct err e = { 0 };
    struct option_word word = { .name = "brief",
                                .value = "false",
                                .from_yaml = true };

    cr_assert(options_say(&set, &word, &e));
    cr_assert_not(options_has(&set, OPT_brief));
    options_release(&set);
}

Test(set, aliases_are_kept_as_what_they_stand_for)
{
    struct option_set set = { 0 };

    say(&set, LEVEL_COMMAND, "curves", "X25519");
    say(&set, LEVEL_COMMAND, "xmpphost", "example.com");
    say(&set, LEVEL_COMMAND, "h", NULL);
    cr_assert_str_eq(options_text(&set, OPT_groups, ""), "X25519");
    cr_assert_str_eq(options_text(&set, OPT_name, ""), "example.com");
    cr_assert(options_has(&set, OPT_help));
    options_release(&set);
}

Test(set, a_typo_gets_the_nearest_name)
{
    cr_assert_str_eq(refusal("chiper", "x"),
                     "unknown option '-chiper' (did you mean '-cipher'?)");
    cr_assert_str_eq(refusal("bananas", "x"), "unknown option '-bananas'");
}

Test(set, a_yaml_key_is_named_without_a_dash)
{
    struct option_set set = { 0 };
    struct err e = { 0 };
    struct option_word word = { .name = "chiper",
                                .value = "x",
                                .from_yaml = true };

    cr_assert_not(options_say(&set, &word, &e));
    cr_assert_str_eq(e.msg, "unknown option 'chiper' (did you mean 'cipher'?)");
    cr_assert_eq(e.code, ERR_USAGE);
}

Test(set, an_option_of_the_whole_run_is_refused_in_a_list)
{
    static const enum option_level lists[] = { LEVEL_DEFAULTS, LEVEL_PROFILE,
                                               LEVEL_TARGET };

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct option_set set = { 0 };
        struct err e = { 0 };
        struct option_word word = { .name = "workers",
                                    .value = "5",
                                    .level = lists[i] };

        cr_assert_not(options_say(&set, &word, &e));
        cr_assert_eq(e.code, ERR_USAGE);
        cr_assert_eq(set.count, 0);
        options_release(&set);
    }
    cr_assert_null(refusal("workers", "5"));
}

Test(set, a_refused_word_leaves_the_set_as_it_was)
{
    struct option_set set = { 0 };
    struct err e = { 0 };
    struct option_word word = { .name = "mtu", .value = "x" };

    say(&set, LEVEL_TARGET, "alpn", "h2");
    cr_assert_not(options_say(&set, &word, &e));
    cr_assert_str_eq(printed(&set), "-alpn h2");
    options_release(&set);
}

Test(set, appending_copies_words_in_order)
{
    struct option_set a = { 0 }, b = { 0 };
    struct err e = { 0 };

    say(&a, LEVEL_DEFAULTS, "alpn", "h2");
    say(&b, LEVEL_TARGET, "mtu", "1400");
    say(&b, LEVEL_TARGET, "brief", NULL);
    cr_assert(options_append(&a, &b, &e));
    options_release(&b);
    cr_assert_str_eq(printed(&a), "-alpn h2 -mtu 1400 -brief");
    cr_assert_eq(a.said[1].level, LEVEL_TARGET);
    cr_assert_eq(a.said[1].number, 1400);
    options_release(&a);
}

Test(set, many_words_fit)
{
    struct option_set set = { 0 };

    for (int i = 0; i < 1000; i++)
        say(&set, LEVEL_TARGET, "dane_tlsa_rrdata", "3 1 1 AB");
    cr_assert_eq(set.count, 1000);
    options_release(&set);
}

Test(set, saying_without_memory_fails_cleanly)
{
    struct option_word word = { .name = "CAfile",
                                .value = "x",
                                .base_dir = "dir" };

    for (long nth = 1; nth <= 2; nth++) {
        struct option_set set = { 0 };
        struct err e = { 0 };

        fault_arm(nth);
        cr_assert_not(options_say(&set, &word, &e));
        fault_arm(0);
        cr_assert_eq(e.code, ERR_NO_MEMORY);
        cr_assert_eq(set.count, 0);
        options_release(&set);
    }
}

Test(set, appending_without_memory_adds_nothing)
{
    struct option_set from = { 0 };

    for (int i = 0; i < 20; i++)
        say(&from, LEVEL_TARGET, "alpn", "h2");
    for (long nth = 1; nth <= 21; nth++) {
        struct option_set set = { 0 };
        struct err e = { 0 };

        say(&set, LEVEL_DEFAULTS, "brief", NULL);
        fault_arm(nth);
        cr_assert_not(options_append(&set, &from, &e));
        fault_arm(0);
        cr_assert_eq(e.code, ERR_NO_MEMORY);
        cr_assert_str_eq(printed(&set), "-brief");
        options_release(&set);
    }
    options_release(&from);
}
