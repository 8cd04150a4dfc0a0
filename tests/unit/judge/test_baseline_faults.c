/* Baselines that are no reports, change, or are asked by many. */
#include "fleet.h"

#include "base/buf.h"
#include "base/fault.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* ---- what is no report ---- */

static void expect_refusal(const void *content, size_t len, const char *why)
{
    struct err e = { 0 };
    struct baseline *b = baseline_open(sample_file(content, len), false, &e);

    cr_expect_null(b);
    cr_expect_eq(e.code, ERR_FILE);
    cr_expect_not_null(strstr(e.msg, why), "not '%s': %s", why, e.msg);
    cr_expect_eq(strncmp(e.msg, "baseline '/proc/", 16), 0, "%s", e.msg);
    baseline_close(b);
}

Test(baseline_faults, what_is_no_report_is_refused_with_its_line)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        { "hello\n", "line 1: it is no header" },
        { "target,cipher\n", "line 1: it is no header" },
        { "\n", "neither CSV nor JSON Lines" },
        { "\x1f\x8b\x08", "neither CSV nor JSON Lines" },
        { "\xff\xfeh", "neither CSV nor JSON Lines" },
        { "host,port\na,b,c\n", "line 2: its 'port' cannot be read" },
        { "host,port\na,1,c\n", "line 2: it has more cells" },
        { "host,port\na,1\nb\n", "line 3: it has fewer cells" },
        { "host,port\n\"a\n\n\",1\nb,x\n", "line 5: its 'port'" },
        { "host,port\na,1\n\"b,1\nc,1\n", "line 3: a quote is not closed" },
        { "{}\n{]\n", "line 2: byte 2: a string is expected" },
        { "{}\nhost,port\n", "line 2: byte 1: an object is expected" },
        { "{\"cipher\":\"a\"}\n", "none of its rows has a host and a port" },
        { "{\"target\":\"a\",\"status\":\"ok\"}\n",
          "none of its rows has a host and a port" },
        { "{\"host\":\"a\"}\n", "none of its rows has a host and a port" },
        { "{\"port\":1}\n\n{\"port\":\"1\"}\n", "line 3: its 'port'" },
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        expect_refusal(rows[i].text, strlen(rows[i].text), rows[i].why);
    expect_refusal("host,port\na\0,1\n", 15, "line 2: it holds a NUL byte");
    expect_refusal("{\"host\":\"\0\"}\n", 12, "line 1: it holds a NUL byte");
    expect_refusal("\0", 1, "neither CSV nor JSON Lines");
}

Test(baseline_faults, a_line_without_end_is_refused)
{
    static char text[5 << 20];

    memset(text, 'x', sizeof(text));
    memcpy(text, "host,port\n", 10);
    expect_refusal(text, sizeof(text), "line 2: it is longer than 4 MiB");
    memset(text, '[', sizeof(text));
    memcpy(text, "{\"x\":", 5);
    expect_refusal(text, sizeof(text), "line 1: it is longer than 4 MiB");
    expect_refusal(text, 4 << 20, "line 1: byte 22: nested too deep");
}

Test(baseline_faults, only_a_file_can_be_opened)
{
    static const struct {
        const char *path, *why;
    } rows[] = {
        { "/proc/self/no-such-file",
          "baseline '/proc/self/no-such-file': there is no such file; a first run" },
        { "/", "it is no regular file" },
        { "/dev/null", "it is no regular file" },
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err e = { 0 };

        cr_expect_null(baseline_open(rows[i].path, false, &e));
        cr_expect_eq(e.code, ERR_FILE);
        cr_expect_not_null(strstr(e.msg, rows[i].why), "%s", e.msg);
    }
}

/* ---- when things go wrong later ---- */

Test(baseline_faults, a_file_that_changes_makes_changes_unknown)
{
    static const char *const later[] = {
        "host,port\nx,443\n",
        "host,port\n",
        "host,port\na,x\n",
        "",
    };

    for (size_t i = 0; i < COUNT(later); i++) {
        const char *name = sample_text("host,port\na,443\n");
        struct err e = { 0 };
        struct baseline *b = baseline_open(name, false, &e);
        struct record *r = fleet_target("a", "443");

        cr_assert_not_null(b, "%s", e.msg);
        cr_expect(baseline_whole(b));
        sample_rewrite(name, later[i]);
        fleet_expect_unknown(b, r);
        cr_expect_not(baseline_whole(b), "%s", later[i]);
        cr_expect_null(baseline_gone(b, 0));
        record_free(r);
        baseline_close(b);
    }
}

Test(baseline_faults, opening_survives_every_fault)
{
    const char *name = sample_text(fleet_csv);
    struct baseline *b = NULL;
    long nth = 0;

    while (!b) {
        struct err e = { 0 };

        fault_arm(++nth);
        b = baseline_open(name, false, &e);
        cr_assert(b || e.code == ERR_NO_MEMORY || e.code == ERR_FILE,
                  "fault %ld: %s", nth, e.msg);
        cr_assert(!b || fault_seen() < nth, "fault %ld went unseen", nth);
    }
    fault_arm(0);
    cr_assert_gt(nth, 30);
    baseline_close(b);
}

Test(baseline_faults, judging_survives_every_fault)
{
    long nth = 0, seen;

    do {
        struct baseline *b = fleet_open(fleet_jsonl, false);
        struct record *r = fleet_first();

        sample_set(r, "cipher", "AES");
        fault_arm(++nth);
        baseline_judge(b, r);
        seen = fault_seen();
        fault_arm(0);
        if (record_known(r, REC_change))
            cr_expect_str_eq(record_get(r, REC_change),
                             "cipher: TLS_AES_256_GCM_SHA384 -> AES");
        else
            cr_expect(r->incomplete || !baseline_whole(b), "fault %ld", nth);
        cr_expect(seen < nth || !record_known(r, REC_change), "fault %ld", nth);
        record_free(r);
        baseline_close(b);
    } while (seen >= nth);
    cr_assert_gt(nth, 20);
}

Test(baseline_faults, telling_what_is_gone_survives_every_fault)
{
    long nth = 0, seen;

    do {
        struct baseline *b = fleet_open(fleet_jsonl, false);
        struct record *r;

        fault_arm(++nth);
        r = baseline_gone(b, 0);
        seen = fault_seen();
        fault_arm(0);
        cr_expect((r && !r->incomplete) || !baseline_whole(b), "fault %ld",
                  nth);
        record_free(r);
        baseline_close(b);
    } while (seen >= nth);
    cr_assert_gt(nth, 10);
}

/* ---- many ---- */

enum { MANY = 20 * 1000, THREADS = 4 };

static struct baseline *open_many(void)
{
    struct baseline *b;
    struct buf text;

    buf_init(&text, 16 << 20);
    buf_text(&text, "host,port,cipher\n");
    for (int i = 0; i < MANY; i++)
        buf_printf(&text, "h%d,443,c%d\n", i / 2, i % 2);
    cr_assert(buf_ok(&text));
    b = fleet_open(text.data, false);
    buf_release(&text);
    return b;
}

struct share {
    struct baseline *b;
    int first;
    size_t same, others;
};

static void *judge_share(void *arg)
{
    struct share *s = arg;

    for (int i = s->first; i < MANY; i += THREADS) {
        char host[16] = "h";
        struct record *r;

        snprintf(host, sizeof(host), "h%d", i / 2);
        r = sample_record("host", host, "port", "443", NULL);
        baseline_judge(s->b, r);
        if (record_known(r, REC_change)
            && strcmp(record_get(r, REC_change), "same") == 0)
            s->same++;
        else
            s->others++;
        record_free(r);
    }
    return NULL;
}

Test(baseline_faults, threads_share_the_rows_and_none_is_taken_twice)
{
    struct baseline *b = open_many();
    struct share shares[THREADS];
    pthread_t threads[THREADS];
    struct record *extra = sample_record("host", "h0", "port", "443", NULL);

    for (int i = 0; i < THREADS; i++) {
        shares[i] = (struct share){ .b = b, .first = i };
        cr_assert_eq(pthread_create(&threads[i], NULL, judge_share, &shares[i]),
                     0);
    }
    for (int i = 0; i < THREADS; i++) {
        cr_assert_eq(pthread_join(threads[i], NULL), 0);
        cr_expect_eq(shares[i].same, MANY / THREADS);
        cr_expect_eq(shares[i].others, 0);
    }
    fleet_expect_change(b, extra, "new");
    fleet_expect_gone(b, NULL, 0);
    record_free(extra);
    baseline_close(b);
}

Test(baseline_faults, all_of_many_rows_can_be_gone)
{
    struct baseline *b = open_many();
    size_t n = 0;

    for (struct record *r; (r = baseline_gone(b, n)) != NULL; n++)
        record_free(r);
    cr_assert_eq(n, MANY);
    cr_assert(baseline_whole(b));
    baseline_close(b);
}
