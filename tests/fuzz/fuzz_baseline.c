/* fuzz_baseline -- an earlier report that may hold anything.
 *
 * Input: whether addresses belong to the key ('a'), then the report.  Whatever
 * row is found gone must be found again by a record with its key.
 */
#include "judge.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void must(bool what)
{
    if (!what)
        abort();
}

static void check_refusal(const struct err *e)
{
    must(e->code == ERR_FILE);
    for (const char *p = e->msg; *p; p++)
        must((unsigned char)*p >= ' ' && *p != 0x7f);
}

static struct baseline *open_report(const uint8_t *data, size_t size,
                                    bool addresses)
{
    int fd = memfd_create("report", MFD_CLOEXEC);
    struct err e = { 0 };
    struct baseline *b;
    char path[64];

    must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    b = baseline_open(path, addresses, &e);
    if (!b)
        check_refusal(&e);
    close(fd);
    return b;
}

static void find_again(struct baseline *b, struct record *r)
{
    must(!r->incomplete);
    must(strcmp(record_get(r, REC_change), "gone") == 0);
    baseline_judge(b, r);
    must(!record_known(r, REC_change)
         || strcmp(record_get(r, REC_change), "same") == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct baseline *b;
    struct record *r;

    if (size < 1)
        return 0;
    b = open_report(data + 1, size - 1, data[0] == 'a');
    if (!b)
        return 0;
    while ((r = baseline_gone(b, 0)) != NULL) {
        find_again(b, r);
        record_free(r);
    }
    must(baseline_whole(b));
    baseline_close(b);
    return 0;
}
