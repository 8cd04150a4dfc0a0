/* What is wrong with a reply: each kind has its code. */
#include "peers.h"

#include <criterion/criterion.h>

#include <string.h>

struct row {
    const char *dialog;
    const char *says;
    size_t len;
    enum err_code code;
    const char *tells; /* part of the message */
};

#define BYTES(literal) literal, sizeof(literal) - 1

#define FEATURES "<stream:stream><stream:features>"
#define OFFER    FEATURES "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

/* clang-format off */
static const struct row rows[] = {
    { "smtp", BYTES("554-no\r\n554 service\r\n"), ERR_STARTTLS_REFUSED, "greeting is a refusal: '554 service'" },
    { "smtp", BYTES("SSH-2.0-x\r\n"), ERR_STARTTLS_MALFORMED, "greeting is not smtp: 'SSH-2.0-x'" },
    { "smtp", BYTES("\r\n"), ERR_STARTTLS_MALFORMED, "greeting" },
    { "smtp", BYTES("22\r\n"), ERR_STARTTLS_MALFORMED, "'22'" },
    { "smtp", BYTES("220x\r\n"), ERR_STARTTLS_MALFORMED, "'220x'" },
    { "smtp", BYTES("220-a\r\n250 b\r\n"), ERR_STARTTLS_MALFORMED, "'250 b'" },
    { "smtp", BYTES("220 a\0b\r\n"), ERR_STARTTLS_MALFORMED, "NUL" },
    { "smtp", BYTES("220 a\r\n502 what\r\n"), ERR_STARTTLS_REFUSED, "reply to EHLO is a refusal: '502 what'" },
    { "smtp", BYTES("220 a\r\n250 STARTTLS\r\n454 TLS \x1b]0;x\a not available\r\n"), ERR_STARTTLS_REFUSED, "reply to STARTTLS is a refusal: '454 TLS \\x1B]0;x\\x07 not available'" },
    { "smtp", BYTES("220 a\r\n250 STARTTLS\r\n\x16\x03\x01\n"), ERR_STARTTLS_MALFORMED, "not smtp: '\\x16\\x03\\x01'" },
    { "lmtp", BYTES("220 a\r\n500 b\r\n"), ERR_STARTTLS_REFUSED, "reply to LHLO" },
    { "lmtp", BYTES("220 a\r\n250 STARTTLS\r\n2\r\n"), ERR_STARTTLS_MALFORMED, "reply to STARTTLS is not lmtp: '2'" },
    { "pop3", BYTES("-ERR busy\r\n"), ERR_STARTTLS_REFUSED, "greeting" },
    { "pop3", BYTES("220 a\r\n"), ERR_STARTTLS_MALFORMED, "not pop3" },
    { "pop3", BYTES("+OK\r\n-ERR unknown command\r\n"), ERR_STARTTLS_REFUSED, "reply to STLS" },
    { "pop3", BYTES("+OK\r\nwhat\r\n"), ERR_STARTTLS_MALFORMED, "reply to STLS" },
    { "imap", BYTES("* BYE overloaded\r\n"), ERR_STARTTLS_REFUSED, "greeting" },
    { "imap", BYTES("+OK\r\n"), ERR_STARTTLS_MALFORMED, "greeting" },
    { "imap", BYTES("* OK\r\n. BAD what\r\n"), ERR_STARTTLS_REFUSED, "reply to CAPABILITY" },
    { "imap", BYTES("* OK\r\n* CAPABILITY STARTTLS\r\na1 OK\r\n"), ERR_STARTTLS_MALFORMED, "'a1 OK'" },
    { "imap", BYTES("* OK\r\n* CAPABILITY STARTTLS\r\n. OK\r\n. NO never\r\n"), ERR_STARTTLS_REFUSED, "reply to STARTTLS" },
    { "imap", BYTES("* OK\r\n* CAPABILITY STARTTLS\r\n. OK\r\n* BYE\r\n"), ERR_STARTTLS_REFUSED, "'* BYE'" },
    { "imap", BYTES("* OK\r\n* CAPABILITY STARTTLS\r\n. OK\r\n. WHAT\r\n"), ERR_STARTTLS_MALFORMED, "'. WHAT'" },
    { "ftp", BYTES("421 too many users\r\n"), ERR_STARTTLS_REFUSED, "greeting" },
    { "ftp", BYTES("hello\r\n"), ERR_STARTTLS_MALFORMED, "not ftp" },
    { "ftp", BYTES("220 a\r\n500 AUTH not understood\r\n"), ERR_STARTTLS_REFUSED, "reply to AUTH TLS" },
    { "ftp", BYTES("220 a\r\n-\r\n"), ERR_STARTTLS_MALFORMED, "reply to AUTH TLS" },
    { "nntp", BYTES("400 go away\r\n"), ERR_STARTTLS_REFUSED, "greeting" },
    { "nntp", BYTES("hi\r\n"), ERR_STARTTLS_MALFORMED, "greeting" },
    { "nntp", BYTES("200 a\r\nhi\r\n"), ERR_STARTTLS_MALFORMED, "reply to CAPABILITIES" },
    { "nntp", BYTES("200 a\r\n101 b\r\n.\r\n580 cannot\r\n"), ERR_STARTTLS_REFUSED, "reply to STARTTLS" },
    { "nntp", BYTES("200 a\r\n101 b\r\n.\r\nyes\r\n"), ERR_STARTTLS_MALFORMED, "reply to STARTTLS" },
    { "sieve", BYTES("BYE \"busy\"\r\n"), ERR_STARTTLS_REFUSED, "greeting" },
    { "sieve", BYTES("* OK\r\n"), ERR_STARTTLS_MALFORMED, "greeting" },
    { "sieve", BYTES("\"STARTTLS\"\r\nOK\r\nNO \"never\"\r\n"), ERR_STARTTLS_REFUSED, "reply to STARTTLS" },
    { "sieve", BYTES("\"STARTTLS\"\r\nOK\r\n\"STARTTLS\"\r\n"), ERR_STARTTLS_MALFORMED, "reply to STARTTLS" },
    { "irc", BYTES(":h 691 * :failed\r\n"), ERR_STARTTLS_REFUSED, "691" },
    { "irc", BYTES(":h NOTICE * :hi\r\n:h 451 STARTTLS :register first\r\n"), ERR_STARTTLS_REFUSED, "451" },
    { "irc", BYTES(":h 421 * STARTTLS :unknown\r\n"), ERR_STARTTLS_REFUSED, "421" },
    { "irc", BYTES("ERROR :closing link\r\n"), ERR_STARTTLS_REFUSED, "ERROR" },
    { "irc", BYTES("220 smtp\r\n"), ERR_STARTTLS_MALFORMED, "not irc" },
    { "irc", BYTES("\r\n"), ERR_STARTTLS_MALFORMED, "not irc" },
    { "irc", BYTES(":h\r\n"), ERR_STARTTLS_MALFORMED, "not irc" },
    { "irc", BYTES(":h 6700 x\r\n"), ERR_CLOSED, "closed" },
    { "xmpp", BYTES("HTTP/1.1 400\r\n"), ERR_STARTTLS_MALFORMED, "list of features is not xmpp" },
    { "xmpp", BYTES(FEATURES "<mechanisms/></stream:features>"), ERR_NOT_OFFERED, "does not offer TLS over xmpp" },
    { "xmpp", BYTES("<stream:stream><stream:features/>"), ERR_NOT_OFFERED, "does not offer" },
    { "xmpp", BYTES(FEATURES "<starttls xmlns='other'/></stream:features>"), ERR_NOT_OFFERED, "does not offer" },
    { "xmpp", BYTES("<stream:stream><stream:error><host-unknown/></stream:error>"), ERR_STARTTLS_REFUSED, "'<host-unknown/>'" },
    { "xmpp", BYTES("<stream:stream><stream:error/>"), ERR_STARTTLS_REFUSED, "'<stream:error/>'" },
    { "xmpp", BYTES("<stream:stream></stream:stream>"), ERR_STARTTLS_REFUSED, "'</stream:stream>'" },
    { "xmpp", BYTES("<a\0b>"), ERR_STARTTLS_MALFORMED, "'<a\\x00b>'" },
    { "xmpp", BYTES(OFFER "</stream:features><failure/>"), ERR_STARTTLS_REFUSED, "reply to starttls is a refusal: '<failure/>'" },
    { "xmpp", BYTES(OFFER "</stream:features><stream:error><timeout/>"), ERR_STARTTLS_REFUSED, "'<timeout/>'" },
    { "xmpp", BYTES(OFFER "<proceeding/>"), ERR_CLOSED, "reply to starttls" },
    { "xmpp-server", BYTES("<stream:stream></stream:stream>"), ERR_STARTTLS_REFUSED, "'</stream:stream>'" },
    { "xmpp-server", BYTES("220 smtp\r\n"), ERR_STARTTLS_MALFORMED, "not xmpp-server" },
    { "telnet", BYTES("log"), ERR_STARTTLS_MALFORMED, "not telnet" },
    { "telnet", BYTES("\xff\xfd\x18"), ERR_NOT_OFFERED, "does not offer" },
    { "telnet", BYTES("\xff\xfe\x2e"), ERR_NOT_OFFERED, "does not offer" },
    { "telnet", BYTES("\xff\xfd\x2e\xff\xfa\x2e\x02\xff\xf0"), ERR_STARTTLS_MALFORMED, "reply to START_TLS" },
    { "mysql", BYTES("\x0b\0\0\0\xff\x10\x04Too many"), ERR_STARTTLS_REFUSED, "'Too many'" },
    { "mysql", BYTES("\x02\0\0\0\xff\x10"), ERR_STARTTLS_MALFORMED, "not mysql" },
    { "mysql", BYTES("\0\0\0\0"), ERR_STARTTLS_MALFORMED, "not mysql" },
    { "mysql", BYTES("\x12\0\0\1"), ERR_STARTTLS_MALFORMED, "not mysql" },
    { "mysql", BYTES("\1\4\0\0"), ERR_STARTTLS_TOO_LONG, "1025 bytes" },
    { "mysql", BYTES("\x10\0\0\0\x0a" "5\0tttt88888888\0"), ERR_STARTTLS_MALFORMED, "not mysql" },
    { "mysql", BYTES("\x11\0\0\0\x0a" "5\0tttt88888888\0\0"), ERR_STARTTLS_MALFORMED, "not mysql" },
    { "mysql", BYTES("\x12\0\0\0\x0a" "5\0tttt88888888\0\0\x08"), ERR_NONE, "" },
    { "mysql", BYTES("\x12\0\0\0\x0a" "5\0tttt88888888\0\xff\xf7"), ERR_NOT_OFFERED, "does not offer" },
    { "mysql", BYTES("\x12\0\0\0\x0a" "5\0tttt88888888\1\0\x08"), ERR_STARTTLS_MALFORMED, "not mysql" },
    { "mysql", BYTES("\x12\0\0\0\x09" "5\0tttt88888888\0\0\x08"), ERR_STARTTLS_MALFORMED, "not mysql" },
    { "mysql", BYTES("\x12\0\0\0\x0a" "55tttt88888888xxx"), ERR_STARTTLS_MALFORMED, "not mysql" },
    { "postgres", BYTES("N"), ERR_NOT_OFFERED, "does not offer" },
    { "postgres", BYTES("H"), ERR_STARTTLS_MALFORMED, "'H'" },
    { "postgres", BYTES("E\0\0\0\x1aSFATAL\0MToo many\033 users\0\0"), ERR_STARTTLS_REFUSED, "" },
    { "postgres", BYTES("E\0\0\0\x0eSFATAL\0Mno"), ERR_STARTTLS_REFUSED, "'SFATAL\\x00Mno'" },
    { "postgres", BYTES("E\0\0\0\x04"), ERR_STARTTLS_REFUSED, "''" },
    { "postgres", BYTES("E\0\0\0\x03"), ERR_STARTTLS_MALFORMED, "not postgres" },
    { "postgres", BYTES("E\0\0\x10\0"), ERR_STARTTLS_MALFORMED, "not postgres" },
    { "ldap", BYTES("\x30\x11\x02\x01\x01\x78\x0c\x0a\x01\x34\x04\0\x04\5never"), ERR_STARTTLS_REFUSED, "LDAP result 52: 'never'" },
    { "ldap", BYTES("\x30\x0c\x02\x01\0\x78\x07\x0a\x01\0\x04\0\x04\0"), ERR_STARTTLS_REFUSED, "LDAP result 0" },
    { "ldap", BYTES("\x30\x0c\x02\x01\2\x78\x07\x0a\x01\0\x04\0\x04\0"), ERR_STARTTLS_MALFORMED, "not ldap" },
    { "ldap", BYTES("\x30\x0c\x02\x01\1\x78\x07\x0a\x01\x80\x04\0\x04\0"), ERR_STARTTLS_MALFORMED, "not ldap" },
    { "ldap", BYTES("\x30\x0c\x02\x01\1\x61\x07\x0a\x01\0\x04\0\x04\0"), ERR_STARTTLS_MALFORMED, "not ldap" },
    { "ldap", BYTES("\x30\x0c\x02\x01\1\x78\x07\x0a\x01\0\x04\0\x04\1"), ERR_STARTTLS_MALFORMED, "not ldap" },
    { "ldap", BYTES("\x30\x81\x0c\x02\x01\1\x78\x07\x0a\x01\0\x04\0\x04\0"), ERR_NONE, "" },
    { "ldap", BYTES("\x30\x84\0\0\0\x0c\x02\x01\1\x78\x07\x0a\x01\0\x04\0\x04\0"), ERR_NONE, "" },
    { "ldap", BYTES("\x30\x84\0\0\0\x10\x02\x01\1\x78\x84\0\0\0\7\x0a\x01\0\x04\0\x04\0"), ERR_NONE, "" },
    { "ldap", BYTES("\x30\x0f\x02\x01\1\x78\x83\xff\xff\xff\x0a\x01\0\x04\0\x04\0"), ERR_STARTTLS_MALFORMED, "not ldap" },
    { "ldap", BYTES("\x30\x80"), ERR_STARTTLS_MALFORMED, "not ldap" },
    { "ldap", BYTES("\x30\x85"), ERR_STARTTLS_MALFORMED, "not ldap" },
    { "ldap", BYTES("\x30\x84\xff\xff\xff\xff"), ERR_STARTTLS_TOO_LONG, "8192 bytes" },
    { "ldap", BYTES("HT"), ERR_STARTTLS_MALFORMED, "'HT'" },
};
/* clang-format on */

enum { NROWS = sizeof(rows) / sizeof(rows[0]) };

static void hear(size_t row, size_t chunk)
{
    struct run r;

    run_dialog(&r, rows[row].dialog, rows[row].says, rows[row].len, chunk);
    cr_assert_eq(r.err.code, rows[row].code, "row %zu: %s: %s", row,
                 rows[row].dialog, r.err.msg);
    cr_assert_eq(r.ok, rows[row].code == ERR_NONE);
    cr_assert_not_null(strstr(r.err.msg, rows[row].tells), "row %zu: %s: %s",
                       row, rows[row].dialog, r.err.msg);
    end_run(&r);
}

Test(replies, each_that_is_wrong_has_its_code_and_says_what_came)
{
    for (size_t i = 0; i < NROWS; i++)
        for (size_t chunk = 1; chunk <= rows[i].len; chunk++)
            hear(i, chunk);
}

static bool has_row(const char *dialog, enum err_code code)
{
    for (size_t i = 0; i < NROWS; i++)
        if (strcmp(rows[i].dialog, dialog) == 0 && rows[i].code == code)
            return true;
    return false;
}

Test(replies, each_dialogue_has_one_that_declines_and_one_that_is_malformed)
{
    for (size_t i = 0; i < npeers; i++) {
        const char *dialog = peers[i].dialog;

        cr_expect(has_row(dialog, ERR_STARTTLS_REFUSED)
                      || has_row(dialog, ERR_NOT_OFFERED),
                  "%s", dialog);
        cr_expect(has_row(dialog, ERR_STARTTLS_MALFORMED), "%s", dialog);
    }
}

static const struct row not_offered[] = {
    { "smtp", BYTES("220 a\r\n250-a\r\n250 SIZE\r\n220 go\r\n"), ERR_NONE,
      "SIZE\n" },
    { "smtp",
      BYTES("220 a\r\n250-STARTTLS\r\n250 XSTARTTLS STARTTLSX\r\n220 go\r\n"),
      ERR_NONE, "XSTARTTLS STARTTLSX\n" },
    { "lmtp", BYTES("220 a\r\n250 a\r\n220 go\r\n"), ERR_NONE, "" },
    { "imap", BYTES("* OK\r\n. OK\r\n. OK go\r\n"), ERR_NONE, "" },
    { "imap", BYTES("* OK\r\n* CAPABILITY IMAP4\r\n. OK\r\n. OK go\r\n"),
      ERR_NONE, "IMAP4\n" },
    { "nntp", BYTES("200 a\r\n500 what\r\n382 go\r\n"), ERR_NONE, "" },
    { "nntp", BYTES("200 a\r\n101 b\r\nREADER\r\n.\r\n382 go\r\n"), ERR_NONE,
      "READER\n" },
    { "sieve", BYTES("\"SIEVE\" \"STARTTLS\"\r\nOK\r\nOK go\r\n"), ERR_NONE,
      "\"SIEVE\" \"STARTTLS\"\n" },
};

Test(replies, where_starttls_was_not_announced_we_go_on_and_say_so)
{
    for (size_t i = 0; i < sizeof(not_offered) / sizeof(not_offered[0]); i++) {
        const struct row *row = &not_offered[i];
        struct run r;

        run_dialog(&r, row->dialog, row->says, row->len, 9);
        cr_assert(r.ok, "row %zu: %s", i, r.err.msg);
        cr_assert(r.notes.not_offered, "row %zu", i);
        cr_assert_str_eq(buf_string(&r.notes.capabilities), row->tells);
        end_run(&r);
    }
}

/* The begin of a good dialogue, then the same line over and over. */
static void endless(const char *dialog, const char *begin, const char *line)
{
    struct buf says;
    struct run r;

    buf_init(&says, 64 * 1024);
    buf_text(&says, begin);
    for (int i = 0; i < 300; i++)
        buf_text(&says, line);
    run_dialog(&r, dialog, says.data, says.len, 1000);
    cr_assert_eq(r.err.code, ERR_STARTTLS_TOO_LONG, "%s: %s", dialog,
                 r.err.msg);
    cr_assert_not_null(strstr(r.err.msg, "256 lines"), "%s", r.err.msg);
    end_run(&r);
    buf_release(&says);
}

Test(replies, a_dialogue_has_at_most_256_lines)
{
    endless("smtp", "", "220-x\r\n");
    endless("smtp", "220 a\r\n", "250-x\r\n");
    endless("imap", "* OK\r\n", "* x\r\n");
    endless("ftp", "220-\r\n", "x\r\n");
    endless("nntp", "200 a\r\n101 b\r\n", "x\r\n");
    endless("sieve", "", "\"x\"\r\n");
    endless("irc", "", ":h NOTICE * :x\r\n");
}

Test(replies, the_begin_of_the_last_one_is_noted)
{
    struct run r;

    run_dialog(&r, "smtp", BYTES("220 a\r\n250 STARTTLS\r\n454 no\r\n"), 1);
    cr_assert_str_eq(r.notes.reply, "454 no");
    end_run(&r);
    run_dialog(&r, "mysql",
               BYTES("\x12\0\0\0\x0a"
                     "5\0tttt88888888\0\0\x08"),
               1);
    cr_assert_str_eq(r.notes.reply, "5");
    end_run(&r);
}
