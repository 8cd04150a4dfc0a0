#include "run.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROFILES "profiles: {p: {alpn: from-p}, q: {alpn: from-q}}\n"

static void set_hosts(struct run *r, char **hosts, size_t n)
{
    r->source.hosts = hosts;
    r->source.nhosts = n;
}

/* ---- order and numbers ---- */

Test(stream, hosts_come_first_and_then_the_lists_in_order)
{
    char *hosts[] = { (char[]){ "a" }, (char[]){ "b:1" } };
    struct run r;

    run_init(&r);
    set_hosts(&r, hosts, 2);
    run_list(&r, "one", "c\n");
    run_list(&r, "two", "targets: [d, {hosts: [e, f]}]");
    run_list(&r, "three", "# nothing\n");
    cr_expect_str_eq(run_all(&r), "1 a:443\n2 b:1\n3 c:443\n4 d:443\n5 e:443\n"
                                  "6 f:443\n");
    cr_expect_eq(targets_count(r.stream), 6);
    cr_expect_null(targets_next(r.stream, &r.e));
    cr_expect_eq(r.e.code, ERR_NONE);
    run_release(&r);
}

Test(stream, a_target_is_probed_once_for_each_profile_it_names)
{
    struct run r;

    run_init(&r);
    run_list(&r, "list",
             PROFILES "targets: [a, {hosts: [b, c], profiles: [q, p]}, "
                      "{connect: d, profiles: p}]");
    cr_expect_str_eq(run_all(&r), "1 a:443\n"
                                  "2 b:443 [q] -alpn from-q\n"
                                  "2 b:443 [p] -alpn from-p\n"
                                  "3 c:443 [q] -alpn from-q\n"
                                  "3 c:443 [p] -alpn from-p\n"
                                  "4 d:443 [p] -alpn from-p\n");
    cr_expect_eq(targets_count(r.stream), 6);
    run_release(&r);
}

Test(stream, a_place_names_the_line_or_the_command_line)
{
    char *hosts[] = { (char[]){ "a" } };
    struct run r;
    const char *const wanted[] = { "command line", "list:2", "list:4" };

    run_init(&r);
    set_hosts(&r, hosts, 1);
    run_list(&r, "list", "targets:\n- b\n- hosts:\n  - c\n");
    cr_assert(run_open(&r));
    for (size_t i = 0; i < 3; i++) {
        struct target *t = targets_next(r.stream, &r.e);

        cr_assert(t);
        cr_expect_str_eq(t->place, wanted[i]);
        target_free(t);
    }
    run_release(&r);
}

/* ---- precedence ---- */

Test(stream, the_target_overrules_profile_command_line_and_defaults)
{
    struct run r;

    run_init(&r);
    run_say(&r, "servername", "from-command");
    run_say(&r, "alpn", "from-command");
    run_say(&r, "nameopt", "from-command");
    run_list(&r, "list",
             "defaults: {servername: from-defaults, deadline: 1, nameopt: [x, "
             "y]}\n" PROFILES "targets:\n"
             "- a\n"
             "- {connect: b, profiles: p}\n"
             "- {connect: c, profiles: p, alpn: from-target, nameopt: z}\n");
    cr_expect_str_eq(
        run_all(&r),
        "1 a:443 -deadline 1 -servername from-command -alpn from-command "
        "-nameopt from-command\n"
        "2 b:443 [p] -deadline 1 -servername from-command -nameopt "
        "from-command -alpn from-p\n"
        "3 c:443 [p] -deadline 1 -servername from-command -alpn from-target "
        "-nameopt z\n");
    run_release(&r);
}

Test(stream, hosts_of_the_command_line_know_no_defaults_of_a_list)
{
    char *hosts[] = { (char[]){ "a" } };
    struct run r;

    run_init(&r);
    set_hosts(&r, hosts, 1);
    run_say(&r, "deadline", "3");
    run_list(&r, "list", "defaults: {alpn: h2}\ntargets: [b]");
    cr_expect_str_eq(run_all(&r),
                     "1 a:443 -deadline 3\n2 b:443 -alpn h2 -deadline 3\n");
    run_release(&r);
}

Test(stream, a_target_takes_a_flag_back)
{
    struct run r;
    const char *got = run_one(&r, "list",
                              "defaults: {verify_return_error: true}\n"
                              "targets: [a, {connect: b, "
                              "verify_return_error: false}]");

    cr_expect_str_eq(got, "1 a:443 -verify_return_error\n2 b:443\n", "%s", got);
    run_release(&r);
}

Test(stream, the_other_of_two_exclusive_options_replaces_an_earlier_level)
{
    struct run r;
    const char *got = run_one(&r, "list",
                              "defaults: {4: true}\n"
                              "targets: [a, {connect: b, 6: true}]");

    cr_expect_str_eq(got, "1 a:443 -4\n2 b:443 -6\n", "%s", got);
    run_release(&r);
}

Test(stream, a_scheme_says_starttls_and_the_target_may_say_another)
{
    struct run r;
    const char *got;

    run_init(&r);
    run_say(&r, "starttls", "imap");
    run_list(&r, "list", "targets: [a, smtp://b]");
    got = run_all(&r);
    cr_expect_str_eq(got, "1 a:443 -starttls imap\n2 b:25 -starttls smtp\n",
                     "%s", got);
    run_release(&r);
    got = run_one(&r, "list", "targets: [{connect: smtp://c, starttls: lmtp}]");
    cr_expect_str_eq(got, "1 c:25 -starttls lmtp\n", "%s", got);
    run_release(&r);
}

Test(stream, a_scheme_without_starttls_takes_back_what_was_said_earlier)
{
    struct run r;
    const char *got;

    run_init(&r);
    run_say(&r, "starttls", "smtp");
    run_list(&r, "list",
             "targets: [a, smtps://b, {connect: https://c, starttls: imap}]");
    got = run_all(&r);
    cr_expect_str_eq(got,
                     "1 a:443 -starttls smtp\n2 b:465\n"
                     "3 c:443 -starttls imap\n",
                     "%s", got);
    run_release(&r);
}

Test(stream, a_port_of_the_command_line_is_the_default_of_all)
{
    char *hosts[] = { (char[]){ "a" } };
    struct run r;

    run_init(&r);
    set_hosts(&r, hosts, 1);
    run_say(&r, "port", "8443");
    run_list(&r, "list", "b\nc:1\nhttps://d\ne -port 2\n");
    cr_expect_str_eq(run_all(&r), "1 a:8443 -port 8443\n2 b:8443 -port 8443\n"
                                  "3 c:1 -port 8443\n4 d:443 -port 8443\n"
                                  "5 e:2 -port 2\n");
    run_release(&r);
}

Test(stream, files_are_looked_for_beside_the_list)
{
    struct run r;

    run_init(&r);
    cr_assert(mkdir("sub", 0700) == 0);
    run_list(&r, "sub/list",
             "defaults: {CAfile: a.pem}\ntargets: [a, "
             "{connect: b, CAfile: /b.pem}]");
    run_list(&r, "sub/plain", "c -CAfile c.pem\n");
    cr_expect_str_eq(run_all(&r), "1 a:443 -CAfile sub/a.pem\n"
                                  "2 b:443 -CAfile /b.pem\n"
                                  "3 c:443 -CAfile sub/c.pem\n");
    unlink("sub/list");
    unlink("sub/plain");
    rmdir("sub");
    run_release(&r);
}

/* ---- shards and fingerprints ---- */

Test(stream, shards_part_the_list_and_keep_the_numbers)
{
    uint64_t seen[100] = { 0 }, sum = 0;

    for (uint64_t shard = 1; shard <= 3; shard++) {
        struct run r;
        struct target *t;
        struct buf text;

        run_init(&r);
        buf_init(&text, 4096);
        for (int i = 1; i <= 100; i++)
            buf_printf(&text, "h%d\n", i);
        run_list(&r, "list", buf_string(&text));
        buf_release(&text);
        r.source.shard = shard;
        r.source.shards = 3;
        cr_assert(run_open(&r));
        sum += targets_count(r.stream);
        while ((t = targets_next(r.stream, &r.e)) != NULL) {
            cr_expect_eq(strtoull(t->text + 1, NULL, 10), t->index);
            cr_expect_eq(seen[t->index - 1]++, 0);
            target_free(t);
        }
        run_release(&r);
    }
    cr_expect_eq(sum, 100);
}

Test(stream, an_empty_shard_is_no_error)
{
    struct run r;

    run_init(&r);
    run_list(&r, "list", "a\n");
    r.source.shards = 1000;
    cr_expect(run_open(&r));
    cr_expect_eq(targets_count(r.stream), 0);
    cr_expect(run_feed(&r));
    run_release(&r);
}

static uint64_t fingerprint(const char *list, uint64_t shards)
{
    struct run r;
    uint64_t hash;

    run_init(&r);
    run_list(&r, "list", list);
    r.source.shards = shards;
    cr_assert(run_open(&r));
    hash = targets_fingerprint(r.stream);
    cr_expect(run_feed(&r));
    cr_expect_eq(targets_fingerprint(r.stream), hash);
    run_release(&r);
    return hash;
}

Test(stream, the_fingerprint_tells_lists_and_shards_apart)
{
    cr_expect_eq(fingerprint("a\n", 1), fingerprint("a\n", 1));
    cr_expect_neq(fingerprint("a\n", 1), fingerprint("b\n", 1));
    cr_expect_neq(fingerprint("a\n", 1), fingerprint("a\n", 2));
}

/* ---- complaints ---- */

Test(stream, no_target_at_all_is_an_error)
{
    static const char *const lists[] = {
        "",           "# a\n\n", "targets: []",
        "targets:\n", "---\n",   "defaults: {alpn: h2}\n"
    };

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct run r;
        const char *got = run_one(&r, "list", lists[i]);

        cr_expect(strstr(got, "no targets"), "%s: %s", lists[i], got);
        cr_expect_eq(r.e.code, ERR_USAGE);
        cr_expect_eq(r.e.stage, STAGE_INPUT);
        run_release(&r);
    }
}

Test(stream, the_faults_of_all_lists_are_told_in_one_go)
{
    char *hosts[] = { (char[]){ "a b" } };
    struct run r;

    run_init(&r);
    set_hosts(&r, hosts, 1);
    run_list(&r, "one", "a -zzz\n");
    run_list(&r, "two", "targets: [\n");
    run_list(&r, "three", "a -yyy\n");
    r.lists[r.source.nlists++] = "missing";
    cr_expect_not(run_open(&r));
    cr_expect(strncmp(r.e.msg, "missing: the list cannot be read: No such", 41)
              == 0);
    cr_expect(strstr(buf_string(&r.complaints), "command line: 'a b': "));
    cr_expect(strstr(buf_string(&r.complaints), "one:1:3: "));
    cr_expect(strstr(buf_string(&r.complaints), "two:2:1: not YAML: "));
    cr_expect(strstr(buf_string(&r.complaints), "three:1:3: "));
    run_release(&r);
}

Test(stream, twenty_complaints_are_shown_and_the_rest_is_counted)
{
    struct run r;
    const char *got;
    size_t lines = 0;
    struct buf text;

    buf_init(&text, 4096);
    for (int i = 0; i < 33; i++)
        buf_text(&text, "a -zzz\n");
    got = run_one(&r, "list", buf_string(&text));
    for (const char *p = got; *p; p++)
        lines += *p == '\n';
    cr_expect_eq(lines, 21);
    cr_expect(strstr(got, "list:20:3: "));
    cr_expect_null(strstr(got, "list:21:3: "));
    cr_expect(strstr(got, "\nand 13 more\n"));
    cr_expect(strncmp(r.e.msg, "list:1:3: ", 10) == 0);
    run_release(&r);
    buf_release(&text);
}

Test(stream, words_that_exclude_each_other_are_told_where_they_are_said)
{
    struct run r;

    run_init(&r);
    run_list(&r, "list",
             "defaults: {4: true, 6: true}\n"
             "targets: [a, {connect: b, alpn: h2}]");
    cr_expect_not(run_open(&r));
    cr_expect(strncmp(r.e.msg, "list:1:", 7) == 0, "%s", r.e.msg);
    run_release(&r);
    run_init(&r);
    run_list(&r, "list",
             "profiles: {p: {4: true, 6: true}}\n"
             "targets: [{hosts: [a, b], profiles: p}]");
    cr_expect_not(run_open(&r));
    cr_expect(strncmp(buf_string(&r.complaints), "list:1:12: -4 and -6", 20)
              == 0);
    cr_expect_eq(strchr(buf_string(&r.complaints), '\n')[1], '\0');
    run_release(&r);
}

Test(stream, a_bad_profile_hides_no_later_mistake)
{
    struct run r;

    run_init(&r);
    run_list(&r, "list",
             "profiles: {p: {4: true, 6: true}}\n"
             "targets: [{connect: a, profiles: p}, 'b c']");
    cr_expect_not(run_open(&r));
    cr_expect(strstr(buf_string(&r.complaints), "list:2:38: 'b c'"), "%s",
              buf_string(&r.complaints));
    run_release(&r);
}

Test(stream, the_reason_is_the_first_complaint_however_many_there_are)
{
    struct buf text;
    struct run r;

    buf_init(&text, 64 * 1024);
    for (int i = 0; i < 1500; i++)
        buf_text(&text, i == 0 ? "a -first\n" : "a -zzz\n");
    run_init(&r);
    run_list(&r, "list", buf_string(&text));
    cr_expect_not(run_open(&r));
    cr_expect_str_eq(r.e.msg, "list:1:3: unknown option '-first'");
    run_release(&r);
    buf_release(&text);
}

Test(stream, what_the_library_lacks_is_told_at_every_level)
{
    struct run r;

    run_init(&r);
    run_say(&r, "ssl3", NULL);
    run_list(&r, "list",
             "defaults: {ssl3: true}\n"
             "profiles: {p: {ssl3: true}}\n"
             "targets: [{connect: a, ssl3: true}]");
    cr_expect_not(run_open(&r));
    cr_expect(strstr(buf_string(&r.complaints), "command line: "));
    cr_expect(strstr(buf_string(&r.complaints), "list:1:18: "));
    cr_expect(strstr(buf_string(&r.complaints), "list:2:22: "));
    cr_expect(strstr(buf_string(&r.complaints), "list:3:30: "));
    run_release(&r);
}

Test(stream, closing_no_stream_is_fine)
{
    targets_close(NULL);
}

Test(stream, a_socket_takes_the_place_of_what_was_said_about_hosts)
{
    struct run r;

    run_init(&r);
    run_say(&r, "proxy", "proxy.example:3128");
    run_say(&r, "4", NULL);
    run_say(&r, "alpn", "h2");
    run_list(&r, "list", "unix:/run/a\nb\n");
    cr_expect_str_eq(run_all(&r),
                     "1 /run/a -alpn h2 -unix /run/a\n"
                     "2 b:443 -proxy proxy.example:3128 -4 -alpn h2\n");
    run_release(&r);
}
