#include "../../../src/batch/batch_room.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static int ends[2];

/* Standard output becomes a pipe. */
static void begin(void)
{
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(dup2(ends[1], STDOUT_FILENO), STDOUT_FILENO);
    close(ends[1]);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

TestSuite(nagios, .init = begin);

static const char *said(void)
{
    static char text[2000];
    ssize_t n = read(ends[0], text, sizeof(text) - 1);

    text[n > 0 ? n : 0] = '\0';
    return text;
}

Test(nagios, a_run_that_did_not_begin_is_unknown_and_says_why)
{
    cr_expect_eq(nagios_say(NULL, EXIT_USAGE, "no such file"), PLUGIN_UNKNOWN);
    cr_expect_str_eq(said(), "TLS UNKNOWN - no such file\n");
    cr_expect_eq(nagios_say(NULL, EXIT_INCOMPLETE, ""), PLUGIN_UNKNOWN);
    cr_expect_str_eq(said(), "TLS UNKNOWN - nothing was scanned\n");
}

Test(nagios, a_cut_run_says_so)
{
    struct plugin *p = plugin_new(&(struct plugin_config){ 0 });

    cr_expect_eq(nagios_say(p, EXIT_INCOMPLETE, ""), PLUGIN_UNKNOWN);
    cr_expect(strstr(said(), "UNKNOWN - the scan was stopped before its end;"));
    cr_expect_eq(nagios_say(p, EXIT_INCOMPLETE, "the disk is full"),
                 PLUGIN_UNKNOWN);
    cr_expect(strstr(said(), "UNKNOWN - the disk is full;"));
    plugin_free(p);
}

Test(nagios, a_line_that_nobody_reads_leaves_the_state_unknown)
{
    struct plugin *p = plugin_new(&(struct plugin_config){ 0 });
    struct record *r = record_new();

    record_outcome(r, &(struct err){ 0 });
    plugin_add(p, r);
    cr_expect_eq(nagios_say(p, EXIT_CLEAN, ""), PLUGIN_OK);
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    cr_expect_eq(nagios_say(p, EXIT_CLEAN, ""), PLUGIN_UNKNOWN);
    record_free(r);
    plugin_free(p);
}

Test(nagios, words_that_cannot_be_read_are_refused_as_the_plug_in_must)
{
    char nagios[] = "-nagios", wrong[] = "-bad", host[] = "a:1";
    char *words[] = { wrong, host, nagios };
    struct err e = { 0 };

    err_set(&e, ERR_USAGE, "unknown option '-bad'");
    cr_expect_eq(batch_refuse(words, 3, &e), PLUGIN_UNKNOWN);
    cr_expect_str_eq(said(), "TLS UNKNOWN - unknown option '-bad'\n");
    cr_expect_eq(batch_refuse(words, 2, &e), EXIT_USAGE);
    cr_expect_str_eq(said(), "");
}
