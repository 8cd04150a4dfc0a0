#include "../../../src/probe/probe_room.h"

#include "base/fault.h"
#include "base/mem.h"

#include <criterion/criterion.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_ROOM = 200 };

/* A folder for each test, and a probe of one target in it. */
static char folder[] = "/tmp/tlsfleet-outfile.XXXXXX";
static struct probe_env env;
static struct target target;
static struct probe probe = { .env = &env, .target = &target };
static struct buf text;

static void set_up(void)
{
    cr_assert(mkdtemp(folder));
    probe.record = record_new();
    env.taken = taken_new();
    buf_init(&text, 1024);
    buf_text(&text, "what was told\n");
}

static void path_of(char path[PATH_ROOM], const char *name)
{
    snprintf(path, PATH_ROOM, "%s/%s", folder, name);
}

/* Empties the folder, which may hold one folder more. */
static void empty(const char *path)
{
    DIR *dir = opendir(path);
    const struct dirent *entry;

    while ((entry = readdir(dir)) != NULL)
        if (unlinkat(dirfd(dir), entry->d_name, 0) != 0)
            unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
    closedir(dir);
}

static void tear_down(void)
{
    empty(folder);
    rmdir(folder);
    record_free(probe.record);
    taken_free(env.taken);
    options_release(&target.words);
    buf_release(&text);
}

TestSuite(outfile, .init = set_up, .fini = tear_down);

/* The words "-msgfile FOLDER/NAME". */
static void say(const char *name)
{
    char path[PATH_ROOM];
    struct err e = { 0 };
    const struct option_word word = { .name = "msgfile",
                                      .value = path,
                                      .level = LEVEL_TARGET };

    path_of(path, name);
    options_release(&target.words);
    cr_assert(options_say(&target.words, &word, &e), "%s", e.msg);
}

static bool write_it(struct err *e)
{
    return outfile_write(&probe, OPT_msgfile, &text, e);
}

static void expect_content(const char *name, const char *content)
{
    char path[PATH_ROOM], got[64] = "";
    FILE *f;

    path_of(path, name);
    f = fopen(path, "r");
    cr_assert(f, "%s", path);
    cr_expect_eq(fread(got, 1, sizeof(got) - 1, f), strlen(content));
    cr_expect_str_eq(got, content);
    fclose(f);
}

static size_t files_there(void)
{
    DIR *dir = opendir(folder);
    size_t count = 0;

    while (readdir(dir))
        count++;
    closedir(dir);
    return count - 2;
}

static void expect_refusal(const char *sentence)
{
    struct err e = { 0 };

    cr_expect(!write_it(&e));
    cr_expect_eq(e.code, ERR_FILE);
    cr_expect(strstr(e.msg, sentence), "\"%s\" lacks \"%s\"", e.msg, sentence);
    cr_expect(strstr(e.msg, "option '-msgfile': cannot write '"), "%s", e.msg);
}

Test(outfile, is_written_whole_and_for_nobody_else)
{
    struct err e = { 0 };
    struct stat st;
    char path[PATH_ROOM];

    say("x");
    cr_assert(write_it(&e), "%s", e.msg);
    expect_content("x", "what was told\n");
    path_of(path, "x");
    cr_assert(stat(path, &st) == 0);
    cr_expect_eq(st.st_mode & 07777, 0600);
    cr_expect_eq(files_there(), 1);
}

Test(outfile, replaces_what_an_earlier_run_has_written)
{
    struct err e = { 0 };

    say("x");
    cr_assert(write_it(&e));
    taken_free(env.taken);
    env.taken = taken_new();
    buf_clear(&text);
    cr_assert(write_it(&e), "%s", e.msg);
    expect_content("x", "");
}

Test(outfile, is_not_written_by_two_targets)
{
    struct err e = { 0 };

    say("x");
    cr_assert(write_it(&e));
    buf_text(&text, "and by another");
    expect_refusal("this run has written it already");
    say("./x");
    expect_refusal("this run has written it already");
    expect_content("x", "what was told\n");
    say("y");
    cr_expect(write_it(&e));
}

Test(outfile, a_thousand_of_them_are_all_known)
{
    struct stat st;
    char name[16];

    cr_assert(stat(folder, &st) == 0);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 1000; i++) {
            struct err e = { 0 };

            snprintf(name, sizeof(name), "%d", i);
            cr_assert_eq(taken_claim(env.taken, &st, name, &e), round == 0,
                         "%d in round %d", i, round);
        }
}

Test(outfile, a_link_is_not_followed_and_not_replaced)
{
    char link[PATH_ROOM], other[PATH_ROOM];

    path_of(link, "link");
    path_of(other, "other");
    cr_assert(symlink(other, link) == 0);
    say("link");
    expect_refusal("it is a symbolic link");
    cr_expect_eq(access(other, F_OK), -1);
}

Test(outfile, what_is_no_file_is_left_alone)
{
    char path[PATH_ROOM];
    struct stat st;

    path_of(path, "pipe");
    cr_assert(mkfifo(path, 0600) == 0);
    say("pipe");
    expect_refusal("it is not a regular file");
    cr_assert(stat(path, &st) == 0);
    cr_expect(S_ISFIFO(st.st_mode));
    say(".");
    expect_refusal("it is not a regular file");
}

Test(outfile, a_folder_that_is_not_there_is_named)
{
    say("none/x");
    expect_refusal("/none/x': its folder: No such file or directory");
    say("none/");
    expect_refusal("it names no file");
}

/* As the words have it, without a folder before it. */
static void say_long(size_t len)
{
    char name[OUTNAME_MAX + 2];
    struct err e = { 0 };
    const struct option_word word = { .name = "msgfile",
                                      .value = name,
                                      .level = LEVEL_TARGET };

    memset(name, 'x', len);
    name[len] = '\0';
    options_release(&target.words);
    cr_assert(options_say(&target.words, &word, &e), "%s", e.msg);
}

Test(outfile, a_name_that_is_too_long_is_refused)
{
    say_long(OUTNAME_MAX);
    expect_refusal("File name too long");
    say_long(OUTNAME_MAX + 1);
    expect_refusal("its name is too long");
}

/* Whatever call fails, nothing is left behind and nothing is half there. */
Test(outfile, a_call_that_fails_leaves_nothing_behind)
{
    struct err e = { 0 };
    long calls;

    say("x");
    fault_arm(0);
    cr_assert(write_it(&e));
    calls = fault_seen();
    cr_assert_gt(calls, 5);
    for (long nth = 1; nth <= calls; nth++) {
        struct err why = { 0 };

        empty(folder);
        taken_free(env.taken);
        env.taken = taken_new();
        fault_arm(nth);
        cr_expect(!write_it(&why), "call %ld", nth);
        fault_arm(0);
        cr_expect_neq(why.code, ERR_NONE, "call %ld", nth);
        cr_expect_eq(files_there(), 0, "call %ld: %s", nth, why.msg);
    }
}
