/* target -- the one target of a session, as s_client finds it in the words. */
#include "interactive_room.h"

#include "base/hostport.h"
#include "base/mem.h"

#define PORT "4433" /* s_client's, where none is said */

static bool copy(char **to, const char *text, struct err *e)
{
    *to = mem_text(text);
    return *to || err_memory(e, "the target");
}

/* A host that is not said is this one; s_client names it to the server then,
 * though it does not name a "localhost" that is said. */
static bool name_localhost(struct target *t, struct err *e)
{
    const struct option_word word = { .name = option_rows[OPT_servername].name,
                                      .value = "localhost",
                                      .level = LEVEL_DEFAULTS };

    return options_has(&t->words, OPT_noservername)
           || options_has(&t->words, OPT_servername)
           || options_say(&t->words, &word, e);
}

static bool from_hostport(struct target *t, struct hostport *hp, struct err *e)
{
    const char *host = hp->host;
    const char *port = hp->port;

    if (!host && !options_has(&t->words, OPT_connect))
        host = options_text(&t->words, OPT_host, NULL);
    if (!port)
        port = options_text(&t->words, OPT_port, PORT);
    return copy(&t->host, host ? host : "localhost", e)
           && copy(&t->port, port, e) && copy(&t->text, t->host, e)
           && (host || name_localhost(t, e));
}

static bool from_words(struct target *t, struct err *e)
{
    const char *connect = options_text(&t->words, OPT_connect, NULL);
    const char *path = options_text(&t->words, OPT_unix, NULL);
    struct hostport hp = { 0 };
    bool done;

    if (path)
        return copy(&t->path, path, e) && copy(&t->text, path, e);
    if (connect && !hostport_parse(&hp, connect, e))
        return false;
    done = from_hostport(t, &hp, e);
    hostport_release(&hp);
    return done;
}

/* A scheme of the host says -starttls at the last level; what the command line
 * says of it counts more. */
static bool from_host(struct target *t, const char *host, struct err *e)
{
    const char *starttls = options_text(&t->words, OPT_starttls, NULL);
    const struct option_word word = { .name = option_rows[OPT_starttls].name,
                                      .value = starttls,
                                      .level = LEVEL_TARGET };

    return target_parse(t, host, options_text(&t->words, OPT_port, PORT), e)
           && (!starttls || options_say(&t->words, &word, e));
}

bool session_target(struct target *t, const struct command_line *line,
                    struct err *e)
{
    e->stage = STAGE_INPUT;
    if (!options_append(&t->words, &line->words, e))
        return false;
    if (line->nhosts > 0 ? !from_host(t, line->hosts[0], e) : !from_words(t, e))
        return false;
    options_settle(&t->words);
    e->stage = STAGE_CONFIG;
    return options_check(&t->words, e)
           && options_check_supported(&t->words, plan_have, e);
}
