#include "run.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

static void expect_targets(const char *text, const char *wanted)
{
    struct run r;
    const char *got = run_one(&r, "list", text);

    cr_expect_str_eq(got, wanted, "%s", got);
    run_release(&r);
}

Test(yaml, a_scalar_is_a_target)
{
    expect_targets("targets:\n- a.example.com:8443\n- smtps://b\n",
                   "1 a.example.com:8443\n2 b:465\n");
}

Test(yaml, a_mapping_is_a_target_with_options)
{
    expect_targets("targets:\n- connect: a\n  alpn: h2\n  nameopt: [x, y]\n",
                   "1 a:443 -alpn h2 -nameopt x -nameopt y\n");
}

Test(yaml, a_group_shares_its_words_wherever_they_stand)
{
    expect_targets("targets:\n- hosts: [a, 'b:25']\n  alpn: h2\n- c\n",
                   "1 a:443 -alpn h2\n2 b:25 -alpn h2\n3 c:443\n");
}

Test(yaml, host_and_port_are_another_way_to_say_connect)
{
    expect_targets("targets: [{host: a, port: 8443}]", "1 a:8443 -port 8443\n");
}

Test(yaml, a_socket_is_a_target)
{
    expect_targets("targets:\n- unix: /run/a\n- unix:/run/b\n",
                   "1 /run/a -unix /run/a\n2 /run/b -unix /run/b\n");
}

Test(yaml, a_relative_socket_is_refused)
{
    expect_targets("targets: [{unix: run/a}]",
                   "list:1:18: 'unix:run/a': write the path of a socket in "
                   "whole, from '/' on\n");
}

Test(yaml, tags_are_carried)
{
    expect_targets("targets: [{connect: a, tags: {team: x, env: ''}}]",
                   "1 a:443 {team=x} {env=}\n");
}

Test(yaml, values_are_text_as_it_was_written)
{
    expect_targets("targets:\n- {connect: 'a:08443', servername: no}\n"
                   "- {connect: b, servername: 1e3, alpn: 0x10}\n"
                   "- {connect: c, servername: ~, alpn: 2001-01-01}\n",
                   "1 a:08443 -servername no\n"
                   "2 b:443 -servername 1e3 -alpn 0x10\n"
                   "3 c:443 -servername '~' -alpn 2001-01-01\n");
}

Test(yaml, json_is_yaml)
{
    expect_targets("{\"defaults\": {\"alpn\": \"h2\"},\n"
                   " \"targets\": [\"a\", {\"connect\": \"b\"}]}",
                   "1 a:443 -alpn h2\n2 b:443 -alpn h2\n");
}

Test(yaml, json_on_one_endless_line_is_yaml)
{
    const size_t room = 100 * 1000;
    char *text = malloc(room);
    struct run r;
    size_t len = 0;

    cr_assert(text);
    len = (size_t)snprintf(text, room, "{\"targets\": [\"a\"");
    while (len < room - 20)
        len += (size_t)snprintf(text + len, room - len, ", \"a\"");
    snprintf(text + len, room - len, "]}");
    run_init(&r);
    run_list(&r, "list", text);
    cr_expect(run_open(&r), "%s", r.e.msg);
    cr_expect_gt(targets_count(r.stream), 10000);
    run_release(&r);
    free(text);
}

static const char *const starts[] = {
    "---\ntargets: [a]\n",
    "%YAML 1.1\n---\ntargets: [a]\n",
    "# first\n\n   # second\ntargets: [a]\n",
    "\xef\xbb\xbftargets:\n- a\n",
    "targets:\r\n- a\r\n",
    "profiles:\ndefaults:\ntargets:\n- a",
    "defaults: {}\nprofiles: {}\ntargets: [a]\n...\n",
    "{targets: [a]}",
};

Test(yaml, is_known_by_its_first_line)
{
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
        expect_targets(starts[i], "1 a:443\n");
}

Test(yaml, expectations_become_comparisons)
{
    expect_targets("targets:\n- connect: a\n  expect:\n    verify_code: 0\n"
                   "    days_left: '>= 21'\n    group: '!=x'\n"
                   "    protocol: in TLSv1.2 TLSv1.3\n    issuer: internal\n"
                   "- {connect: b, expect: [a = 1, b < 2]}\n"
                   "- {connect: c, expect: a = 1}\n",
                   "1 a:443 -expect 'verify_code = 0' -expect 'days_left >= 21'"
                   " -expect 'group != x'"
                   " -expect 'protocol in TLSv1.2 TLSv1.3'"
                   " -expect 'issuer = internal'\n"
                   "2 b:443 -expect 'a = 1' -expect 'b < 2'\n"
                   "3 c:443 -expect 'a = 1'\n");
}

struct wrong {
    const char *text, *complaints;
};

static const struct wrong wrongs[] = {
    { "targets: [{connect: a, chiper: x}]",
      "list:1:24: unknown key 'chiper' (did you mean 'cipher'?)\n" },
    { "targets: [{connect: a, tag: x}]",
      "list:1:24: unknown key 'tag' (did you mean 'tags'?)\n" },
    { "targets: [{connect: a, profile: x}]",
      "list:1:24: unknown key 'profile' (did you mean 'profiles'?)\n" },
    { "targets: [{connect: a, zzzzzzzzz: [x, {y: z}]}]",
      "list:1:24: unknown key 'zzzzzzzzz': it is no option\n" },
    { "default: {}\n---\n", NULL },
    { "defaults: {}\ntarget: [a]\n",
      "list:2:1: unknown key 'target' (did you mean 'targets'?)\n" },
    { "defaults: {}\nalpn: h2\ntargets: [a]\n",
      "list:2:1: 'alpn' is an option: it goes under 'defaults', a profile or "
      "a target\n" },
    { "targets: [a]\nwhatever: x\n",
      "list:2:1: unknown key 'whatever': a list has defaults, profiles and "
      "targets\n" },
    { "targets: [a]\ndefaults: {alpn: h2}\n",
      "list:2:1: 'defaults' must stand before 'targets'\n" },
    { "targets: [a]\ntargets: [b]\n", "list:2:1: 'targets' is said twice\n" },
    { "defaults: {alpn: a}\ndefaults: {alpn: b}\ntargets: [a]\n",
      "list:2:1: 'defaults' is said twice\n" },
    { "defaults:\n  alpn: a\n  alpn: b\ntargets: [a]\n",
      "list:3:3: 'alpn' is said twice\n" },
    { "targets: [{connect: a, tags: {}, tags: {}}]",
      "list:1:34: 'tags' is said twice\n" },
    { "targets: [{connect: a, tags: {x: y, x: z}}]",
      "list:1:37: tag 'x' is said twice\n" },
    { "targets: [{connect: a, host: b}]",
      "list:1:24: 'host' is a second address: a target has one of connect, "
      "host, unix and hosts\n" },
    { "targets: [{alpn: h2}]",
      "list:1:11: a target without an address: it needs 'connect' or "
      "'hosts'\n" },
    { "targets:\n- [a, b]\n-\n- c\n",
      "list:2:3: a target is an address, or 'key: value' pairs with 'connect' "
      "or 'hosts'\n"
      "list:3:2: a target is an address, or 'key: value' pairs with 'connect' "
      "or 'hosts'\n" },
    { "targets: a\n",
      "list:1:10: 'targets' takes a list: one '- host' a line\n" },
    { "defaults: a\ntargets: [a]\n",
      "list:1:11: 'defaults' takes 'key: value' pairs\n" },
    { "profiles: {p: [a]}\ntargets: [a]\n",
      "list:1:15: 'profile' takes 'key: value' pairs\n" },
    { "targets: [{connect: [a]}]", "list:1:21: 'connect' takes one text\n" },
    { "targets: [{connect: a, alpn: [h2]}]",
      "list:1:30: 'alpn' takes one value\n" },
    { "targets: [{connect: a, alpn: {h2: x}}]",
      "list:1:30: 'alpn' takes one value\n" },
    { "targets: [{connect: a, nameopt: {h2: x}}]",
      "list:1:33: 'nameopt' takes a text or a list of them\n" },
    { "targets: [{connect: a, nameopt: [x, [y], z]}]",
      "list:1:37: 'nameopt' takes texts only\n" },
    { "targets: [{connect: a, alpn: }]", "list:1:30: 'alpn' has no value\n" },
    { "targets: [{connect: a, 4: yes}]",
      "list:1:27: 4: 'yes' is not true or false\n" },
    { "targets: [{connect: a, [x]: y, {z: x}: y}]",
      "list:1:24: 'target' takes plain texts as keys\n"
      "list:1:32: 'target' takes plain texts as keys\n" },
    { "targets: [{connect: a, workers: 3}]",
      "list:1:24: 'workers' is for the whole run: it belongs on the command "
      "line\n" },
    { "targets: [{connect: a, crlf: true}]",
      "list:1:24: 'crlf' is for an interactive session and has no place in a "
      "list\n" },
    { "defaults: {connect: a}\ntargets: [a]\n",
      "list:1:12: 'connect' names an address, which only a target itself "
      "does: leave it out here\n" },
    { "targets: [{connect: a, ssl3: true}]", NULL },
    { "targets: ['a b', 'c:0']",
      "list:1:11: 'a b': a host is a name of at most 253 letters, digits, '.', '-' and "
      "'_', or an IP address\n"
      "list:1:18: 'c:0': a port is a number from 1 to 65535 or the name of a "
      "service\n" },
    { "targets:\n- connect: a\n  4: true\n  6: true\n", NULL },
    { "profiles: {a/b: {}}\ntargets: [a]\n",
      "list:1:12: profile 'a/b': a name has up to 64 letters, digits, '.', "
      "'_' and '-' and does not begin with '.'\n" },
    { "profiles: {..: {}}\ntargets: [a]\n", NULL },
    { "profiles: {p: {}, p: {}}\ntargets: [a]\n",
      "list:1:19: profile 'p' is said twice\n" },
    { "profiles: {p: {}}\ntargets: [{connect: a, profiles: [p, p]}]\n",
      "list:2:38: profile 'p' is named twice\n" },
    { "targets: [{connect: a, profiles: [q]}]",
      "list:1:11: profile 'q' is not among the profiles of this list\n" },
    { "---\n- a\n- b\n",
      "list:2:1: a YAML list is a mapping: put 'targets:' before the "
      "items\n" },
    { "targets: [&x a]",
      "list:1:11: a target list takes no anchors: write things out\n" },
    { "targets: [&x {connect: a}]",
      "list:1:11: a target list takes no anchors: write things out\n" },
    { "targets: [*x]",
      "list:1:11: a target list takes no aliases: write things out\n" },
    { "targets: [!!str a]",
      "list:1:11: a target list takes no tags: write things out\n" },
    { "targets: !x [a]",
      "list:1:10: a target list takes no tags: write things out\n" },
    { "targets: [{<<: {alpn: h2}, connect: a}]",
      "list:1:12: a target list takes no merge keys ('<<'): write things "
      "out\n" },
    { "---\ntargets: [a]\n---\ntargets: [b]\n",
      "list:3:1: a second document: a list has only one\n" },
    { "targets: [\"a\\0b\"]", "list:1:11: a text with a NUL byte\n" },
    { "targets: [a\n", NULL },
    { "targets:\n- \xff\n", NULL },
};

Test(yaml, every_mistake_is_told_with_its_place)
{
    for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
        struct run r;
        const char *got;

        run_init(&r);
        run_list(&r, "list", wrongs[i].text);
        cr_expect_not(run_open(&r), "%s", wrongs[i].text);
        got = buf_string(&r.complaints);
        cr_expect(strncmp(got, "list:", 5) == 0, "%s: %s", wrongs[i].text, got);
        if (wrongs[i].complaints)
            cr_expect_str_eq(got, wrongs[i].complaints, "%s: %s",
                             wrongs[i].text, got);
        run_release(&r);
    }
}

Test(yaml, one_mistake_does_not_hide_the_next)
{
    expect_targets(
        "defaults: {chiper: x, alpn: [a]}\n"
        "profiles: {p: {zzzzzzzzz: 1}}\n"
        "targets:\n- {connect: a, chiper: x}\n- b c\n",
        "list:1:12: unknown key 'chiper' (did you mean 'cipher'?)\n"
        "list:1:29: 'alpn' takes one value\n"
        "list:2:16: unknown key 'zzzzzzzzz': it is no option\n"
        "list:4:16: unknown key 'chiper' (did you mean 'cipher'?)\n"
        "list:5:3: 'b c': a host is a name of at most 253 letters, digits, '.',"
        " '-' and '_', or an IP address\n");
}

Test(yaml, a_list_can_forge_no_complaint)
{
    expect_targets("targets: [\"a\\nlist:9:9: b\\e[31m\"]",
                   "list:1:11: 'a\\x0Alist:9:9: b\\x1B[31m' is not host:port: "
                   "write an IPv6 address as [address]:port\n");
}
