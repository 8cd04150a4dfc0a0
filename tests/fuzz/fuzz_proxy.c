/* fuzz_proxy -- a proxy that says anything, and an SMTP server behind it.
 *
 * Input: the packet size, then what the proxy and the server say.
 */
#include "dialog.h"

#include <stdint.h>
#include <stdlib.h>

enum { READ_AHEAD = 4096 };

static void must(bool what)
{
    if (!what)
        abort();
}

static void check(bool ok, const struct err *e)
{
    must(ok == (e->code == ERR_NONE));
    must(err_row(e->code)->status != STATUS_INTERNAL);
    for (const char *p = e->msg; *p; p++)
        must((unsigned char)*p >= ' ' && *p != 0x7f);
}

static void speak_smtp(struct talk *talk, struct err *e)
{
    struct dialog_ask ask = { .host = "host.test" };
    struct dialog_notes notes;

    dialog_notes_init(&notes);
    check(dialog_run(dialog_find("smtp"), talk, &ask, &notes, e), e);
    dialog_notes_release(&notes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct proxy_ask ask = { .host = "host.test", .port = "25", .user = "me" };
    struct chan_script peer;
    struct err e = { 0 };
    struct talk *talk;
    bool ok;

    if (size < 1)
        return 0;
    chan_script_init(&peer, data + 1, size - 1, data[0] + 1U);
    talk = talk_new(&peer.chan);
    must(talk != NULL);
    ok = proxy_connect(talk, &ask, &e);
    check(ok, &e);
    must(e.stage == STAGE_PROXY);
    if (ok)
        speak_smtp(talk, &e);
    must(peer.chan.bytes_read <= 2 * TALK_TOTAL_MAX + READ_AHEAD);
    talk_free(talk);
    chan_script_release(&peer);
    return 0;
}
