/* What hostile lists cost.  No time is measured: a list that is not refused
 * early does not end within the patience of any test run. */
#include "run.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* A sanitizer keeps freed memory, so there its size says nothing. */
#if defined(__SANITIZE_ADDRESS__)
#    define MEASURABLE false
#elif defined(__has_feature)
#    if __has_feature(address_sanitizer)
#        define MEASURABLE false
#    endif
#endif
#ifndef MEASURABLE
#    define MEASURABLE true
#endif

enum { HOSTILE = 10 * 1024 * 1024 };

/* head, then "piece" again and again; a "%d" in it counts. */
static char *repeat(const char *head, const char *piece)
{
    const bool counts = strstr(piece, "%d") != NULL;
    char *text = malloc(HOSTILE + 1);
    size_t len = strlen(head), piece_len = strlen(piece);
    int n = 0;

    cr_assert(text);
    memcpy(text, head, len);
    while (len + piece_len + 12 < HOSTILE) {
        if (!counts) {
            memcpy(text + len, piece, piece_len);
            len += piece_len;
            continue;
        }
        const char *at = strstr(piece, "%d");

        len += (size_t)snprintf(text + len, HOSTILE - len, "%.*s%d%s",
                                (int)(at - piece), piece, n++, at + 2);
    }
    text[len] = '\0';
    return text;
}

static long peak_kib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

struct hostile {
    const char *head, *piece, *complaint;
};

static const struct hostile hostiles[] = {
    { "targets: ", "[", ": nested deeper than 16 levels" },
    { "targets: ", "[\n", ": nested deeper than 16 levels" },
    { "targets: ", "{a: ", ": nested deeper than 16 levels" },
    { "targets:\n", "- ", ": nested deeper than 16 levels" },
    { "targets:\n", "? ", "" },
    { "{", "{", ": a list has the keys" },
    { "---\n", "[", ": a YAML list is a mapping" },
    { "%YAML 1.1\n", "%%TAG !%d! x\n", "too many lines that begin with '%'" },
    { "%YAML 1.1\n#", "\xe2\x80\xa8%%TAG !%d! x", "that begin with '%'" },
    { "%YAML 1.1\n#", "\xc2\x85%%TAG !%d! x", "that begin with '%'" },
    { "targets: [a]\n...\n", "%%TAG !%d! x\n", "that begin with '%'" },
    { "targets:\n", "- &x%d a\n", ":2:3: a target list takes no anchors" },
    { "targets:\n- '", "a", ":2:1: 1024 KiB without" },
    { "targets:\n- \"", "\\x41", ":2:1: 1024 KiB without" },
    { "targets:\n- ", "a b ", ":2:1: 1024 KiB without" },
    { "targets:\n- |\n", "  a\n", ":2:1: 1024 KiB without" },
    { "targets:\n", "# a\n", ": 1024 KiB without" },
    { "targets:\n- a", "\n", ": 1024 KiB without" },
    { "targets:\n- !", "a", ": 1024 KiB without" },
    { "targets: {", "a", ": 1024 KiB without" },
    { "defaults:\n", "  a%d: x\n", "at least 981 more" },
    { "profiles:\n", "  p%d: {}\n", "more than 256 profiles" },
    { "targets:\n- connect: a\n  tags:\n", "    k%d: v\n",
      "more than 256 tags" },
    { "targets:\n- connect: a\n  nameopt:\n", "  - x\n",
      ":260:5: 'nameopt' takes at most 256 at once" },
    { "targets:\n- connect: a\n  profiles:\n", "  - p%d\n",
      "'profiles' takes at most 256 at once" },
    { "targets:\n- hosts:\n", "  - a\n",
      ":10003:5: 'hosts' takes at most 10000 at once" },
    { "targets:\n", "- - a\n", "at least 981 more" },
    { "", "a -chiperchiperchiperchiperchiperchiperchipher x\n",
      "at least 981 more" },
    { "a ", "-4 ", ":1:1: the line is longer than 16384 bytes" },
};

Test(limits, hostile_lists_are_refused_early_and_in_little_memory)
{
    const long before = peak_kib() + 2 * HOSTILE / 1024;

    for (size_t i = 0; i < sizeof(hostiles) / sizeof(hostiles[0]); i++) {
        char *text = repeat(hostiles[i].head, hostiles[i].piece);
        struct run r;

        run_init(&r);
        run_list(&r, "list", text);
        free(text);
        cr_expect_not(run_open(&r), "%s", hostiles[i].piece);
        cr_expect(strstr(buf_string(&r.complaints), hostiles[i].complaint),
                  "%s: %s", hostiles[i].piece, buf_string(&r.complaints));
        run_release(&r);
    }
    if (MEASURABLE)
        cr_expect_lt(peak_kib(), before + 16 * 1024);
}

static void expect_depth(size_t depth, bool fine)
{
    char text[256] = "targets: [{connect: a, zz: ";
    size_t at = strlen(text);
    struct run r;

    /* The document, "targets" and the target are three. */
    for (size_t i = 3; i < depth; i++)
        text[at++] = '[';
    for (size_t i = 3; i < depth; i++)
        text[at++] = ']';
    memcpy(text + at, "}]", 3);
    run_init(&r);
    run_list(&r, "list", text);
    cr_expect_not(run_open(&r));
    cr_expect_eq(strstr(buf_string(&r.complaints), "nested deeper") == NULL,
                 fine, "%s: %s", text, buf_string(&r.complaints));
    run_release(&r);
}

Test(limits, sixteen_levels_are_read_and_no_more)
{
    expect_depth(16, true);
    expect_depth(17, false);
}

Test(limits, a_text_of_4096_bytes_is_read_and_no_more)
{
    for (size_t more = 0; more < 2; more++) {
        char text[5000] = "targets: [{connect: a, servername: ";
        size_t at = strlen(text);
        struct run r;

        memset(text + at, 'a', 4096 + more);
        memcpy(text + at + 4096 + more, "}]", 3);
        run_init(&r);
        run_list(&r, "list", text);
        cr_expect_eq(run_open(&r), more == 0, "%s", r.e.msg);
        run_release(&r);
    }
}

Test(limits, a_group_of_10000_hosts_is_read)
{
    char *text = malloc(100 * 1000);
    struct run r;
    size_t len;

    cr_assert(text);
    len = (size_t)snprintf(text, 100, "targets: [{hosts: [a");
    for (size_t i = 1; i < 10000; i++) {
        memcpy(text + len, ", a", 3);
        len += 3;
    }
    memcpy(text + len, "]}]", 4);
    run_init(&r);
    run_list(&r, "list", text);
    cr_expect(run_open(&r), "%s", r.e.msg);
    cr_expect_eq(targets_count(r.stream), 10000);
    run_release(&r);
    free(text);
}

static long feed_peak_kib(const char *head, const char *line, size_t n)
{
    const size_t line_len = strlen(line);
    size_t len = strlen(head);
    struct target *t;
    struct run r;
    char *text;
    long before;

    if (!MEASURABLE)
        cr_skip("a sanitizer keeps freed memory");
    text = malloc(len + n * line_len + 1);
    cr_assert(text);
    memcpy(text, head, len);
    for (size_t i = 0; i < n; i++) {
        memcpy(text + len, line, line_len);
        len += line_len;
    }
    text[len] = '\0';
    run_init(&r);
    run_list(&r, "list", text);
    free(text);
    before = peak_kib();
    cr_assert(run_open(&r), "%s", r.e.msg);
    cr_expect_eq(targets_count(r.stream), n);
    while ((t = targets_next(r.stream, &r.e)) != NULL)
        target_free(t);
    cr_expect_eq(r.e.code, ERR_NONE);
    run_release(&r);
    return peak_kib() - before;
}

/* The peak of a process only grows, so the long list must add nothing to what
 * the writing of its text took: a list held in memory would be ten times
 * that. */
Test(limits, memory_does_not_grow_with_a_plain_list)
{
    cr_expect_lt(feed_peak_kib("", "a.example.com\n", 200 * 1000), 1024);
}

Test(limits, memory_does_not_grow_with_a_yaml_list)
{
    cr_expect_lt(
        feed_peak_kib("targets:\n", "- {connect: a.b, alpn: h2}\n", 50 * 1000),
        1024);
}
