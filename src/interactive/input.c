/* input -- standard input of a session: data, and letters that are commands. */
#include "interactive_room.h"

#include "base/mem.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* -quiet means -ign_eof; the last of the three counts. */
static bool ignores_end(const struct option_set *words)
{
    bool ignore = false;

    for (size_t i = 0; i < words->count; i++) {
        const enum option_id id = words->said[i].id;

        if (id == OPT_quiet || id == OPT_ign_eof)
            ignore = true;
        if (id == OPT_no_ign_eof)
            ignore = false;
    }
    return ignore;
}

bool input_init(struct input *in, const struct option_set *words, struct err *e)
{
    const bool ignore = ignores_end(words);

    *in = (struct input){
        .ignore_end = ignore,
        .commands = !ignore && !options_has(words, OPT_nocommands),
        .crlf = options_has(words, OPT_crlf),
        .newer = plan_have(NEEDS_OPENSSL_3_2),
        .data = mem_new(1, PIECE),
    };
    if (in->commands && options_has(words, OPT_adv)) {
        in->typed = mem_new(1, PIECE);
        if (!in->typed)
            return err_memory(e, "the session");
    }
    return in->data || err_memory(e, "the session");
}

void input_release(struct input *in)
{
    mem_free(in->data);
    mem_free(in->typed);
}

/* Each LF becomes CR LF; there is room for twice the bytes. */
static void add_returns(struct input *in)
{
    size_t lines = 0, to;

    for (size_t i = 0; i < in->len; i++)
        lines += in->data[i] == '\n';
    to = in->len + lines;
    in->len = to;
    for (size_t from = to - lines; from < to;) {
        in->data[--to] = in->data[--from];
        if (in->data[to] == '\n')
            in->data[--to] = '\r';
    }
}

static enum input_event command_of(const struct input *in, char letter)
{
    switch (letter) {
    case 'Q':
        return INPUT_QUIT;
    case 'R':
        return INPUT_RENEGOTIATE;
    case 'k':
        return INPUT_KEYS;
    case 'K':
        return INPUT_KEYS_BOTH;
    case 'C':
        return in->newer ? INPUT_RECONNECT : INPUT_NOTHING;
    default:
        return INPUT_NOTHING;
    }
}

/* As s_client, a letter that begins what is read at a time is a command, and
 * takes the rest along.  Other than s_client, only when it begins a line, and
 * not amid more than can be read at a time: a file is no dialogue. */
static enum input_event obey(struct input *in, size_t most)
{
    const bool inside = in->inside;
    enum input_event event = INPUT_NOTHING;

    in->inside = in->len == most || in->data[in->len - 1] != '\n';
    if (in->commands && !inside)
        event = command_of(in, in->data[0]);
    if (event != INPUT_NOTHING) {
        in->len = 0;
        in->inside = false;
    }
    return event;
}

bool input_has_more(const struct input *in)
{
    return in->at < in->ntyped;
}

enum input_event input_read(struct input *in)
{
    const size_t most = in->crlf ? PIECE / 2 : PIECE;
    char *room = in->typed ? in->typed : in->data;
    enum input_event event;
    ssize_t n;

    if (input_has_more(in))
        return advanced_next(in);
    n = read(STDIN_FILENO, room, most);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return INPUT_NOTHING;
    if (n <= 0) {
        in->ended = true;
        return in->ignore_end ? INPUT_NOTHING : INPUT_END;
    }
    if (in->typed) {
        in->at = 0;
        in->ntyped = (size_t)n;
        return advanced_next(in);
    }
    in->start = 0;
    in->len = (size_t)n;
    event = obey(in, most);
    if (event == INPUT_NOTHING) {
        in->some = true;
        if (in->crlf)
            add_returns(in);
    }
    return event;
}
