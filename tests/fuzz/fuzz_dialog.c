/* fuzz_dialog -- a server that says anything, to any dialogue.
 *
 * Input: the dialogue's number, the packet size, then what the server says.
 */
#include "dialog.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { DIALOGS = 14, HEADER = 2, READ_AHEAD = 4096 };

static void must(bool what)
{
    if (!what)
        abort();
}

/* Shown to people: whatever came, no control byte may be left of it. */
static void check_message(const struct err *e)
{
    for (const char *p = e->msg; *p; p++)
        must((unsigned char)*p >= ' ' && *p != 0x7f);
}

static void check(bool ok, const struct chan_script *peer,
                  const struct talk *talk, const struct err *e)
{
    must(ok == (e->code == ERR_NONE));
    must(e->stage == STAGE_STARTTLS);
    must(err_row(e->code)->status != STATUS_INTERNAL);
    must(!ok || !talk_more(talk));
    must(peer->chan.bytes_read <= TALK_TOTAL_MAX + READ_AHEAD);
    check_message(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dialog_ask ask = { .host = "host.test" };
    struct dialog_notes notes;
    struct chan_script peer;
    struct err e = { 0 };
    struct talk *talk;

    if (size < HEADER)
        return 0;
    chan_script_init(&peer, data + HEADER, size - HEADER, data[1] + 1U);
    talk = talk_new(&peer.chan);
    must(talk != NULL);
    dialog_notes_init(&notes);
    check(dialog_run(dialog_nth(data[0] % DIALOGS), talk, &ask, &notes, &e),
          &peer, talk, &e);
    must(strlen(notes.reply) < sizeof(notes.reply));
    dialog_notes_release(&notes);
    talk_free(talk);
    chan_script_release(&peer);
    return 0;
}
