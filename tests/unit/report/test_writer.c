#include "base/fault.h"
#include "base/mem.h"
#include "csv_reader.h"
#include "report/journal.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[400], csv_path[500], json_path[500], text_path[500];
static struct report_spec specs[3];
static struct report_config config;
static struct writer *writer;
static struct err e;

static void use(struct report_spec *spec, const char *format, char *path)
{
    *spec = (struct report_spec){ .format = report_format_find(format),
                                  .file = path };
    snprintf(path, sizeof(csv_path), "%s/%s", folder, format);
}

static void begin(void)
{
    sample_folder(folder, sizeof(folder));
    use(&specs[0], "csv", csv_path);
    use(&specs[1], "jsonl", json_path);
    use(&specs[2], "text", text_path);
    config = sample_config("index,target,status,keying_material");
    config.specs = specs;
    config.nspecs = 3;
}

static void end(void)
{
    writer_free(writer);
    sample_remove(folder);
}

TestSuite(writer, .init = begin, .fini = end, .timeout = 300);

static void start(void)
{
    writer = writer_new(&config, &e);
    cr_assert_not_null(writer, "%s", e.msg);
}

static void give(struct record *r)
{
    struct record_sink *sink = writer_sink(writer);

    sink->take(sink, r);
}

Test(writer, one_scan_makes_several_reports)
{
    size_t len;
    char *text;

    start();
    give(sample_failed(1, "b:1"));
    give(sample_ok(0, "a:1"));
    cr_assert(writer_finish(writer, 2, true, &e), "%s", e.msg);
    text = sample_read(folder, "csv", &len);
    cr_assert_str_eq(text, "index,target,status,keying_material\n"
                           "1,a:1,ok,\n2,b:1,failed,\n");
    mem_free(text);
    text = sample_read(folder, "jsonl", &len);
    cr_assert_str_eq(
        text, "{\"index\":1,\"target\":\"a:1\",\"status\":\"ok\"}\n"
              "{\"index\":2,\"target\":\"b:1\",\"status\":\"failed\"}\n");
    mem_free(text);
    text = sample_read(folder, "text", &len);
    cr_assert_not_null(strstr(text, "\ntargets in 2 = records out 2: 1 ok, "
                                    "1 failed\n"));
    mem_free(text);
}

Test(writer, a_scan_that_was_cut_leaves_partial_reports)
{
    struct stat st;
    char path[600];

    start();
    give(sample_ok(0, "a:1"));
    cr_assert(writer_finish(writer, 3, false, &e));
    cr_assert_neq(stat(csv_path, &st), 0);
    snprintf(path, sizeof(path), "%s.partial", csv_path);
    cr_assert_eq(stat(path, &st), 0);
}

Test(writer, a_writer_that_was_not_finished_leaves_nothing)
{
    start();
    give(sample_ok(0, "a:1"));
    writer_free(writer);
    writer = NULL;
    cr_assert_eq(sample_files(folder), 0);
}

Test(writer, an_empty_scan_has_a_header_and_a_summary)
{
    size_t len;
    char *text;

    start();
    cr_assert(writer_finish(writer, 0, true, &e));
    text = sample_read(folder, "csv", &len);
    cr_assert_str_eq(text, "index,target,status,keying_material\n");
    mem_free(text);
}

/* The CSV of a record that holds a secret. */
static char *csv_with_secret(void)
{
    struct record *r = sample_ok(0, "a:1");
    size_t len;

    record_text(r, REC_keying_material, "C0FFEE");
    start();
    give(r);
    cr_assert(writer_finish(writer, 1, true, &e));
    return sample_read(folder, "csv", &len);
}

Test(writer, a_secret_is_redacted)
{
    char *text = csv_with_secret();

    cr_assert_null(strstr(text, "C0FFEE"));
    cr_assert_not_null(strstr(text, "1,a:1,ok,redacted\n"));
    mem_free(text);
}

Test(writer, a_secret_is_shown_when_asked_for_in_a_file_of_ones_own)
{
    struct stat st;
    char *text;

    config.show_secrets = true;
    text = csv_with_secret();
    cr_assert_not_null(strstr(text, "1,a:1,ok,C0FFEE\n"));
    mem_free(text);
    cr_assert_eq(stat(csv_path, &st), 0);
    cr_assert_eq(st.st_mode & 0777, 0600);
}

Test(writer, totals_can_be_asked_for_and_add_up)
{
    struct report_totals totals;
    uint64_t sum = 0;

    start();
    for (uint64_t i = 0; i < 30; i++)
        give(i % 3 ? sample_ok(i, "a:1") : sample_failed(i, "a:1"));
    cr_assert(writer_finish(writer, 30, true, &e));
    writer_totals(writer, &totals);
    for (size_t i = 0; i < STATUS_COUNT; i++)
        sum += totals.by_status[i];
    cr_assert_eq(totals.records, 30);
    cr_assert_eq(sum, 30);
    cr_assert_eq(totals.by_status[STATUS_FAILED], 10);
}

Test(writer, two_reports_into_one_file_are_refused)
{
    specs[1].file = csv_path;
    writer = writer_new(&config, &e);
    cr_assert_null(writer);
    cr_assert_eq(e.stage, STAGE_INPUT);
    cr_assert_eq(e.code, ERR_USAGE);
    cr_assert_not_null(strstr(e.msg, csv_path));
    cr_assert_eq(sample_files(folder), 0);
}

Test(writer, two_reports_to_standard_output_are_refused)
{
    int ends[2];

    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(dup2(ends[1], STDOUT_FILENO), STDOUT_FILENO);
    specs[0].file = specs[2].file = NULL;
    writer = writer_new(&config, &e);
    cr_assert_null(writer);
    cr_assert_not_null(strstr(e.msg, "standard output; give each a file"));
}

Test(writer, a_file_that_cannot_be_made_is_named_and_nothing_is_left)
{
    specs[2].file = "/nowhere/at/all.txt";
    writer = writer_new(&config, &e);
    cr_assert_null(writer);
    cr_assert_not_null(strstr(e.msg, "/nowhere/at/all.txt"));
    cr_assert_eq(sample_files(folder), 0);
}

Test(writer, a_full_disk_fails_one_report_and_not_the_others)
{
    size_t len;
    char *text;

    specs[1].file = "/dev/full";
    start();
    give(sample_ok(0, "a:1"));
    give(sample_ok(1, "a:1"));
    cr_assert_not(writer_finish(writer, 2, true, &e));
    cr_assert(writer_failed(writer));
    cr_assert_eq(e.code, ERR_OUTPUT);
    cr_assert_not_null(strstr(e.msg, "'/dev/full'"));
    text = sample_read(folder, "csv", &len);
    cr_assert_not_null(strstr(text, "2,a:1,ok"));
    mem_free(text);
}

Test(writer, a_closed_pipe_ends_the_report_and_is_known_at_once)
{
    int ends[2];

    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(dup2(ends[1], STDOUT_FILENO), STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    specs[2].file = NULL;
    start();
    cr_assert_not(writer_failed(writer));
    /* The queue holds less than that, so the writer has written by then. */
    for (uint64_t i = 0; i < 10000; i++)
        give(sample_ok(i, "a:1"));
    cr_assert(writer_failed(writer));
    cr_assert_not(writer_finish(writer, 10000, true, &e));
    cr_assert_str_eq(e.msg, "standard output was closed by its reader before "
                            "the report was complete");
}

Test(writer, a_person_sees_each_line_when_nothing_else_waits)
{
    int ends[2];
    char text[200];
    ssize_t n;

    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(dup2(ends[1], STDOUT_FILENO), STDOUT_FILENO);
    specs[0] = specs[2];
    specs[0].file = NULL;
    config.nspecs = 1;
    start();
    give(sample_ok(0, "a:1"));
    /* Waits until the writer wrote: it must do so before the scan ends. */
    n = read(ends[0], text, sizeof(text));
    cr_assert_gt(n, 0);
    cr_assert_eq(text[n - 1], '\n');
    cr_assert(writer_finish(writer, 1, true, &e));
}

enum { GIVERS = 8, EACH = 1000, ALL = GIVERS * EACH };

/* One of GIVERS threads, each with its share of the places. */
static void *give_share(void *arg)
{
    const size_t *first = arg;

    for (size_t i = 0; i < EACH; i++) {
        /* Every share is given from the middle on, so that most must wait. */
        size_t nth = (i + EACH / 2) % EACH;

        give(sample_ok(nth * GIVERS + *first, "a:1"));
    }
    return NULL;
}

static void give_from_many_threads(void)
{
    pthread_t threads[GIVERS];
    size_t first[GIVERS];

    for (size_t i = 0; i < GIVERS; i++) {
        first[i] = i;
        cr_assert_eq(pthread_create(&threads[i], NULL, give_share, &first[i]),
                     0);
    }
    for (size_t i = 0; i < GIVERS; i++)
        pthread_join(threads[i], NULL);
}

static void assert_all_in_order(const char *text, size_t len)
{
    struct csv_table t;

    cr_assert(csv_read(&t, text, len));
    cr_assert_eq(t.count, (size_t)(ALL + 1) * t.columns);
    for (size_t row = 1; row <= ALL; row++) {
        char expected[24];

        snprintf(expected, sizeof(expected), "%zu", row);
        cr_assert_str_eq(t.cells[row * t.columns].text, expected);
    }
    csv_release(&t);
}

Test(writer, many_threads_lose_nothing_and_keep_the_order)
{
    size_t len;
    char *text;

    start();
    give_from_many_threads();
    cr_assert(writer_finish(writer, ALL, true, &e), "%s", e.msg);
    text = sample_read(folder, "csv", &len);
    assert_all_in_order(text, len);
    mem_free(text);
}

struct reader {
    int fd;
    struct buf text;
};

/* Reads a few bytes at a time. */
static void *read_slowly(void *arg)
{
    struct reader *in = arg;
    char chunk[64];
    ssize_t n;

    while ((n = read(in->fd, chunk, sizeof(chunk))) > 0)
        buf_add(&in->text, chunk, (size_t)n);
    return NULL;
}

Test(writer, a_slow_reader_gets_everything)
{
    struct reader in;
    pthread_t thread;

    buf_init(&in.text, 64 << 20);
    cr_assert_eq(mkfifo(csv_path, 0600), 0);
    in.fd = open(csv_path, O_RDONLY | O_NONBLOCK);
    start();
    cr_assert_eq(fcntl(in.fd, F_SETFL, 0), 0);
    cr_assert_eq(pthread_create(&thread, NULL, read_slowly, &in), 0);
    give_from_many_threads();
    cr_assert(writer_finish(writer, ALL, true, &e), "%s", e.msg);
    pthread_join(thread, NULL);
    close(in.fd);
    assert_all_in_order(in.text.data, in.text.len);
    buf_release(&in.text);
}

/* The journal of a run that ended early, as the next run finds it. */
static struct journal *journal_of(const char *path)
{
    struct buf note;
    struct journal *j;

    buf_init(&note, 4096);
    j = journal_open(
        &(struct journal_config){
            .path = path, .identity = "run", .targets = 3, .resume = true },
        &note, &e);
    buf_release(&note);
    cr_assert_not_null(j, "%s", e.msg);
    return j;
}

Test(writer, a_record_that_lost_a_part_is_left_to_the_next_run)
{
    struct record *poor = sample_ok(1, "b"), *rich = sample_ok(2, "c");
    char path[500];
    struct journal *j;

    snprintf(path, sizeof(path), "%s/journal", folder);
    start();
    j = journal_of(path);
    writer_keep(writer, j);
    poor->incomplete = true;
    rich->more = sample_ok(2, "c");
    rich->more->incomplete = true;
    give(sample_ok(0, "a"));
    give(poor);
    give(rich);
    cr_assert(writer_finish(writer, 3, false, &e), "%s", e.msg);
    cr_assert(journal_close(j, false, &e));

    j = journal_of(path);
    cr_expect_eq(journal_count(j), 1);
    cr_expect(journal_has(j, 0));
    cr_assert(journal_close(j, true, &e));
}

Test(writer, a_failure_at_any_call_of_the_start_leaves_nothing)
{
    long calls;

    fault_arm(0);
    start();
    calls = fault_seen();
    writer_free(writer);
    cr_assert_gt(calls, 10);
    for (long n = 1; n <= calls; n++) {
        e = (struct err){ 0 };
        fault_arm(n);
        writer = writer_new(&config, &e);
        fault_arm(-1);
        cr_assert_null(writer, "call %ld", n);
        cr_assert_neq(e.code, ERR_NONE);
        cr_assert_eq(sample_files(folder), 0);
    }
}
