/* What holds for every dialogue, whatever its protocol. */
#include "base/fault.h"
#include "base/mem.h"
#include "peers.h"

#include <criterion/criterion.h>

#include <string.h>

Test(dialogs, each_has_a_peer_row_and_is_found_by_its_name)
{
    size_t n = 0;

    for (const struct dialog *d; (d = dialog_nth(n)); n++) {
        size_t i = 0;

        while (i < npeers && strcmp(peers[i].dialog, dialog_name(d)) != 0)
            i++;
        cr_assert_lt(i, npeers, "%s has no peer", dialog_name(d));
        cr_assert_eq(dialog_find(dialog_name(d)), d);
    }
    cr_assert_eq(n, 14);
    cr_assert_null(dialog_find("gopher"));
    cr_assert_null(dialog_find("SMTP"));
}

static void succeed(const struct peer *p, size_t chunk)
{
    struct run r;

    run_dialog(&r, p->dialog, p->says, p->says_len, chunk);
    cr_assert(r.ok, "%s: %s", p->dialog, r.err.msg);
    cr_assert_eq(r.script.out.len, p->hears_len, "%s", p->dialog);
    cr_assert_eq(memcmp(r.script.out.data, p->hears, p->hears_len), 0, "%s",
                 p->dialog);
    cr_assert_str_eq(buf_string(&r.notes.capabilities), p->announces);
    cr_assert_not(r.notes.not_offered, "%s", p->dialog);
    cr_assert_eq(r.err.code, ERR_NONE);
    end_run(&r);
}

Test(dialogs, each_succeeds_in_any_packet_size_and_says_what_s_client_says)
{
    for (size_t i = 0; i < npeers; i++)
        for (size_t chunk = 1; chunk <= peers[i].says_len; chunk++)
            succeed(&peers[i], chunk);
}

static void close_after(const struct peer *p, size_t cut, size_t chunk)
{
    struct run r;

    run_dialog(&r, p->dialog, p->says, cut, chunk);
    cr_assert_not(r.ok, "%s at %zu", p->dialog, cut);
    cr_assert_eq(r.err.code, ERR_CLOSED, "%s at %zu: %s", p->dialog, cut,
                 r.err.msg);
    cr_assert_eq(r.err.stage, STAGE_STARTTLS);
    end_run(&r);
}

Test(dialogs, each_that_is_cut_off_anywhere_in_any_packet_size_says_closed)
{
    for (size_t i = 0; i < npeers; i++)
        for (size_t cut = 0; cut < peers[i].says_len; cut++)
            for (size_t chunk = 1; chunk <= cut + 1; chunk++)
                close_after(&peers[i], cut, chunk);
}

static void fall_silent_after(const struct peer *p, size_t cut, size_t chunk)
{
    const struct dialog *d = dialog_find(p->dialog);
    struct dialog_ask ask = { .host = "host.test" };
    struct run r = { 0 };

    chan_script_init(&r.script, p->says, cut, chunk);
    r.script.silent_at_end = true;
    r.talk = talk_new(&r.script.chan);
    dialog_notes_init(&r.notes);
    cr_assert_not(dialog_run(d, r.talk, &ask, &r.notes, &r.err));
    cr_assert_eq(r.err.code, ERR_TIMED_OUT, "%s at %zu", p->dialog, cut);
    cr_assert_not_null(strstr(r.err.msg, "waiting for the server's "));
    end_run(&r);
}

Test(dialogs, each_that_falls_silent_anywhere_in_any_packet_size_times_out)
{
    for (size_t i = 0; i < npeers; i++)
        for (size_t cut = 0; cut < peers[i].says_len; cut++)
            for (size_t chunk = 1; chunk <= cut + 1; chunk++)
                fall_silent_after(&peers[i], cut, chunk);
}

static void inject(const struct peer *p, size_t chunk)
{
    char *says = mem_copy(p->says, p->says_len + 1);
    struct run r;

    says[p->says_len] = '\x16';
    run_dialog(&r, p->dialog, says, p->says_len + 1, chunk);
    cr_assert_not(r.ok, "%s", p->dialog);
    cr_assert_eq(r.err.code, ERR_STARTTLS_INJECTED, "%s", p->dialog);
    end_run(&r);
    mem_free(says);
}

Test(dialogs, each_with_bytes_after_its_last_reply_is_an_injection)
{
    for (size_t i = 0; i < npeers; i++)
        for (size_t chunk = 1; chunk <= peers[i].says_len + 1; chunk++)
            inject(&peers[i], chunk);
}

/* A peer that goes wrong after "cut" bytes and says "what" for ever. */
static void babble(const struct peer *p, size_t cut, const char *what)
{
    size_t len = 2 * TALK_TOTAL_MAX, n = strlen(what);
    char *says = mem_new(1, len);
    struct run r;

    memcpy(says, p->says, cut);
    for (size_t i = cut; i < len; i++)
        says[i] = what[(i - cut) % n];
    run_dialog(&r, p->dialog, says, len, 1400);
    cr_assert_not(r.ok, "%s at %zu", p->dialog, cut);
    cr_assert(r.err.code == ERR_STARTTLS_TOO_LONG
                  || r.err.code == ERR_STARTTLS_MALFORMED
                  || r.err.code == ERR_STARTTLS_REFUSED
                  || r.err.code == ERR_STARTTLS_INJECTED
                  || r.err.code == ERR_NOT_OFFERED,
              "%s at %zu: %s", p->dialog, cut, r.err.msg);
    cr_assert_leq(r.script.chan.bytes_read, TALK_TOTAL_MAX + 2048);
    end_run(&r);
    mem_free(says);
}

Test(dialogs, none_listens_for_ever)
{
    static const char *const whats[] = {
        "x",         "\r\n",    "x\r\n",     "250-x\r\n",
        "220-x\r\n", "* x\r\n", "\"x\"\r\n", ":x 001 x\r\n",
        "<x>",       "<",       "\xff",      "NOTICE\n",
        "S",
    };

    for (size_t i = 0; i < npeers; i++)
        for (size_t cut = 0; cut < peers[i].says_len; cut += 7)
            for (size_t w = 0; w < sizeof(whats) / sizeof(whats[0]); w++)
                babble(&peers[i], cut, whats[w]);
}

Test(dialogs, every_refused_allocation_is_told_and_leaks_nothing)
{
    for (size_t i = 0; i < npeers; i++) {
        const struct peer *p = &peers[i];
        const struct dialog *d = dialog_find(p->dialog);
        struct dialog_ask ask = { .host = "host.test" };
        bool done = false;

        for (long nth = 1; !done; nth++) {
            struct run r = { 0 };

            chan_script_init(&r.script, p->says, p->says_len, 64);
            r.talk = talk_new(&r.script.chan);
            dialog_notes_init(&r.notes);
            fault_arm(nth);
            r.ok = dialog_run(d, r.talk, &ask, &r.notes, &r.err);
            done = fault_seen() < nth;
            fault_arm(-1);
            cr_assert_eq(r.ok, done, "%s", p->dialog);
            if (!done)
                cr_assert_eq(r.err.code, ERR_NO_MEMORY, "%s %ld: %s", p->dialog,
                             nth, r.err.msg);
            end_run(&r);
        }
    }
}

/* ---- names ---- */

static bool run_with_name(struct run *r, const char *dialog, const char *name)
{
    const struct dialog *d = dialog_find(dialog);
    struct dialog_ask ask = { .host = "host.test", .name = name };

    *r = (struct run){ 0 };
    chan_script_init(&r->script, "", 0, 1);
    r->talk = talk_new(&r->script.chan);
    dialog_notes_init(&r->notes);
    return dialog_run(d, r->talk, &ask, &r->notes, &r->err);
}

Test(dialogs,
     a_name_that_could_end_a_command_is_refused_before_anything_is_said)
{
    static const char *const bad[] = {
        "a\r\nRCPT", "a\nb", "a b", "a\tb", "a\x7f", "\x1b",
        "a'b",       "a\"b", "a<b", "a>b",  "a&b",
    };
    struct run r;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        cr_assert_not(run_with_name(&r, "xmpp", bad[i]));
        cr_assert_eq(r.err.code, ERR_USAGE, "%zu", i);
        cr_assert_eq(r.script.out.len, 0);
        end_run(&r);
        cr_assert_not(run_with_name(&r, "smtp", bad[i]));
        cr_assert_eq(r.err.code, ERR_USAGE, "%zu", i);
        end_run(&r);
    }
}

Test(dialogs, a_name_has_at_most_255_bytes)
{
    char name[257];
    struct run r;

    memset(name, 'a', sizeof(name));
    name[256] = '\0';
    cr_assert_not(run_with_name(&r, "xmpp", name));
    cr_assert_eq(r.err.code, ERR_USAGE);
    end_run(&r);
    name[255] = '\0';
    cr_assert_not(run_with_name(&r, "xmpp", name));
    cr_assert_eq(r.err.code, ERR_CLOSED);
    end_run(&r);
}

Test(dialogs, a_name_takes_the_place_of_the_default)
{
    struct run r;

    cr_assert_not(run_with_name(&r, "xmpp", "other.test"));
    cr_assert_not_null(strstr(buf_string(&r.script.out), " to='other.test' "));
    end_run(&r);
    /* nobody sends this one, so nobody minds it */
    cr_assert_not(run_with_name(&r, "pop3", "a b"));
    cr_assert_eq(r.err.code, ERR_CLOSED);
    end_run(&r);
}
