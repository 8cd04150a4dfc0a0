/* advanced -- input in which commands stand in braces (-adv). */
#include "interactive_room.h"

#include <string.h>
#include <strings.h>

static const struct command {
    const char *name;
    const char *argument; /* that it must have; NULL: none */
    enum input_event event;
} commands[] = {
    { "help", NULL, INPUT_HELP },
    { "quit", NULL, INPUT_QUIT },
    { "reconnect", NULL, INPUT_RECONNECT },
    { "reneg", NULL, INPUT_RENEGOTIATE },
    { "keyup", NULL, INPUT_KEYS_BOTH },
    { "keyup", "req", INPUT_KEYS_BOTH },
    { "keyup", "noreq", INPUT_KEYS },
};

static bool same(const char *word, size_t len, const char *name)
{
    return strlen(name) == len && strncasecmp(word, name, len) == 0;
}

/* What the text between braces means; "argument" follows a colon. */
static enum input_event meaning(const char *text, size_t len)
{
    const char *colon = memchr(text, ':', len);
    const size_t name = colon ? (size_t)(colon - text) : len;
    enum input_event event = INPUT_UNKNOWN;

    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        const struct command *c = &commands[i];

        if (!same(text, name, c->name))
            continue;
        if (colon ? c->argument && same(colon + 1, len - name - 1, c->argument)
                  : !c->argument)
            return c->event;
        event = INPUT_BAD_ARGUMENT;
    }
    return event;
}

static void keep_word(struct input *in, const char *text, size_t len)
{
    const size_t most = sizeof(in->word) - 1;

    if (len > most)
        len = most;
    memcpy(in->word, text, len);
    in->word[len] = '\0';
}

/* The command that stands next; alone on its line it takes the line end along.
 * An opening brace without its fellow is text: INPUT_NOTHING. */
static enum input_event take_command(struct input *in)
{
    const char *text = in->typed + in->at + 1;
    const size_t left = in->ntyped - in->at - 1;
    const char *end = memchr(text, '}', left);
    const bool first = in->at == 0 || in->typed[in->at - 1] == '\n';
    size_t len;

    if (!end)
        return INPUT_NOTHING;
    len = (size_t)(end - text);
    keep_word(in, text, len);
    in->at += len + 2;
    if (first && in->at < in->ntyped && in->typed[in->at] == '\n')
        in->at++;
    return meaning(text, len);
}

static void add(struct input *in, char c)
{
    if (c == '\n' && in->crlf)
        in->data[in->len++] = '\r';
    in->data[in->len++] = c;
    in->some = true;
}

enum input_event advanced_next(struct input *in)
{
    in->start = in->len = 0;
    while (in->at < in->ntyped) {
        const char c = in->typed[in->at];
        const bool twice =
            c == '{' && in->at + 1 < in->ntyped && in->typed[in->at + 1] == '{';
        enum input_event event = INPUT_NOTHING;

        if (c == '{' && !twice) {
            if (in->len > 0
                && memchr(in->typed + in->at, '}', in->ntyped - in->at))
                break; /* what stands before it is sent first */
            event = take_command(in);
        }
        if (event != INPUT_NOTHING)
            return event;
        add(in, c);
        in->at += twice ? 2 : 1;
    }
    return INPUT_NOTHING;
}
