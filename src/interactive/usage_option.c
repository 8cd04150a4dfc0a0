/* usage_option -- what s_client says to an option as soon as it has read it. */
#include "usage.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- what is counted ---- */

static bool note_socket(struct usage *u, enum option_id id)
{
    const bool inet = id == OPT_4 || id == OPT_6 || id == OPT_host
                      || id == OPT_port || id == OPT_connect;

    if (inet && u->socket == SOCKET_UNIX)
        return usage_refuse(u, S_CLIENT "Intermixed protocol flags (unix and "
                                        "internet domains)");
    if (id == OPT_unix && u->socket == SOCKET_INET)
        return usage_refuse(u, S_CLIENT "Intermixed protocol flags (internet "
                                        "and unix domains)");
    if (inet)
        u->socket = SOCKET_INET;
    if (id == OPT_unix)
        u->socket = SOCKET_UNIX;
    u->families += id == OPT_4 || id == OPT_6;
    return true;
}

static bool note_version(struct usage *u, enum option_id id)
{
    static const bool only[OPTIONS_COUNT] = {
        [OPT_ssl3] = true,   [OPT_tls1] = true,    [OPT_tls1_1] = true,
        [OPT_tls1_2] = true, [OPT_tls1_3] = true,  [OPT_dtls] = true,
        [OPT_dtls1] = true,  [OPT_dtls1_2] = true, [OPT_quic] = true,
    };
    static const bool without[OPTIONS_COUNT] = {
        [OPT_no_ssl3] = true,   [OPT_no_tls1] = true,   [OPT_no_tls1_1] = true,
        [OPT_no_tls1_2] = true, [OPT_no_tls1_3] = true,
    };

    u->versions += only[id];
    if (u->versions > 1)
        return usage_refuse(u, "Cannot supply multiple protocol flags");
    u->no_versions += without[id];
    if (u->versions == 1 && u->no_versions > 0)
        return usage_refuse(u, "Cannot supply both a protocol flag and "
                               "'-no_<prot>'");
    return true;
}

/* ---- single options ---- */

static bool say_depth(struct usage *u, const char *value)
{
    if (!u->said[OPT_quiet] && !u->said[OPT_brief])
        buf_printf(u->out, "verify depth is %ld\n", strtol(value, NULL, 10));
    return true;
}

static bool say_strength(struct usage *u, const char *value)
{
    buf_printf(u->out, "SRP minimal length for N is %ld\n",
               strtol(value, NULL, 10));
    return true;
}

static bool check_hex(struct usage *u, const char *value)
{
    return !value[strspn(value, "0123456789abcdefABCDEF")]
           || usage_refuse(u, "Not a hex number '%s'", value);
}

/* s_client forgets the line end here. */
static bool check_fragment(struct usage *u, const char *value)
{
    const long n = strtol(value, NULL, 10);

    if (n == 512 || n == 1024 || n == 2048 || n == 4096)
        return true;
    buf_printf(u->out,
               S_CLIENT "Max Fragment Len %u is out of permitted values",
               (unsigned)n);
    return usage_hint(u);
}

static bool check_starttls(struct usage *u, const char *value)
{
    const char *at = option_rows[OPT_starttls].choices;
    struct buf names;
    bool known = false;

    buf_init(&names, 4096);
    while (*at) {
        const size_t len = strcspn(at, " ");

        known |= strlen(value) == len && strncmp(value, at, len) == 0;
        buf_printf(&names, "\t%.*s\n", (int)len, at);
        at += len + (at[len] == ' ');
    }
    if (!known)
        buf_printf(u->out, S_CLIENT "Value must be one of:\n%s",
                   buf_string(&names));
    buf_release(&names);
    return known;
}

/* The file is there from now on, as s_client makes it. */
static bool check_msgfile(struct usage *u, const char *value)
{
    const int fd = open(value, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return usage_refuse(u, "Error writing file %s", value);
    close(fd);
    return true;
}

static bool begin_entry(struct usage *u, const char *value)
{
    (void)value;
    if (u->entry.cert)
        u->entry.key = u->entry.chain = false;
    u->entry.cert = true;
    return true;
}

static bool once(struct usage *u, bool *said, const char *what)
{
    if (*said)
        return usage_refuse(u, S_CLIENT "%s already specified", what);
    *said = true;
    return true;
}

static bool check_key(struct usage *u, const char *value)
{
    (void)value;
    return once(u, &u->entry.key, "Key");
}

static bool check_chain(struct usage *u, const char *value)
{
    (void)value;
    return once(u, &u->entry.chain, "Chain");
}

typedef bool option_fn(struct usage *u, const char *value);

static const struct {
    enum option_id id;
    option_fn *check;
} checks[] = {
    { OPT_verify, say_depth },        { OPT_srp_strength, say_strength },
    { OPT_psk, check_hex },           { OPT_maxfraglen, check_fragment },
    { OPT_starttls, check_starttls }, { OPT_xcert, begin_entry },
    { OPT_xkey, check_key },          { OPT_msgfile, check_msgfile },
    { OPT_xchain, check_chain },
};

bool usage_option(struct usage *u, enum option_id id, const char *value)
{
    if (!note_socket(u, id) || !note_version(u, id))
        return false;
    u->said[id] = value;
    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
        if (checks[i].id == id)
            return checks[i].check(u, value);
    return true;
}
