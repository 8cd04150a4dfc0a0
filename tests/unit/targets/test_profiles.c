/* Which words targets start from: -profile, and the sets in common. */
#include "run.h"

#include <criterion/criterion.h>

#define PROFILES "profiles: {p: {alpn: from-p}, q: {alpn: from-q}}\n"

static void set_profile(struct run *r, const char *const *names, size_t n)
{
    r->source.profiles = names;
    r->source.nprofiles = n;
}

Test(profiles, profiles_of_the_command_line_replace_those_of_targets)
{
    const char *const names[] = { "q" };
    char *hosts[] = { (char[]){ "a" } };
    struct run r;

    run_init(&r);
    r.source.hosts = hosts;
    r.source.nhosts = 1;
    set_profile(&r, names, 1);
    run_list(&r, "one", "targets: [b]");
    run_list(&r, "two", PROFILES "targets: [{connect: c, profiles: [p]}]");
    run_list(&r, "three", "profiles: {q: {alpn: own}}\ntargets: [d]");
    cr_expect_str_eq(run_all(&r), "1 a:443 [q] -alpn from-q\n"
                                  "2 b:443 [q] -alpn from-q\n"
                                  "3 c:443 [q] -alpn from-q\n"
                                  "4 d:443 [q] -alpn own\n");
    cr_expect_eq(targets_count(r.stream), 4);
    run_release(&r);
}

Test(profiles, a_profile_of_the_command_line_that_no_list_has_is_an_error)
{
    const char *const names[] = { "p", "nope" };
    struct run r;

    run_init(&r);
    set_profile(&r, names, 2);
    run_list(&r, "list", PROFILES "targets: [a]");
    cr_expect_str_eq(run_all(&r),
                     "command line: profile 'nope' that -profile names is in "
                     "no list\n");
    run_release(&r);
}

Test(profiles, a_profile_that_is_misspelt_or_said_twice_is_told)
{
    const char *const names[] = { "qq", "q", "q" };
    struct run r;

    run_init(&r);
    set_profile(&r, names, 3);
    run_list(&r, "list", "profiles: {q: {}, other: {}}\ntargets: [a]");
    cr_expect_str_eq(run_all(&r), "command line: profile 'qq' that -profile "
                                  "names is in no list\n"
                                  "command line: -profile q is said twice\n");
    run_release(&r);
    cr_expect_str_eq(run_one(&r, "list",
                             "profiles: {modern: {}}\n"
                             "targets: [{connect: a, profiles: "
                             "modrn}]"),
                     "list:2:11: profile 'modrn' is not among the profiles of "
                     "this list (did you mean 'modern'?)\n");
    run_release(&r);
}

Test(profiles, a_sentence_about_a_common_word_gets_the_place_of_it)
{
    const char *said[][2] = {
        { "option '-CAfile': no 'd.pem'", "one:1:20: option '-CAfile': no "
                                          "'d.pem'" },
        { "option '-cert': no 'q.pem'", "one:2:22: option '-cert': no "
                                        "'q.pem'" },
        { "option '-alpn': it is odd", "option '-alpn': it is odd" },
        { "option '-key': it is odd", "option '-key': it is odd" },
        { "no memory", "no memory" },
    };
    struct run r;

    run_init(&r);
    run_say(&r, "alpn", "h2");
    run_list(&r, "one",
             "defaults: {CAfile: d.pem}\n"
             "profiles: {q: {cert: q.pem}}\n"
             "targets: [{connect: b, profiles: q}]");
    cr_assert(run_open(&r));
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        struct err e = { 0 };

        err_set(&e, ERR_FILE, "%s", said[i][0]);
        targets_locate(r.stream, 0, &e);
        cr_expect_str_eq(e.msg, said[i][1], "%s", e.msg);
        cr_expect_eq(e.code, ERR_FILE);
    }
    run_release(&r);
}

Test(profiles, the_common_sets_are_those_that_targets_use)
{
    char *hosts[] = { (char[]){ "a" } };
    struct run r;
    const char *profile = "x";
    const struct option_set *words;

    run_init(&r);
    r.source.hosts = hosts;
    r.source.nhosts = 1;
    run_say(&r, "deadline", "3");
    run_list(&r, "one", PROFILES "targets: [{connect: b, profiles: q}]");
    run_list(&r, "two", "defaults: {alpn: h2}\ntargets: [c]");
    cr_assert(run_open(&r));
    words = targets_common(r.stream, 0, &profile);
    cr_expect(words && !profile && options_has(words, OPT_deadline));
    words = targets_common(r.stream, 1, &profile);
    cr_expect(words && profile);
    cr_expect_str_eq(profile, "q");
    cr_expect_str_eq(options_text(words, OPT_alpn, "-"), "from-q");
    words = targets_common(r.stream, 2, &profile);
    cr_expect(words && !profile);
    cr_expect_str_eq(options_text(words, OPT_alpn, "-"), "h2");
    cr_expect_null(targets_common(r.stream, 3, &profile));
    run_release(&r);
}
