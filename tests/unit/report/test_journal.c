/* The journal: what an earlier run wrote, cut anywhere, is found again. */
#include "report/journal.h"

#include "base/fault.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TARGETS = 20 };

static char dir[] = "/tmp/tlsfleet-journal.XXXXXX";
static char path[64], old[64];
static struct buf note;
static struct err err;

static void begin(void)
{
    cr_assert_not_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/j", dir);
    snprintf(old, sizeof(old), "%s/j.old", dir);
    buf_init(&note, 4096);
}

static void end(void)
{
    unlink(path);
    unlink(old);
    rmdir(dir);
    buf_release(&note);
}

TestSuite(journal, .init = begin, .fini = end);

static struct journal *open_as(const char *identity, bool resume)
{
    const struct journal_config config = {
        .path = path, .identity = identity, .targets = TARGETS, .resume = resume
    };

    err = (struct err){ 0 };
    buf_clear(&note);
    return journal_open(&config, &note, &err);
}

static struct journal *open_again(void)
{
    return open_as("program 1\nlist 2", true);
}

static void append(struct journal *j, uint64_t seq)
{
    struct record *r = record_new();
    char text[32];

    snprintf(text, sizeof(text), "target %d", (int)seq);
    record_text(r, REC_target, text);
    r->seq = seq;
    cr_assert(journal_append(j, r, &err), "%s", err.msg);
    record_free(r);
}

/* A run that was killed after these places; the size of its journal. */
static off_t killed_run(void)
{
    static const uint64_t order[] = { 3, 0, 7, 1 };
    struct journal *j = open_as("program 1\nlist 2", false);
    struct stat st;

    cr_assert_not_null(j, "%s", err.msg);
    for (size_t i = 0; i < 4; i++)
        append(j, order[i]);
    cr_assert(journal_close(j, false, &err));
    cr_assert_eq(stat(path, &st), 0);
    return st.st_size;
}

struct tray {
    struct record_sink sink;
    unsigned count;
    uint64_t seen; /* a bit a place */
    bool right; /* each says what was written for its place */
};

static void tray_take(struct record_sink *sink, struct record *r)
{
    struct tray *t = (struct tray *)(void *)sink;
    char text[32];

    snprintf(text, sizeof(text), "target %d", (int)r->seq);
    t->right &= strcmp(record_get(r, REC_target), text) == 0;
    t->seen |= UINT64_C(1) << r->seq;
    t->count++;
    record_free(r);
}

static struct tray replay(struct journal *j)
{
    struct tray t = { .sink.take = tray_take, .right = true };

    cr_assert(journal_replay(j, &t.sink, &err), "%s", err.msg);
    return t;
}

Test(journal, a_resumed_run_has_what_the_killed_one_wrote)
{
    struct journal *j;
    struct tray t;

    killed_run();
    j = open_again();
    cr_assert_not_null(j, "%s", err.msg);
    cr_expect_eq(journal_count(j), 4);
    cr_expect(journal_has(j, 7));
    cr_expect_not(journal_has(j, 2));
    t = replay(j);
    cr_expect(t.right);
    cr_expect_eq(t.count, 4);
    cr_expect_eq(t.seen, 0x8b);
    cr_expect(journal_close(j, true, &err));
    cr_expect_eq(access(path, F_OK), -1, "a whole run leaves no journal");
}

Test(journal, a_journal_that_is_cut_anywhere_loses_only_the_torn_end)
{
    const off_t size = killed_run();
    uint64_t most = 0;

    for (off_t at = 0; at <= size; at++) {
        struct journal *j;
        struct tray t;

        unlink(path);
        killed_run();
        cr_assert_eq(truncate(path, at), 0);
        j = open_again();
        cr_assert_not_null(j, "cut at %d: %s", (int)at, err.msg);
        t = replay(j);
        cr_assert(t.right);
        cr_assert_eq(t.count, journal_count(j));
        cr_assert_geq(t.count, most);
        most = t.count;
        append(j, 9);
        cr_assert(journal_close(j, false, &err));
        j = open_again();
        cr_assert_eq(journal_count(j), most + 1, "cut at %d", (int)at);
        cr_assert(journal_close(j, true, &err));
    }
    cr_expect_eq(most, 4);
}

Test(journal, a_spoilt_byte_ends_what_is_believed)
{
    const off_t size = killed_run();

    for (off_t at = 8; at < size; at += 7) {
        struct journal *j;
        char byte = 'x';
        int fd;

        unlink(path);
        killed_run();
        fd = open(path, O_RDWR);
        cr_assert_eq(pread(fd, &byte, 1, at), 1);
        byte = (char)~byte;
        cr_assert_eq(pwrite(fd, &byte, 1, at), 1);
        close(fd);
        j = open_again();
        cr_assert_not_null(j, "byte %d: %s", (int)at, err.msg);
        cr_expect(replay(j).right, "byte %d", (int)at);
        cr_expect_lt(journal_count(j), 4);
        cr_assert(journal_close(j, true, &err));
        unlink(old);
    }
}

Test(journal, a_damaged_head_is_put_aside_with_what_follows_it)
{
    const off_t size = killed_run();
    struct journal *j;
    struct stat st;
    int fd = open(path, O_RDWR);

    cr_assert_eq(pwrite(fd, "X", 1, 20), 1);
    close(fd);
    j = open_again();
    cr_assert_not_null(j, "%s", err.msg);
    cr_expect(strstr(buf_string(&note), "cannot be read"), "%s",
              buf_string(&note));
    cr_assert_eq(stat(old, &st), 0);
    cr_expect_eq(st.st_size, size);
    cr_assert_eq(stat(path, &st), 0);
    cr_expect_lt(st.st_size, 64, "nothing stands behind the new head");
    cr_expect(journal_close(j, true, &err));
}

static void write_file(const char *text)
{
    FILE *f = fopen(path, "w");

    cr_assert_not_null(f);
    fputs(text, f);
    fclose(f);
}

static void assert_untouched(const char *text)
{
    char found[64] = "";
    FILE *f = fopen(path, "r");

    cr_assert_not_null(f);
    cr_assert_eq(fread(found, 1, sizeof(found) - 1, f), strlen(text));
    fclose(f);
    cr_expect_str_eq(found, text);
    cr_expect_eq(access(old, F_OK), -1);
}

Test(journal, a_file_that_is_no_journal_is_left_alone)
{
    for (int resume = 0; resume < 2; resume++) {
        write_file("index,target\n1,a:1\n");
        cr_expect_null(open_as("program 1", resume == 1));
        cr_expect_eq(err.code, ERR_USAGE);
        cr_expect(strstr(err.msg, "no journal"), "%s", err.msg);
        assert_untouched("index,target\n1,a:1\n");
    }
}

Test(journal, a_device_is_no_journal)
{
    const struct journal_config config = { .path = "/dev/null",
                                           .identity = "program 1" };

    cr_expect_null(journal_open(&config, &note, &err));
    cr_expect_eq(err.code, ERR_USAGE);
    cr_expect(strstr(err.msg, "no journal"), "%s", err.msg);
}

Test(journal, one_of_another_version_is_not_resumed)
{
    write_file("TLSFJRN0 and what it was");
    cr_expect_null(open_again());
    cr_expect_eq(err.code, ERR_USAGE);
    cr_expect(strstr(err.msg, "another version"), "%s", err.msg);
    assert_untouched("TLSFJRN0 and what it was");
}

Test(journal, another_list_is_refused_and_named)
{
    killed_run();
    cr_expect_null(open_as("program 1\nlist 3", true));
    cr_expect_eq(err.code, ERR_USAGE);
    cr_expect(strstr(err.msg, "it has 'list 2', this run has 'list 3'"), "%s",
              err.msg);
}

Test(journal, what_only_one_of_the_runs_has_is_named)
{
    killed_run();
    cr_expect_null(open_as("program 1\nlist 2\noption -x", true));
    cr_expect(strstr(err.msg, "only this run has 'option -x'"), "%s", err.msg);
    cr_expect_null(open_as("program 1", true));
    cr_expect(strstr(err.msg, "only it has 'list 2'"), "%s", err.msg);
    cr_expect(strstr(err.msg, "leave out -resume"), "%s", err.msg);
}

Test(journal, without_resume_a_leftover_gets_out_of_the_way)
{
    struct journal *j;

    killed_run();
    j = open_as("program 1\nlist 3", false);
    cr_assert_not_null(j, "%s", err.msg);
    cr_expect_eq(journal_count(j), 0);
    cr_expect_eq(access(old, F_OK), 0);
    cr_expect(strstr(buf_string(&note), ".old"), "%s", buf_string(&note));
    cr_expect(journal_close(j, true, &err));
}

Test(journal, nothing_to_resume_begins_anew_and_says_so)
{
    struct journal *j = open_again();

    cr_assert_not_null(j, "%s", err.msg);
    cr_expect_eq(journal_count(j), 0);
    cr_expect(strstr(buf_string(&note), "nothing to resume"));
    cr_expect(journal_close(j, true, &err));
}

Test(journal, two_runs_cannot_have_it)
{
    struct journal *j = open_again();

    cr_assert_not_null(j);
    cr_expect_null(open_again());
    cr_expect(strstr(err.msg, "another run"), "%s", err.msg);
    cr_expect(journal_close(j, true, &err));
}

Test(journal, a_link_is_not_followed)
{
    cr_assert_eq(symlink("/tmp/elsewhere", path), 0);
    cr_expect_null(open_again());
    cr_expect_eq(err.code, ERR_OUTPUT);
}

Test(journal, a_write_that_fails_is_told_and_what_was_written_stays)
{
    struct record *r = record_new();
    struct journal *j = open_again();
    bool appended = true;

    append(j, 1);
    r->seq = 2;
    for (long nth = 1; appended; nth++) {
        cr_assert_lt(nth, 100, "some write can fail");
        err = (struct err){ 0 };
        fault_arm(nth);
        appended = journal_append(j, r, &err);
        fault_arm(0);
        r->seq++;
    }
    cr_expect_neq(err.code, ERR_NONE);
    cr_assert(journal_close(j, false, &(struct err){ 0 }));
    j = open_again();
    cr_expect(journal_has(j, 1));
    cr_assert(journal_close(j, true, &err));
    record_free(r);
}
