/* tlsfleet -- words in, exit status out. */
#include "batch.h"
#include "interactive.h"
#include "tls.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { PAGE_MAX = 1024 * 1024 };

/* A closed standard descriptor would be given to the first socket or file that
 * is opened.  To write to what was closed stays the error that it was. */
static void open_standard_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
            _exit(EXIT_INCOMPLETE);
}

static int print_page(struct buf *page)
{
    bool done = buf_ok(page)
                && fwrite(buf_string(page), 1, page->len, stdout) == page->len
                && fflush(stdout) == 0;

    buf_release(page);
    return done ? EXIT_CLEAN : EXIT_INCOMPLETE;
}

static int how_to_start(void)
{
    fputs("usage: tlsfleet [options] host[:port] ... | -targets FILE\n"
          "try:   tlsfleet www.example.com:443     a session, as s_client\n"
          "       tlsfleet -batch www.example.com  what it is like\n"
          "       tlsfleet -targets fleet.yaml -report csv=fleet.csv\n"
          "       tlsfleet -help                   all there is\n",
          stderr);
    return EXIT_USAGE;
}

static int usage(const struct err *e)
{
    batch_complain(e);
    fputs("tlsfleet: try 'tlsfleet -help'\n", stderr);
    return EXIT_USAGE;
}

static int help(const struct command_line *line)
{
    struct err e = { 0 };
    struct buf page;

    if (options_has(&line->words, OPT_interactive))
        return interactive_help();
    buf_init(&page, PAGE_MAX);
    if (options_help(options_text(&line->words, OPT_help, NULL), &page, &e))
        return print_page(&page);
    buf_release(&page);
    return usage(&e);
}

static int about(void)
{
    struct buf page;

    buf_init(&page, PAGE_MAX);
    batch_about(&page);
    return print_page(&page);
}

int main(int argc, char *argv[])
{
    struct command_line line = { 0 };
    struct err e = { .stage = STAGE_CONFIG };
    int status;

    open_standard_descriptors();
    tls_watch_memory();
    if (argc < 2)
        status = how_to_start();
    else if (!command_line_parse(&line, argc, argv, &e))
        status = batch_is_one_target(argv + 1, (size_t)argc - 1)
                     ? interactive_run(NULL, argv + 1, (size_t)argc - 1, &e)
                     : batch_refuse(argv + 1, (size_t)argc - 1, &e);
    else if (options_has(&line.words, OPT_help)
             || options_has(&line.words, OPT_h))
        status = help(&line);
    else if (options_has(&line.words, OPT_version))
        status = about();
    else if (batch_is_one_target(argv + 1, (size_t)argc - 1))
        status = interactive_run(&line, argv + 1, (size_t)argc - 1, NULL);
    else
        status = batch_run(&line);
    command_line_release(&line);
    return status;
}
