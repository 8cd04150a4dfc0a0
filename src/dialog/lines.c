/* lines -- the dialogues that are made of lines: a grammar each and a table. */
#include "dialog_room.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Without regard to case. */
static bool begins(const struct reply *r, const char *with)
{
    return strncasecmp(r->line, with, strlen(with)) == 0;
}

/* ---- replies with codes: SMTP, LMTP, NNTP, FTP ---- */

/* Three digits, then the end, a blank, or a hyphen when more lines follow. */
static bool has_code(const struct reply *r)
{
    for (size_t i = 0; i < 3; i++)
        if (!isdigit((unsigned char)r->line[i]))
            return false;
    return r->len == 3 || r->line[3] == ' ' || r->line[3] == '-';
}

static bool same_code(const struct reply *r)
{
    return has_code(r) && strncmp(r->line, r->code, 3) == 0;
}

static void keep_code(struct reply *r)
{
    memcpy(r->code, r->line, 3);
}

static enum verdict judge_code(const struct reply *r)
{
    return strncmp(r->code, r->want, strlen(r->want)) == 0 ? LINE_GOOD
                                                           : LINE_REFUSED;
}

/* RFC 5321 section 4.2.1: each line has the code.  The first line of the reply
 * to EHLO is a greeting, the others are capabilities. */
static enum verdict smtp_reply(struct reply *r)
{
    if (!has_code(r))
        return LINE_MALFORMED;
    if (r->nth == 0)
        keep_code(r);
    if (!same_code(r))
        return LINE_MALFORMED;
    if (r->announces && r->nth > 0 && r->len > 4)
        session_capability(r->session, r->line + 4, r->len - 4);
    return r->line[3] == '-' ? LINE_MORE : judge_code(r);
}

/* RFC 959 section 4.2: between "220-" and "220 " stands anything; a reply 1yz
 * is followed by another one. */
static enum verdict ftp_reply(struct reply *r)
{
    if (r->code[0] == '\0') {
        if (!has_code(r))
            return LINE_MALFORMED;
        keep_code(r);
    }
    if (!same_code(r) || r->line[3] == '-')
        return LINE_MORE;
    if (r->code[0] == '1') {
        r->code[0] = '\0';
        return LINE_MORE;
    }
    return judge_code(r);
}

static enum verdict nntp_reply(struct reply *r)
{
    if (!has_code(r))
        return LINE_MALFORMED;
    keep_code(r);
    return judge_code(r);
}

/* RFC 3977 section 5.2.  As s_client: a server that does not know the command
 * is asked for STARTTLS all the same. */
static enum verdict nntp_capabilities(struct reply *r)
{
    if (r->nth == 0) {
        if (!has_code(r))
            return LINE_MALFORMED;
        keep_code(r);
        return judge_code(r) == LINE_GOOD ? LINE_MORE : LINE_GOOD;
    }
    if (strcmp(r->line, ".") == 0)
        return LINE_GOOD;
    session_capability(r->session, r->line, r->len);
    return LINE_MORE;
}

/* ---- replies with words: POP3, IMAP, Sieve ---- */

static enum verdict pop3_reply(struct reply *r)
{
    if (begins(r, "+OK"))
        return LINE_GOOD;
    return begins(r, "-ERR") ? LINE_REFUSED : LINE_MALFORMED;
}

static enum verdict imap_greeting(struct reply *r)
{
    if (begins(r, "* OK") || begins(r, "* PREAUTH"))
        return LINE_GOOD;
    return begins(r, "* BYE") ? LINE_REFUSED : LINE_MALFORMED;
}

static void imap_words(struct reply *r, const char *words)
{
    while (*words) {
        size_t len = strcspn(words, " ");

        if (len > 0)
            session_capability(r->session, words, len);
        words += len + (words[len] == ' ');
    }
}

/* RFC 3501 section 2.2.2: untagged lines may come at any time; our tag is a
 * full stop, as s_client's. */
static enum verdict imap_reply(struct reply *r)
{
    static const char capability[] = "* CAPABILITY ";

    if (r->announces && begins(r, capability))
        imap_words(r, r->line + sizeof(capability) - 1);
    if (begins(r, "* BYE"))
        return LINE_REFUSED;
    if (begins(r, "* "))
        return LINE_MORE;
    if (begins(r, ". OK"))
        return LINE_GOOD;
    return begins(r, ". NO") || begins(r, ". BAD") ? LINE_REFUSED
                                                   : LINE_MALFORMED;
}

/* RFC 5804 section 1.7: the greeting is a list of capabilities. */
static enum verdict sieve_reply(struct reply *r)
{
    if (r->announces && r->line[0] == '"') {
        session_capability(r->session, r->line, r->len);
        return LINE_MORE;
    }
    if (begins(r, "OK"))
        return LINE_GOOD;
    return begins(r, "NO") || begins(r, "BYE") ? LINE_REFUSED : LINE_MALFORMED;
}

/* ---- IRC ---- */

static bool irc_numeric(const char *command, const char *number)
{
    return strncmp(command, number, 3) == 0
           && (command[3] == ' ' || command[3] == '\0');
}

/* IRCv3 "tls": 670 says go on, 691 that it failed; 451 and 421 come from
 * servers that do not know the command.  Before it there may be notices,
 * PING and other numerics. */
static enum verdict irc_reply(struct reply *r)
{
    const char *command = r->line;

    if (*command == ':') {
        command += strcspn(command, " ");
        command += strspn(command, " ");
        if (irc_numeric(command, r->want))
            return LINE_GOOD;
        if (irc_numeric(command, "691") || irc_numeric(command, "451")
            || irc_numeric(command, "421"))
            return LINE_REFUSED;
        return *command ? LINE_MORE : LINE_MALFORMED;
    }
    if (begins(r, "ERROR"))
        return LINE_REFUSED;
    return isalpha((unsigned char)*command) ? LINE_MORE : LINE_MALFORMED;
}

/* ---- the tables ---- */

/* clang-format off */
static const struct step smtp_steps[] = {
    { STEP_HEAR, "220", smtp_reply, "greeting", false },
    { STEP_SEND, "EHLO %s\r\n", NULL, NULL, false },
    { STEP_HEAR, "250", smtp_reply, "reply to EHLO", true },
    { STEP_SEND, "STARTTLS\r\n", NULL, NULL, false },
    { STEP_HEAR, "220", smtp_reply, "reply to STARTTLS", false },
};
static const struct step lmtp_steps[] = {
    { STEP_HEAR, "220", smtp_reply, "greeting", false },
    { STEP_SEND, "LHLO %s\r\n", NULL, NULL, false },
    { STEP_HEAR, "250", smtp_reply, "reply to LHLO", true },
    { STEP_SEND, "STARTTLS\r\n", NULL, NULL, false },
    { STEP_HEAR, "220", smtp_reply, "reply to STARTTLS", false },
};
static const struct step pop3_steps[] = {
    { STEP_HEAR, "", pop3_reply, "greeting", false },
    { STEP_SEND, "STLS\r\n", NULL, NULL, false },
    { STEP_HEAR, "", pop3_reply, "reply to STLS", false },
};
static const struct step imap_steps[] = {
    { STEP_HEAR, "", imap_greeting, "greeting", false },
    { STEP_SEND, ". CAPABILITY\r\n", NULL, NULL, false },
    { STEP_HEAR, "", imap_reply, "reply to CAPABILITY", true },
    { STEP_SEND, ". STARTTLS\r\n", NULL, NULL, false },
    { STEP_HEAR, "", imap_reply, "reply to STARTTLS", false },
};
static const struct step ftp_steps[] = {
    { STEP_HEAR, "220", ftp_reply, "greeting", false },
    { STEP_SEND, "AUTH TLS\r\n", NULL, NULL, false },
    { STEP_HEAR, "234", ftp_reply, "reply to AUTH TLS", false },
};
static const struct step nntp_steps[] = {
    { STEP_HEAR, "20", nntp_reply, "greeting", false },
    { STEP_SEND, "CAPABILITIES\r\n", NULL, NULL, false },
    { STEP_HEAR, "101", nntp_capabilities, "reply to CAPABILITIES", true },
    { STEP_SEND, "STARTTLS\r\n", NULL, NULL, false },
    { STEP_HEAR, "382", nntp_reply, "reply to STARTTLS", false },
};
static const struct step sieve_steps[] = {
    { STEP_HEAR, "", sieve_reply, "greeting", true },
    { STEP_SEND, "STARTTLS\r\n", NULL, NULL, false },
    { STEP_HEAR, "", sieve_reply, "reply to STARTTLS", false },
};
static const struct step irc_steps[] = {
    { STEP_SEND, "STARTTLS\r\n", NULL, NULL, false },
    { STEP_HEAR, "670", irc_reply, "reply to STARTTLS", false },
};
/* clang-format on */

#define LINES(id, kind)                                       \
    const struct dialog dialog_##id = {                       \
        .name = #id,                                          \
        .name_kind = kind,                                    \
        .steps = id##_steps,                                  \
        .nsteps = sizeof(id##_steps) / sizeof(id##_steps[0]), \
    }

LINES(smtp, NAME_OURS);
LINES(lmtp, NAME_OURS);
LINES(pop3, NAME_NONE);
LINES(imap, NAME_NONE);
LINES(ftp, NAME_NONE);
LINES(nntp, NAME_NONE);
LINES(sieve, NAME_NONE);
LINES(irc, NAME_NONE);
