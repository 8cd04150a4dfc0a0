#include "../../../src/report/output.h"
#include "base/fault.h"
#include "base/mem.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[400], path[500];
static struct output o;
static struct err e;

static void begin(void)
{
    umask(022);
    signal(SIGPIPE, SIG_IGN);
    sample_folder(folder, sizeof(folder));
    snprintf(path, sizeof(path), "%s/report.csv", folder);
}

static void end(void)
{
    output_release(&o);
    sample_remove(folder);
}

TestSuite(output, .init = begin, .fini = end);

static void make_file(const char *name, const char *text)
{
    char full[600];
    int fd;

    snprintf(full, sizeof(full), "%s/%s", folder, name);
    fd = open(full, O_WRONLY | O_CREAT | O_TRUNC, 0640);
    cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void assert_file(const char *name, const char *text)
{
    size_t len;
    char *bytes = sample_read(folder, name, &len);

    cr_assert_not_null(bytes, "%s is missing", name);
    cr_assert_str_eq(bytes, text);
    mem_free(bytes);
}

static bool is_there(const char *name)
{
    char full[600];

    snprintf(full, sizeof(full), "%s/%s", folder, name);
    return access(full, F_OK) == 0;
}

static void open_report(void)
{
    cr_assert(output_open(&o, path, READERS_USUAL, &e), "%s", e.msg);
}

Test(output, a_file_has_its_name_only_once_it_is_whole)
{
    open_report();
    buf_text(&o.pending, "all of it\n");
    cr_assert(output_write(&o, 1, &e));
    cr_assert_not(is_there("report.csv"));
    cr_assert_eq(sample_files(folder), 1);
    cr_assert(output_finish(&o, true, &e), "%s", e.msg);
    assert_file("report.csv", "all of it\n");
    cr_assert_eq(sample_files(folder), 1);
}

Test(output, the_temporary_file_is_hidden_beside_the_report)
{
    open_report();
    cr_assert_eq(strncmp(o.temporary, ".report.csv.", 12), 0);
    cr_assert_eq(strlen(o.temporary), 18);
}

Test(output, a_file_that_is_not_whole_is_called_partial)
{
    make_file("report.csv", "yesterday\n");
    open_report();
    buf_text(&o.pending, "half\n");
    cr_assert(output_finish(&o, false, &e));
    assert_file("report.csv", "yesterday\n");
    assert_file("report.csv.partial", "half\n");
    cr_assert_eq(sample_files(folder), 2);
}

Test(output, a_whole_file_takes_the_place_of_a_partial_one)
{
    make_file("report.csv.partial", "half\n");
    open_report();
    cr_assert(output_finish(&o, true, &e));
    assert_file("report.csv", "");
    cr_assert_eq(sample_files(folder), 1);
}

Test(output, a_file_that_was_not_finished_is_gone)
{
    make_file("report.csv", "yesterday\n");
    open_report();
    buf_text(&o.pending, "half\n");
    cr_assert(output_write(&o, 1, &e));
    output_release(&o);
    assert_file("report.csv", "yesterday\n");
    cr_assert_eq(sample_files(folder), 1);
}

Test(output, less_than_a_block_waits)
{
    open_report();
    buf_text(&o.pending, "12345");
    cr_assert(output_write(&o, 6, &e));
    cr_assert_eq(o.pending.len, 5);
    cr_assert(output_write(&o, 5, &e));
    cr_assert_eq(o.pending.len, 0);
}

static unsigned mode_of(bool secret)
{
    struct stat st;

    cr_assert(
        output_open(&o, path, secret ? READERS_OWNER : READERS_USUAL, &e));
    cr_assert(output_finish(&o, true, &e));
    output_release(&o);
    cr_assert_eq(stat(path, &st), 0);
    return st.st_mode & 0777;
}

Test(output, secrets_are_for_their_owner_only)
{
    cr_assert_eq(mode_of(false), 0644);
    cr_assert_eq(mode_of(true), 0600);
}

Test(output, a_symbolic_link_stays_and_its_file_is_replaced)
{
    char link[500];
    struct stat st;

    make_file("real.csv", "yesterday\n");
    snprintf(link, sizeof(link), "%s/latest.csv", folder);
    cr_assert_eq(symlink("real.csv", link), 0);
    cr_assert(output_open(&o, link, READERS_USUAL, &e));
    buf_text(&o.pending, "today\n");
    cr_assert(output_finish(&o, true, &e));
    assert_file("real.csv", "today\n");
    cr_assert_eq(lstat(link, &st), 0);
    cr_assert(S_ISLNK(st.st_mode));
}

Test(output, a_link_to_nothing_is_refused)
{
    cr_assert_eq(symlink("nothing", path), 0);
    cr_assert_not(output_open(&o, path, READERS_USUAL, &e));
    cr_assert_eq(e.code, ERR_OUTPUT);
    cr_assert_not_null(strstr(e.msg, path));
}

Test(output, a_name_in_the_working_folder_is_fine)
{
    cr_assert_eq(chdir(folder), 0);
    cr_assert(output_open(&o, "here.csv", READERS_USUAL, &e));
    cr_assert(output_finish(&o, true, &e));
    cr_assert(is_there("here.csv"));
}

Test(output, what_cannot_be_a_report_is_named)
{
    static const char *const names[] = { "/nowhere/at/all.csv", "/tmp", "" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        e = (struct err){ 0 };
        cr_assert_not(output_open(&o, names[i], READERS_USUAL, &e), "%s",
                      names[i]);
        cr_assert_eq(e.code, ERR_OUTPUT);
        cr_assert_not_null(strstr(e.msg, names[i]));
        output_release(&o);
    }
}

Test(output, a_full_device_is_an_error)
{
    cr_assert(output_open(&o, "/dev/full", READERS_USUAL, &e));
    buf_text(&o.pending, "x");
    cr_assert_not(output_finish(&o, true, &e));
    cr_assert_eq(e.code, ERR_OUTPUT);
    cr_assert_str_eq(e.msg,
                     "cannot write to '/dev/full': No space left on device");
}

Test(output, a_device_is_written_directly)
{
    struct stat st;

    cr_assert(output_open(&o, "/dev/null", READERS_USUAL, &e));
    buf_text(&o.pending, "x");
    cr_assert(output_finish(&o, true, &e));
    cr_assert_eq(stat("/dev/null", &st), 0);
    cr_assert(S_ISCHR(st.st_mode));
}

/* Opens a FIFO as the report; returns its reading end. */
static int open_fifo(void)
{
    int fd;

    cr_assert_eq(mkfifo(path, 0600), 0);
    fd = open(path, O_RDONLY | O_NONBLOCK);
    cr_assert_geq(fd, 0);
    open_report();
    return fd;
}

Test(output, a_fifo_is_written_directly)
{
    int fd = open_fifo();
    char text[8];

    buf_text(&o.pending, "abc");
    cr_assert(output_write(&o, 1, &e));
    cr_assert_eq(read(fd, text, sizeof(text)), 3);
    close(fd);
}

Test(output, a_reader_that_went_away_is_an_error)
{
    close(open_fifo());
    buf_text(&o.pending, "abc");
    cr_assert_not(output_write(&o, 1, &e));
    cr_assert_not_null(strstr(e.msg, "was closed by its reader before"));
}

Test(output, a_reader_of_a_pipe_that_does_not_block_is_waited_for)
{
    int ends[2];

    cr_assert_eq(pipe2(ends, O_NONBLOCK), 0);
    cr_assert_eq(dup2(ends[1], STDOUT_FILENO), STDOUT_FILENO);
    cr_assert(output_open(&o, NULL, READERS_USUAL, &e));
    while (write(ends[1], "x", 1) == 1)
        continue;
    cr_assert_eq(errno, EAGAIN);

    pid_t child = fork();
    char chunk[4096];

    if (child == 0) {
        close(ends[1]);
        close(STDOUT_FILENO);
        fcntl(ends[0], F_SETFL, 0);
        while (read(ends[0], chunk, sizeof(chunk)) > 0)
            continue;
        _exit(0);
    }
    buf_text(&o.pending, "abc");
    cr_assert(output_write(&o, 1, &e), "%s", e.msg);
    close(ends[1]);
    close(STDOUT_FILENO);
    waitpid(child, NULL, 0);
}

Test(output, a_file_that_may_not_grow_is_an_error_and_gone)
{
    struct rlimit limit = { .rlim_cur = 1000, .rlim_max = RLIM_INFINITY };

    signal(SIGXFSZ, SIG_IGN);
    open_report();
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    for (int i = 0; i < 150; i++)
        buf_text(&o.pending, "0123456789");
    /* The first write is short, the second fails. */
    cr_assert_not(output_finish(&o, true, &e));
    cr_assert_eq(e.sys, EFBIG);
    output_release(&o);
    cr_assert_eq(sample_files(folder), 0);
}

static bool same(const char *a, const char *b)
{
    struct output first, second;
    struct err why = { 0 };

    cr_assert(output_open(&first, a, READERS_USUAL, &why), "%s", why.msg);
    cr_assert(output_open(&second, b, READERS_USUAL, &why), "%s", why.msg);
    bool result = output_same(&first, &second);

    cr_assert_eq(output_same(&second, &first), result);
    output_release(&first);
    output_release(&second);
    return result;
}

Test(output, two_names_of_one_file_are_the_same)
{
    char other[600];

    snprintf(other, sizeof(other), "%s/../%s/report.csv", folder,
             strrchr(folder, '/') + 1);
    cr_assert(same(path, path));
    cr_assert(same(path, other));
    make_file("report.csv", "");
    cr_assert(same(path, other));
    snprintf(other, sizeof(other), "%s/link", folder);
    cr_assert_eq(symlink("report.csv", other), 0);
    cr_assert(same(path, other));
    snprintf(other, sizeof(other), "%s/other.csv", folder);
    cr_assert_not(same(path, other));
    cr_assert_not(same(NULL, path));
    cr_assert_not(same("/dev/null", "/dev/null"));
}

Test(output, standard_output_into_the_file_of_a_report_is_the_same)
{
    int fd;

    make_file("report.csv", "");
    fd = open(path, O_WRONLY);
    cr_assert_eq(dup2(fd, STDOUT_FILENO), STDOUT_FILENO);
    cr_assert(same(NULL, path));
    cr_assert(same(NULL, NULL));
    close(fd);
}

static bool make_report(bool whole)
{
    bool done = output_open(&o, path, READERS_USUAL, &e);

    buf_text(&o.pending, "first\n");
    done = done && output_write(&o, 1, &e);
    buf_text(&o.pending, "second\n");
    return done && output_finish(&o, whole, &e);
}

/* Under the final name is the old report or all of the new one. */
static void assert_old_or_new(void)
{
    size_t len;
    char *text = sample_read(folder, "report.csv", &len);

    cr_assert_not_null(text);
    cr_assert(strcmp(text, "old\n") == 0
              || strcmp(text, "first\nsecond\n") == 0);
    mem_free(text);
}

static void fail_everywhere(bool whole)
{
    long calls;

    make_file("report.csv", "old\n");
    fault_arm(0);
    cr_assert(make_report(whole));
    calls = fault_seen();
    cr_assert_gt(calls, 8);
    output_release(&o);
    for (long n = 1; n <= calls; n++) {
        make_file("report.csv", "old\n");
        e = (struct err){ 0 };
        fault_arm(n);
        bool done = make_report(whole);

        fault_arm(-1);
        output_release(&o);
        cr_assert_not(done, "call %ld of %ld failed and was not told", n,
                      calls);
        cr_assert_neq(e.code, ERR_NONE);
        cr_assert_neq(e.msg[0], '\0');
        assert_old_or_new();
        cr_assert_leq(sample_files(folder), 2);
    }
}

Test(output, a_failure_at_any_call_is_told_and_leaves_no_cut_file)
{
    fail_everywhere(true);
    cr_assert_eq(sample_files(folder), 1);
}

Test(output, a_failure_at_any_call_of_a_partial_report_is_told)
{
    fail_everywhere(false);
    assert_file("report.csv", "old\n");
}
