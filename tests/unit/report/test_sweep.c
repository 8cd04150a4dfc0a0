#include "../../../src/report/sweep.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[] = "/tmp/tlsfleet-sweep.XXXXXX";
static int folder = -1;

static void begin(void)
{
    cr_assert_not_null(mkdtemp(dir));
    folder = open(dir, O_RDONLY | O_DIRECTORY);
    cr_assert_geq(folder, 0);
}

static void end(void)
{
    static const char *const names[] = { ".r.csv.abcdef", ".r.csv.abc",
                                         ".other.abcdef", "r.csv" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        unlinkat(folder, names[i], 0);
    close(folder);
    rmdir(dir);
}

TestSuite(sweep, .init = begin, .fini = end);

static int make(const char *name)
{
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL, 0600);

    cr_assert_geq(fd, 0, "%s", name);
    return fd;
}

static bool is_there(const char *name)
{
    return faccessat(folder, name, F_OK, 0) == 0;
}

Test(sweep, what_a_killed_run_left_is_removed)
{
    close(make(".r.csv.abcdef"));
    sweep(folder, "r.csv");
    cr_expect_not(is_there(".r.csv.abcdef"));
}

Test(sweep, what_a_run_holds_stays)
{
    int fd = make(".r.csv.abcdef");

    cr_expect(sweep_hold(fd));
    sweep(folder, "r.csv");
    cr_expect(is_there(".r.csv.abcdef"));
    close(fd);
    sweep(folder, "r.csv");
    cr_expect_not(is_there(".r.csv.abcdef"));
}

Test(sweep, other_files_are_not_touched)
{
    close(make(".r.csv.abc"));
    close(make(".other.abcdef"));
    close(make("r.csv"));
    sweep(folder, "r.csv");
    cr_expect(is_there(".r.csv.abc"));
    cr_expect(is_there(".other.abcdef"));
    cr_expect(is_there("r.csv"));
}

Test(sweep, a_file_that_was_swept_away_cannot_be_held)
{
    int fd = make(".r.csv.abcdef");

    sweep(folder, "r.csv");
    cr_expect_not(sweep_hold(fd));
    close(fd);
}
