#include "options.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* Every option of s_client by name, one a line. */
static const char s_client_names[] = "tests/unit/options/s_client_options.txt";

static const struct option_row *row_of(size_t id)
{
    return &option_rows[id];
}

Test(table, every_name_is_there_once)
{
    for (size_t i = 0; i < OPTIONS_COUNT; i++)
        cr_assert_eq(option_find(row_of(i)->name), i, "-%s twice",
                     row_of(i)->name);
}

Test(table, every_name_can_be_a_word_and_a_yaml_key)
{
    for (size_t i = 0; i < OPTIONS_COUNT; i++) {
        const char *name = row_of(i)->name;

        cr_assert_lt(strlen(name), 32, "-%s", name);
        cr_assert_eq(strcspn(name, "=: \t'\"#"), strlen(name), "-%s", name);
        cr_assert_neq(name[0], '-', "%s", name);
    }
}

Test(table, only_flags_have_no_argument_name)
{
    for (size_t i = 0; i < OPTIONS_COUNT; i++)
        cr_assert_eq(row_of(i)->kind == OPTION_FLAG, !row_of(i)->argname, "-%s",
                     row_of(i)->name);
}

static bool has_choices(enum option_kind kind)
{
    return kind == OPTION_CHOICE || kind == OPTION_FORMAT;
}

Test(table, choices_stand_where_something_is_to_be_chosen)
{
    for (size_t i = 0; i < OPTIONS_COUNT; i++) {
        const struct option_row *row = row_of(i);
        bool number = row->kind == OPTION_COUNT || row->kind == OPTION_INT
                      || row->kind == OPTION_LIST;

        if (has_choices(row->kind))
            cr_assert(row->choices && *row->choices, "-%s", row->name);
        else if (!number)
            cr_assert_null(row->choices, "-%s", row->name);
    }
}

Test(table, every_option_has_a_help_line_of_its_own)
{
    for (size_t i = 0; i < OPTIONS_COUNT; i++) {
        const char *help = row_of(i)->help;
        size_t len = strlen(help);

        cr_assert(len >= 10 && len <= 75, "-%s: %zu", row_of(i)->name, len);
        cr_assert_neq(help[len - 1], '.', "-%s", row_of(i)->name);
        cr_assert_null(strchr(help, '\t'), "-%s", row_of(i)->name);
        for (size_t j = 0; j < i; j++)
            cr_assert_str_neq(help, row_of(j)->help, "-%s and -%s",
                              row_of(i)->name, row_of(j)->name);
    }
}

Test(table, every_topic_has_a_title_and_an_option)
{
    for (enum option_topic topic = 0; topic < TOPIC_COUNT; topic++) {
        size_t members = 0;

        for (size_t i = 0; i < OPTIONS_COUNT; i++)
            members += row_of(i)->topic == topic;
        cr_assert_gt(members, 0, "%s", option_topic_name(topic));
        cr_assert_gt(strlen(option_topic_title(topic)), 3);
    }
}

Test(table, every_need_has_a_phrase)
{
    for (enum option_needs needs = 0; needs < NEEDS_COUNT; needs++)
        cr_assert_gt(strlen(option_needs_phrase(needs)), 2);
}

/* Reads one name of the list without its line end; false at the end. */
static bool next_name(FILE *f, char *name, int room)
{
    if (!fgets(name, room, f))
        return false;
    name[strcspn(name, "\n")] = '\0';
    return true;
}

Test(table, every_option_of_s_client_is_there_and_is_not_our_own)
{
    char name[64];
    size_t theirs = 0, rows = 0;
    FILE *f = fopen(s_client_names, "r");

    cr_assert_not_null(f, "%s", s_client_names);
    while (next_name(f, name, sizeof(name))) {
        enum option_id id = option_find(name);

        cr_assert_neq(id, OPTIONS_COUNT, "-%s has no row", name);
        cr_assert_not(row_of(id)->traits & OPT_OWN, "-%s is s_client's", name);
        theirs++;
    }
    fclose(f);
    for (size_t i = 0; i < OPTIONS_COUNT; i++)
        rows += !(row_of(i)->traits & OPT_OWN);
    cr_assert_eq(rows, theirs, "%zu rows of s_client, %zu names", rows, theirs);
}

Test(table, an_unknown_name_is_not_found)
{
    cr_assert_eq(option_find("chiper"), OPTIONS_COUNT);
    cr_assert_eq(option_find(""), OPTIONS_COUNT);
    cr_assert_eq(option_find("CAFILE"), OPTIONS_COUNT);
}

Test(table, a_typo_finds_the_nearest_name)
{
    cr_assert_str_eq(option_nearest("chiper"), "cipher");
    cr_assert_str_eq(option_nearest("tsl1_3"), "tls1_3");
    cr_assert_str_eq(option_nearest("crl"), "CRL");
    cr_assert_str_eq(option_nearest("cafile"), "CAfile");
    cr_assert_str_eq(option_nearest("verify_return_eror"),
                     "verify_return_error");
}

Test(table, what_is_far_from_every_name_has_no_nearest)
{
    cr_assert_null(option_nearest("x"));
    cr_assert_null(option_nearest(""));
    cr_assert_null(option_nearest("bananas_are_yellow"));
}

Test(table, options_that_touch_this_host_are_of_host_class)
{
    static const enum option_id host[] = {
        OPT_cert,     OPT_CApath,     OPT_keylogfile,    OPT_pass,
        OPT_engine,   OPT_provider,   OPT_provider_path, OPT_provparam,
        OPT_unix,     OPT_proxy,      OPT_proxy_user,    OPT_bind,
        OPT_input,    OPT_rand,       OPT_ssl_config,    OPT_ssl_client_engine,
        OPT_sess_out, OPT_early_data, OPT_proxy_pass,    OPT_allow_private_crl,
    };
    static const enum option_id free_to_say[] = {
        OPT_connect, OPT_starttls, OPT_servername, OPT_cipher,
        OPT_tls1_3,  OPT_alpn,     OPT_deadline,   OPT_dane_tlsa_rrdata,
    };

    for (size_t i = 0; i < sizeof(host) / sizeof(host[0]); i++)
        cr_assert(option_is_host(host[i]), "-%s", row_of(host[i])->name);
    for (size_t i = 0; i < sizeof(free_to_say) / sizeof(free_to_say[0]); i++)
        cr_assert_not(option_is_host(free_to_say[i]), "-%s",
                      row_of(free_to_say[i])->name);
}
