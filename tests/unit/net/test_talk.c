#include "base/fault.h"
#include "base/mem.h"
#include "net.h"

#include <criterion/criterion.h>

#include <string.h>

static struct chan_script peer;
static struct talk *talk;
static struct err err;
static size_t len;

static void meet(const void *in, size_t in_len, size_t chunk)
{
    chan_script_init(&peer, in, in_len, chunk);
    talk = talk_new(&peer.chan);
    cr_assert_not_null(talk);
    err = (struct err){ 0 };
}

static void part(void)
{
    talk_free(talk);
    chan_script_release(&peer);
}

/* A peer that says n times the same byte, then "end". */
static char *long_line(size_t n, const char *end)
{
    char *text = mem_new(1, n + strlen(end) + 1);

    memset(text, 'x', n);
    memcpy(text + n, end, strlen(end));
    return text;
}

Test(talk, lines_are_the_same_in_any_packet_cut)
{
    static const char in[] = "one\r\ntwo\n\r\n\nfi\rve\r\n";
    static const char *const want[] = { "one", "two", "", "", "fi\rve" };

    for (size_t chunk = 1; chunk < sizeof(in); chunk++) {
        meet(in, sizeof(in) - 1, chunk);
        for (size_t i = 0; i < 5; i++) {
            cr_assert_str_eq(talk_line(talk, &len, &err), want[i]);
            cr_assert_eq(len, strlen(want[i]));
        }
        cr_assert_null(talk_line(talk, &len, &err));
        cr_assert_eq(err.code, ERR_CLOSED);
        part();
    }
}

Test(talk, a_line_may_have_8_KiB_with_its_end_and_no_byte_more)
{
    for (size_t extra = 0; extra < 2; extra++) {
        char *in = long_line(TALK_LINE_MAX - 2 + extra, "\r\n");

        meet(in, strlen(in), 1000);
        if (extra == 0) {
            cr_assert_not_null(talk_line(talk, &len, &err));
            cr_assert_eq(len, TALK_LINE_MAX - 2);
        } else {
            cr_assert_null(talk_line(talk, &len, &err));
            cr_assert_eq(err.code, ERR_STARTTLS_TOO_LONG);
        }
        part();
        mem_free(in);
    }
}

Test(talk, a_line_without_an_end_is_too_long_or_cut_off)
{
    char *in = long_line(TALK_LINE_MAX + 1, "");

    meet(in, strlen(in), 4096);
    cr_assert_null(talk_line(talk, &len, &err));
    cr_assert_eq(err.code, ERR_STARTTLS_TOO_LONG);
    part();
    meet(in, 100, 4096);
    cr_assert_null(talk_line(talk, &len, &err));
    cr_assert_eq(err.code, ERR_CLOSED);
    part();
    mem_free(in);
}

Test(talk, a_NUL_in_a_line_is_refused)
{
    meet("a\0b\r\n", 5, 9);
    cr_assert_null(talk_line(talk, &len, &err));
    cr_assert_eq(err.code, ERR_STARTTLS_MALFORMED);
    part();
}

Test(talk, a_dialogue_hears_64_KiB_and_no_byte_more)
{
    char *in = long_line(2 * TALK_TOTAL_MAX, "");
    char *to = mem_new(1, TALK_TOTAL_MAX);

    meet(in, strlen(in), 999);
    cr_assert(talk_exactly(talk, to, TALK_TOTAL_MAX, &err));
    cr_assert_not(talk_exactly(talk, to, 1, &err));
    cr_assert_eq(err.code, ERR_STARTTLS_TOO_LONG);
    talk_next_dialogue(talk);
    err_clear(&err);
    cr_assert(talk_exactly(talk, to, TALK_TOTAL_MAX, &err));
    part();
    mem_free(to);
    mem_free(in);
}

Test(talk, endless_short_lines_end)
{
    char *in = long_line(2 * TALK_TOTAL_MAX, "");
    size_t lines = 0;

    for (size_t i = 1; i < 2 * TALK_TOTAL_MAX; i += 2)
        in[i] = '\n';
    meet(in, strlen(in), 512);
    while (talk_line(talk, &len, &err))
        lines++;
    cr_assert_eq(err.code, ERR_STARTTLS_TOO_LONG);
    cr_assert_eq(lines, TALK_TOTAL_MAX / 2);
    part();
    mem_free(in);
}

Test(talk, exactly_joins_packets_and_leaves_the_rest_unread)
{
    char to[4];

    meet("abcdef", 6, 4);
    cr_assert(talk_exactly(talk, to, 3, &err));
    cr_assert_eq(memcmp(to, "abc", 3), 0);
    cr_assert_eq(talk_unread(talk), 1);
    cr_assert(talk_exactly(talk, to, 2, &err));
    cr_assert_eq(memcmp(to, "de", 2), 0);
    cr_assert_not(talk_exactly(talk, to, 2, &err));
    cr_assert_eq(err.code, ERR_CLOSED);
    part();
}

Test(talk, some_is_what_came_and_never_more_than_asked_for)
{
    char to[8];

    meet("abcdef", 6, 4);
    cr_assert_eq(talk_some(talk, to, 3, &err), 3);
    cr_assert_eq(talk_some(talk, to, 8, &err), 1);
    cr_assert_eq(talk_some(talk, to, 8, &err), 2);
    cr_assert_eq(talk_some(talk, to, 8, &err), 0);
    cr_assert_eq(err.code, ERR_CLOSED);
    part();
}

Test(talk, more_looks_into_the_channel_too)
{
    char to;

    meet("ab", 2, 1);
    cr_assert(talk_exactly(talk, &to, 1, &err));
    cr_assert_eq(talk_unread(talk), 0);
    cr_assert(talk_more(talk));
    cr_assert(talk_exactly(talk, &to, 1, &err));
    cr_assert_not(talk_more(talk));
    part();
}

Test(talk, silence_is_a_time_out)
{
    meet("220 par", 7, 3);
    peer.silent_at_end = true;
    cr_assert_null(talk_line(talk, &len, &err));
    cr_assert_eq(err.code, ERR_TIMED_OUT);
    part();
}

Test(talk, what_is_said_arrives)
{
    meet("", 0, 1);
    cr_assert(talk_send(talk, "\0\1", 2, &err));
    cr_assert(talk_sendf(talk, &err, "EHLO %s\r\n", "me"));
    cr_assert_eq(peer.out.len, 11);
    cr_assert_eq(memcmp(peer.out.data, "\0\1EHLO me\r\n", 11), 0);
    part();
}

Test(talk, a_command_has_an_end_too)
{
    char *name = long_line(17 * 1024, "");

    meet("", 0, 1);
    cr_assert_not(talk_sendf(talk, &err, "EHLO %s\r\n", name));
    cr_assert_eq(err.code, ERR_USAGE);
    cr_assert_eq(peer.out.len, 0);
    part();
    mem_free(name);
}

Test(talk, memory_may_be_refused)
{
    fault_arm(1);
    cr_assert_null(talk_new(NULL));
    meet("", 0, 1);
    fault_arm(1);
    cr_assert_not(talk_sendf(talk, &err, "EHLO %s\r\n", "me"));
    cr_assert_eq(err.code, ERR_NO_MEMORY);
    part();
}
