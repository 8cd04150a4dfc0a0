#include "run.h"

#include "base/hostport.h"
#include "base/mem.h"

#include <criterion/criterion.h>

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool have_most(enum option_needs needs)
{
    return needs != NEEDS_SSL3;
}

static bool check_most(const struct option_set *words, struct err *e)
{
    return options_check_supported(words, have_most, e);
}

void run_init(struct run *r)
{
    *r = (struct run){ .dir = "/tmp/tlsfleet-targets.XXXXXX" };
    cr_assert(mkdtemp(r->dir) && chdir(r->dir) == 0);
    buf_init(&r->complaints, 64 * 1024);
    buf_init(&r->fed, 1024 * 1024);
    r->source = (struct target_source){ .command = &r->command,
                                        .lists = r->lists,
                                        .check = check_most,
                                        .shard = 1,
                                        .shards = 1 };
}

void run_release(struct run *r)
{
    targets_close(r->stream);
    options_release(&r->command);
    buf_release(&r->complaints);
    buf_release(&r->fed);
    for (size_t i = 0; i < r->source.nlists; i++)
        unlink(r->lists[i]);
    cr_assert(chdir("/") == 0);
    rmdir(r->dir);
}

void run_bytes(struct run *r, const char *name, const void *bytes, size_t len)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);

    cr_assert(fd >= 0 && write(fd, bytes, len) == (ssize_t)len);
    close(fd);
    cr_assert(r->source.nlists < RUN_LISTS_MAX);
    r->lists[r->source.nlists++] = name;
}

void run_list(struct run *r, const char *name, const char *text)
{
    run_bytes(r, name, text, strlen(text));
}

void run_stdin(struct run *r, const char *text)
{
    size_t len = strlen(text);
    int ends[2];

    cr_assert(pipe(ends) == 0 && write(ends[1], text, len) == (ssize_t)len);
    close(ends[1]);
    cr_assert(dup2(ends[0], STDIN_FILENO) == STDIN_FILENO);
    close(ends[0]);
    r->lists[r->source.nlists++] = "-";
}

void run_say(struct run *r, const char *name, const char *value)
{
    const struct option_word word = { .name = name,
                                      .value = value,
                                      .level = LEVEL_COMMAND };

    cr_assert(options_say(&r->command, &word, &r->e), "%s", r->e.msg);
}

bool run_open(struct run *r)
{
    r->stream = targets_open(&r->source, &r->complaints, &r->e);
    return r->stream != NULL;
}

static void add_address(struct buf *out, const struct target *t)
{
    char *printed = t->host ? hostport_print(t->host, t->port) : NULL;

    if (t->invalid.code != ERR_NONE)
        buf_printf(out, " invalid(%s)", t->text);
    else
        buf_printf(out, " %s", printed ? printed : t->path);
    if (t->address)
        buf_printf(out, " at %s", t->address);
    mem_free(printed);
}

static void add_target(struct buf *out, const struct target *t)
{
    buf_printf(out, "%" PRIu64, t->index);
    add_address(out, t);
    if (t->profile)
        buf_printf(out, " [%s]", t->profile);
    options_print(&t->words, OPTIONS_PRINT_ALL, out);
    for (size_t i = 0; i + 1 < t->ntags; i += 2)
        buf_printf(out, " {%s=%s}", t->tags[i], t->tags[i + 1]);
    buf_byte(out, '\n');
}

bool run_feed(struct run *r)
{
    struct target *t;

    while ((t = targets_next(r->stream, &r->e)) != NULL) {
        add_target(&r->fed, t);
        target_free(t);
    }
    return r->e.code == ERR_NONE;
}

const char *run_all(struct run *r)
{
    if (!run_open(r))
        return r->complaints.len > 0 ? buf_string(&r->complaints) : r->e.msg;
    cr_assert(run_feed(r), "%s", r->e.msg);
    return buf_string(&r->fed);
}

const char *run_one(struct run *r, const char *name, const char *text)
{
    run_init(r);
    run_list(r, name, text);
    return run_all(r);
}
