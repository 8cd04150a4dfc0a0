/* progress -- how far the scan is, on standard error: a line that updates on a
 * terminal, a plain line now and then when asked. */
#include "scan_room.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { TERMINAL_MS = 500, PLAIN_MS = 10 * 1000, LONGEST = 5, LINE_SIZE = 256 };

bool scan_has_line(enum progress_mode mode)
{
    const char *term = getenv("TERM");

    return mode == PROGRESS_AUTO && isatty(STDERR_FILENO) && term
           && strcmp(term, "dumb") != 0;
}

void progress_start(struct progress *p, enum progress_mode mode)
{
    *p = (struct progress){ .mode = mode };
    p->on_terminal = scan_has_line(mode);
    if (mode == PROGRESS_AUTO && !p->on_terminal)
        p->mode = PROGRESS_NONE;
    p->next_ms = clock_now_ms() + (p->on_terminal ? TERMINAL_MS : PLAIN_MS);
}

static void show(const struct tally *t, const char *begin, const char *end,
                 int most)
{
    char line[LINE_SIZE];
    const uint64_t done = atomic_load(&t->done), ok = atomic_load(&t->ok);
    const uint64_t in_flight = atomic_load(&t->in_flight);
    const double seconds = (double)(clock_now_ms() - t->start_ms) / 1000.0;
    const double rate = seconds > 0.0 ? (double)done / seconds : 0.0;
    const double left = rate > 0.0 ? (double)(t->expected - done) / rate : 0.0;

    snprintf(line, sizeof(line),
             "%" PRIu64 "/%" PRIu64 " done, %.0f/s, %" PRIu64
             " in flight, %" PRIu64 " ok, %" PRIu64 " not, %.0f s left",
             done, t->expected, rate, in_flight, ok, done - ok, left);
    fprintf(stderr, "%s%.*s%s", begin, most, line, end);
}

/* What runs on into another row of the terminal could not be written over. */
static int row_room(void)
{
    struct winsize size;

    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0
               ? size.ws_col - 1
               : LINE_SIZE;
}

void progress_tick(struct progress *p, const struct tally *t)
{
    const int64_t now = clock_now_ms();

    if (p->mode == PROGRESS_NONE || now < p->next_ms)
        return;
    if (p->on_terminal)
        show(t, "\r\033[K", "", row_room());
    else
        show(t, "tlsfleet: ", "\n", LINE_SIZE);
    p->shown = p->on_terminal;
    p->next_ms = now + (p->on_terminal ? TERMINAL_MS : PLAIN_MS);
}

void progress_end(struct progress *p)
{
    if (p->shown)
        fputs("\r\033[K", stderr);
    p->shown = false;
}

void progress_say(struct progress *p, const char *sentence)
{
    progress_end(p);
    fprintf(stderr, "tlsfleet: %s\n", sentence);
}

void progress_status(struct progress *p, struct scan *s)
{
    struct seat longest[LONGEST];
    const size_t n = roster_longest(&s->roster, longest, LONGEST);
    const int64_t now = clock_now_ms();

    progress_end(p);
    show(&s->tally, "tlsfleet: ", "\n", LINE_SIZE);
    for (size_t i = 0; i < n; i++) {
        struct buf name;

        buf_init(&name, 4 * ROSTER_NAME + 1);
        text_encode(&name, longest[i].name, strlen(longest[i].name), TEXT_LINE);
        fprintf(stderr, "tlsfleet: %6.1f s  %s\n",
                (double)(now - longest[i].since_ms) / 1000.0,
                buf_string(&name));
        buf_release(&name);
    }
}
