/* Where the bytes of a list come from, and whom they are trusted from. */
#include "../../../src/targets/spool.h"

#include "run.h"

#include <criterion/criterion.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- trust ---- */

/* A host-class word in every place of a list. */
#define HOST_CLASS                 \
    "defaults: {CAfile: a}\n"      \
    "profiles: {p: {CAfile: b}}\n" \
    "targets: [{connect: c, CAfile: d}, 'unix:/e', {unix: /f}]\n"

static size_t refusals(const struct run *r)
{
    size_t n = 0;

    for (const char *p = buf_string(&r->complaints);
         (p = strstr(p, "touches this machine")) != NULL; p++)
        n++;
    return n;
}

static void expect_refusals(mode_t mode, const char *text, size_t wanted)
{
    struct run r;

    run_init(&r);
    run_list(&r, "list", text);
    cr_assert(chmod("list", mode) == 0);
    cr_expect_eq(run_open(&r), wanted == 0, "%s", r.e.msg);
    cr_expect_eq(refusals(&r), wanted, "%s", buf_string(&r.complaints));
    run_release(&r);
}

Test(spool, host_words_are_allowed_in_a_list_that_only_its_owner_writes)
{
    expect_refusals(0600, HOST_CLASS, 0);
    expect_refusals(0644, HOST_CLASS, 0);
    expect_refusals(0644, "a -CAfile b\nunix:/c\n", 0);
}

Test(spool, host_words_are_refused_in_a_list_that_others_write)
{
    expect_refusals(0620, HOST_CLASS, 5);
    expect_refusals(0602, HOST_CLASS, 5);
    expect_refusals(0666, "a -CAfile b\nunix:/c\nd -bind e:1\n", 3);
}

Test(spool, a_refusal_names_word_and_place)
{
    struct run r;

    run_init(&r);
    run_list(&r, "list", "a\nb -4 -CAfile c\n");
    cr_assert(chmod("list", 0666) == 0);
    cr_expect(
        strncmp(run_all(&r), "list:2:14: 'CAfile' touches this machine", 40)
            == 0,
        "%s", buf_string(&r.complaints));
    run_release(&r);
}

Test(spool, other_words_are_allowed_in_any_list)
{
    expect_refusals(0666, "a -alpn h2 -servername b\n", 0);
}

Test(spool, trust_allows_host_words_in_any_list)
{
    struct run r;

    run_init(&r);
    run_list(&r, "list", HOST_CLASS);
    cr_assert(chmod("list", 0666) == 0);
    r.source.trust = true;
    cr_expect(run_open(&r), "%s", r.e.msg);
    run_release(&r);
}

Test(spool, a_list_of_somebody_else_is_not_trusted)
{
    struct run r;

    if (geteuid() != 0)
        cr_skip("only root can give a file away");
    run_init(&r);
    run_list(&r, "list", "a -CAfile b\n");
    cr_assert(chown("list", 65534, 65534) == 0);
    cr_expect_not(run_open(&r));
    cr_expect_eq(refusals(&r), 1);
    run_release(&r);
}

Test(spool, a_link_to_a_list_that_others_write_is_not_trusted)
{
    struct run r;

    run_init(&r);
    run_list(&r, "real", "a -CAfile b\n");
    cr_assert(chmod("real", 0666) == 0);
    cr_assert(symlink("real", "link") == 0);
    r.lists[r.source.nlists++] = "link";
    cr_expect_not(run_open(&r));
    cr_expect_eq(refusals(&r), 2);
    run_release(&r);
}

/* ---- standard input and its like ---- */

Test(spool, standard_input_is_read_twice_all_the_same)
{
    struct run r;

    run_init(&r);
    run_stdin(&r, "a\nb -alpn h2\n");
    cr_expect_str_eq(run_all(&r), "1 a:443\n2 b:443 -alpn h2\n");
    run_release(&r);
}

Test(spool, standard_input_may_be_yaml_and_be_named_in_complaints)
{
    struct run r;

    run_init(&r);
    run_stdin(&r, "targets:\n- {connect: a, zzzzzzzz: b}\n");
    cr_expect_str_eq(run_all(&r), "standard input:2:16: unknown key "
                                  "'zzzzzzzz': it is no option\n");
    run_release(&r);
}

Test(spool, standard_input_may_not_say_host_words_unless_trusted)
{
    struct run r;

    run_init(&r);
    run_stdin(&r, "a -CAfile b\n");
    cr_expect_not(run_open(&r));
    cr_expect(strstr(r.e.msg, "standard input:1:11: 'CAfile' touches this "
                              "machine, which standard input may not do"),
              "%s", r.e.msg);
    run_release(&r);
    run_init(&r);
    run_stdin(&r, "a -CAfile b\n");
    r.source.trust = true;
    cr_expect_str_eq(run_all(&r), "1 a:443 -CAfile b\n");
    run_release(&r);
}

Test(spool, standard_input_from_a_file_is_not_trusted_either)
{
    struct run r;
    int fd;

    run_init(&r);
    run_list(&r, "list", "a -CAfile b\n");
    fd = open("list", O_RDONLY);
    cr_assert(dup2(fd, STDIN_FILENO) == STDIN_FILENO);
    close(fd);
    r.lists[r.source.nlists++] = "-";
    cr_expect_not(run_open(&r));
    cr_expect_eq(refusals(&r), 1);
    run_release(&r);
}

Test(spool, standard_input_said_twice_is_an_error)
{
    struct run r;

    run_init(&r);
    run_stdin(&r, "a\n");
    r.lists[r.source.nlists++] = "-";
    cr_expect_str_eq(run_all(&r),
                     "command line: -targets - is said twice, but standard "
                     "input can be read only once\n");
    run_release(&r);
}

Test(spool, a_named_pipe_is_read_twice_and_not_trusted)
{
    struct run r;
    pid_t writer;
    int status;

    run_init(&r);
    cr_assert(mkfifo("fifo", 0600) == 0);
    writer = fork();
    if (writer == 0) {
        int fd = open("fifo", O_WRONLY);

        _exit(write(fd, "a\nunix:/b\n", 10) == 10 ? 0 : 1);
    }
    r.lists[r.source.nlists++] = "fifo";
    cr_expect_not(run_open(&r));
    cr_expect(strncmp(r.e.msg, "fifo:2:1: 'unix:' touches", 25) == 0, "%s",
              r.e.msg);
    cr_expect(waitpid(writer, &status, 0) == writer && status == 0);
    run_release(&r);
}

Test(spool, a_temporary_copy_is_not_left_behind)
{
    struct run r;

    run_init(&r);
    cr_assert(setenv("TMPDIR", r.dir, 1) == 0);
    run_stdin(&r, "a\n");
    cr_assert(run_open(&r));
    cr_assert(chdir("/") == 0);
    cr_expect(rmdir(r.dir) == 0);
    run_release(&r);
}

Test(spool, a_temporary_copy_that_cannot_be_made_is_told)
{
    struct run r;

    run_init(&r);
    cr_assert(setenv("TMPDIR", "/nowhere", 1) == 0);
    run_stdin(&r, "a\n");
    cr_expect_str_eq(run_all(&r),
                     "standard input: the list cannot be copied to a temporary "
                     "file (TMPDIR): No such file or directory\n");
    run_release(&r);
}

Test(spool, a_directory_is_no_list)
{
    struct run r;

    run_init(&r);
    r.lists[r.source.nlists++] = "/";
    cr_expect_str_eq(run_all(&r),
                     "/: the list cannot be read: Is a directory\n");
    run_release(&r);
}

/* ---- change ---- */

static void write_at(const char *name, off_t at, const char *bytes)
{
    int fd = open(name, O_WRONLY);

    cr_assert(fd >= 0);
    cr_assert(pwrite(fd, bytes, strlen(bytes), at) == (ssize_t)strlen(bytes));
    close(fd);
}

static void expect_change(struct run *r, size_t fed)
{
    cr_expect_not(run_feed(r));
    cr_expect_eq(r->e.code, ERR_FILE);
    cr_expect(strstr(r->e.msg, "changed while it was in use"), "%s", r->e.msg);
    cr_expect(strncmp(r->e.msg, "list", 4) == 0);
    cr_expect_eq(r->fed.len, fed);
}

Test(spool, a_byte_that_changed_is_never_fed)
{
    struct run r;

    run_init(&r);
    run_list(&r, "list", "a\nb\n");
    cr_assert(run_open(&r));
    write_at("list", 0, "x");
    expect_change(&r, 0);
    run_release(&r);
}

Test(spool, a_list_that_grew_or_shrank_is_not_fed)
{
    struct run r;

    run_init(&r);
    run_list(&r, "list", "a\nb\n");
    cr_assert(run_open(&r));
    write_at("list", 4, "c\n");
    expect_change(&r, 0);
    run_release(&r);
    run_init(&r);
    run_list(&r, "list", "targets: [a]\n");
    cr_assert(run_open(&r));
    cr_assert(truncate("list", 11) == 0);
    expect_change(&r, 0);
    run_release(&r);
}

Test(spool, a_list_that_was_replaced_is_fed_as_it_was_checked)
{
    struct run r;

    run_init(&r);
    run_list(&r, "list", "a\n");
    cr_assert(run_open(&r));
    cr_assert(unlink("list") == 0);
    run_list(&r, "list", "b\n");
    cr_expect(run_feed(&r));
    cr_expect_str_eq(buf_string(&r.fed), "1 a:443\n");
    run_release(&r);
}

/* ---- lines over blocks ---- */

Test(spool, lines_over_the_edges_of_blocks_are_whole)
{
    const size_t n = 20 * 1000;
    struct spool *s;
    struct err e = { 0 };
    struct buf text, line;
    struct run r;
    bool end;

    run_init(&r);
    buf_init(&text, 1024 * 1024);
    buf_init(&line, 64);
    for (size_t i = 0; i < n; i++)
        buf_printf(&text, "line %zu\r\n", i);
    run_bytes(&r, "list", text.data, text.len);
    s = spool_open("list", &e);
    cr_assert(s);
    for (size_t i = 0; i < n; i++) {
        buf_clear(&text);
        buf_printf(&text, "line %zu", i);
        cr_assert(spool_line(s, &line, &end, &e) && !end);
        cr_assert_str_eq(buf_string(&line), buf_string(&text));
    }
    cr_expect(spool_line(s, &line, &end, &e) && end);
    spool_close(s);
    buf_release(&text);
    buf_release(&line);
    run_release(&r);
}
