/* speak -- what is said in clear between connect and TLS. */
#include "probe_room.h"

#include "dialog.h"

#include <string.h>

static bool speak_proxy(struct attempt *a, struct talk *t, struct err *e)
{
    const struct plan_settings *s = a->probe->settings;
    const struct target *target = a->probe->target;
    const struct proxy_ask ask = {
        .host = target->address ? target->address : target->host,
        .port = target->port,
        .user = s->proxy_user,
        .pass = s->proxy_pass,
        .notes = a->notes,
    };
    const int64_t start = clock_now_us();
    bool done;

    e->stage = STAGE_PROXY;
    done = proxy_connect(t, &ask, e);
    record_since(a->probe->record, REC_ms_proxy, start);
    return done;
}

static void note_dialog(const struct attempt *a, const struct dialog_notes *n)
{
    struct record *r = a->probe->record;
    const char *line = buf_string(&n->capabilities);

    while (*line) {
        size_t len = strcspn(line, "\n");

        record_add(r, REC_starttls_capabilities, line, len);
        line += len + (line[len] == '\n');
    }
    if (n->not_offered) {
        static const char text[] = "STARTTLS was not announced, tried anyway";

        record_add(r, REC_warnings, text, sizeof(text) - 1);
    }
}

static bool speak_starttls(struct attempt *a, struct talk *t, struct err *e)
{
    const struct plan_settings *s = a->probe->settings;
    const struct dialog *d = dialog_find(s->starttls);
    const struct dialog_ask ask = { .name = s->name,
                                    .host = a->probe->target->host };
    const int64_t start = clock_now_us();
    struct dialog_notes own, *notes = a->notes ? a->notes : &own;
    bool done;

    e->stage = STAGE_STARTTLS;
    if (!d)
        return err_set(e, ERR_USAGE, "-starttls: no such protocol '%s'",
                       s->starttls);
    dialog_notes_init(&own);
    done = dialog_run(d, t, &ask, notes, e);
    note_dialog(a, notes);
    dialog_notes_release(&own);
    record_since(a->probe->record, REC_ms_starttls, start);
    return done;
}

bool speak(struct attempt *a, struct err *e)
{
    const struct plan_settings *s = a->probe->settings;
    struct buf *shown = s->trace.debug ? attempt_lines(a).out : NULL;
    struct chan_fd socket;
    struct tap tap;
    struct talk *t;
    bool done;

    if (!s->proxy_host && !s->starttls)
        return true;
    chan_fd_init(&socket, a->fd, a->probe->waiter, a->connect_by);
    tap_init(&tap, &socket.chan);
    /* A password is for the proxy alone. */
    tap.out = s->proxy_user ? NULL : shown;
    t = talk_new(&tap.chan);
    if (!t)
        return err_memory(e, "the dialogue before TLS");
    done = !s->proxy_host || speak_proxy(a, t, e);
    a->handshake_by =
        deadline_sooner(a->probe->deadline, deadline_in(s->handshake_ms));
    tap.chan.when = a->handshake_by;
    tap.out = shown;
    if (done && s->starttls)
        done = speak_starttls(a, t, e);
    else if (done)
        done = dialog_ends_clean(t, e);
    talk_free(t);
    return done;
}
