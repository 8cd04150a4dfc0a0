/* address -- one target word: scheme, host, address, port. */
#include "targets.h"

#include "base/hostport.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

enum { SHOWN = 100 }; /* bytes of a target in a message */

/* What stands before "://". */
static const struct scheme {
    const char *name;
    const char *port; /* NULL: the target must say one */
    const char *starttls; /* NULL: TLS from the first byte */
} schemes[] = {
    { "tls", NULL, NULL },
    { "https", "443", NULL },
    { "smtp", "25", "smtp" },
    { "submission", "587", "smtp" },
    { "smtps", "465", NULL },
    { "lmtp", "24", "lmtp" },
    { "imap", "143", "imap" },
    { "imaps", "993", NULL },
    { "pop3", "110", "pop3" },
    { "pop3s", "995", NULL },
    { "sieve", "4190", "sieve" },
    { "ftp", "21", "ftp" },
    { "ftps", "990", NULL },
    { "ldap", "389", "ldap" },
    { "ldaps", "636", NULL },
    { "xmpp", "5222", "xmpp" },
    { "xmpps", "5223", NULL },
    { "xmpp-server", "5269", "xmpp-server" },
    { "postgres", "5432", "postgres" },
    { "postgresql", "5432", "postgres" },
    { "mysql", "3306", "mysql" },
    { "nntp", "119", "nntp" },
    { "nntps", "563", NULL },
    { "irc", "6667", "irc" },
    { "ircs", "6697", NULL },
    { "telnet", "23", "telnet" },
    { "dns", "853", NULL },
    { "dot", "853", NULL },
};

enum { SCHEMES_COUNT = sizeof(schemes) / sizeof(schemes[0]) };

/* ---- refusals ---- */

static bool refuse(const char *text, const char *why, struct err *e)
{
    return err_set(e, ERR_ADDRESS, "'%.*s': %s", SHOWN, text, why);
}

static bool is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

static bool check_host(const char *text, const char *host, struct err *e)
{
    if (!host)
        return refuse(text, "the host is missing", e);
    if (!is_ascii(host))
        return refuse(text,
                      "write a name with such letters in its ASCII form "
                      "(xn--...), as DNS has it",
                      e);
    if (!hostport_is_host(host))
        return refuse(text,
                      "a host is a name of at most 253 letters, digits, '.', "
                      "'-' and '_', or an IP address",
                      e);
    return true;
}

static bool check_port(const char *text, const char *port, struct err *e)
{
    if (!port)
        return refuse(text, "this scheme has no port of its own: add ':port'",
                      e);
    if (!hostport_is_port(port))
        return refuse(text,
                      "a port is a number from 1 to 65535 or the name of a "
                      "service",
                      e);
    return true;
}

/* ---- schemes and words ---- */

static bool unknown_scheme(const char *text, const char *name, struct err *e)
{
    const struct scheme *near = NULL;
    unsigned best = 3;

    for (size_t i = 0; i < SCHEMES_COUNT; i++) {
        unsigned distance = text_distance(schemes[i].name, name);

        if (distance < best && distance < strlen(name)) {
            best = distance;
            near = &schemes[i];
        }
    }
    if (near)
        return err_set(e, ERR_ADDRESS,
                       "'%.*s': unknown scheme '%.20s' (did you mean '%s'?)",
                       SHOWN, text, name, near->name);
    return err_set(e, ERR_ADDRESS,
                   "'%.*s': unknown scheme '%.20s': tls://host:port fits any "
                   "that begins with TLS",
                   SHOWN, text, name);
}

static const struct scheme *find_scheme(const char *text, size_t len,
                                        struct err *e)
{
    char *name;

    for (size_t i = 0; i < SCHEMES_COUNT; i++)
        if (strlen(schemes[i].name) == len
            && strncasecmp(schemes[i].name, text, len) == 0)
            return &schemes[i];
    name = mem_copy(text, len);
    if (name)
        unknown_scheme(text, name, e);
    else
        err_memory(e, "target");
    mem_free(name);
    return NULL;
}

/* What the address says is a word of the target. */
static bool say(struct target *t, enum option_id id, const char *value,
                struct err *e)
{
    return options_say(&t->words,
                       &(struct option_word){ .name = option_rows[id].name,
                                              .value = value,
                                              .level = LEVEL_TARGET },
                       e);
}

/* A scheme also says when TLS begins with the first byte. */
static bool say_starttls(struct target *t, const char *protocol, struct err *e)
{
    if (protocol)
        return say(t, OPT_starttls, protocol, e);
    return !options_has(&t->words, OPT_starttls)
           || options_take_back(&t->words, OPT_starttls, LEVEL_TARGET, e);
}

/* ---- the parts ---- */

/* Host and port as written; a bare IPv6 address has no port. */
static bool read_hostport(struct hostport *out, const char *text, struct err *e)
{
    if (text[0] != '[' && hostport_is_address(text)) {
        *out = (struct hostport){ .host = mem_text(text) };
        return out->host || err_memory(e, "target");
    }
    return hostport_parse(out, text, e);
}

static bool copy_port(char **out, const char *port, const char *otherwise,
                      struct err *e)
{
    *out = mem_text(port ? port : otherwise);
    return *out || !(port || otherwise) || err_memory(e, "target");
}

/* "host", "host:port" or "host@address:port". */
static bool read_parts(struct target *t, const char *word, const char *port,
                       struct err *e)
{
    const char *at = strchr(word, '@');
    struct hostport hp = { 0 };
    bool done = false;

    if (!read_hostport(&hp, at ? at + 1 : word, e))
        return false;
    if (!check_host(t->text, hp.host, e)
        || !copy_port(&t->port, hp.port, port, e)
        || !check_port(t->text, t->port, e))
        goto out;
    *(at ? &t->address : &t->host) = hp.host;
    hp.host = NULL;
    if (at) {
        t->host = mem_copy(word, (size_t)(at - word));
        done =
            t->host ? check_host(t->text, t->host, e) : err_memory(e, "target");
    } else {
        done = true;
    }
out:
    hostport_release(&hp);
    return done;
}

static bool read_url(struct target *t, const char *colon, struct err *e)
{
    const struct scheme *scheme =
        find_scheme(t->text, (size_t)(colon - t->text), e);
    const char *rest = colon + 3;
    const char *slash = strchr(rest, '/');
    char *word;
    bool done;

    if (!scheme)
        return false;
    if (slash && slash[1])
        return refuse(t->text,
                      "a target ends with its port: leave the path out", e);
    word = mem_copy(rest, slash ? (size_t)(slash - rest) : strlen(rest));
    if (!word)
        return err_memory(e, "target");
    done = read_parts(t, word, scheme->port, e)
           && say_starttls(t, scheme->starttls, e);
    mem_free(word);
    return done;
}

static bool read_path(struct target *t, const char *path, struct err *e)
{
    for (const char *p = path; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            return refuse(t->text, "a path holds no control characters", e);
    if (!*path)
        return refuse(t->text, "the path of the socket is missing", e);
    t->path = mem_text(path);
    if (!t->path)
        return err_memory(e, "target");
    return say(t, OPT_unix, path, e);
}

static bool read_word(struct target *t, const char *default_port, struct err *e)
{
    const char *colon = strstr(t->text, "://");

    if (strncmp(t->text, "unix:", 5) == 0)
        return read_path(t, t->text + 5, e);
    return colon ? read_url(t, colon, e)
                 : read_parts(t, t->text, default_port, e);
}

static void forget(char **part)
{
    mem_free(*part);
    *part = NULL;
}

bool target_parse(struct target *t, const char *text, const char *default_port,
                  struct err *e)
{
    t->text = mem_text(text);
    if (!t->text)
        return err_memory(e, "target");
    if (read_word(t, default_port, e))
        return true;
    forget(&t->host);
    forget(&t->port);
    forget(&t->address);
    forget(&t->path);
    return false;
}
