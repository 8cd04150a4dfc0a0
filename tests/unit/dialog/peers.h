/* peers -- for each dialogue a server that does everything right. */
#pragma once

#include "dialog.h"

struct peer {
    const char *dialog;
    const char *says;
    size_t says_len;
    const char *hears; /* what must be sent to it, host "host.test" */
    size_t hears_len;
    const char *announces; /* the capabilities that are noted */
};

extern const struct peer peers[];
extern const size_t npeers;

/* One run of a dialogue with a script; the results stay until end_run(). */
struct run {
    struct chan_script script;
    struct talk *talk;
    struct dialog_notes notes;
    struct err err;
    bool ok;
};
void run_dialog(struct run *r, const char *dialog, const void *says, size_t len,
                size_t chunk);
void end_run(struct run *r);
