#include "peers.h"

#include <criterion/criterion.h>

#define BYTES(literal) literal, sizeof(literal) - 1

#define XMPP_NS "urn:ietf:params:xml:ns:xmpp-tls"

#define XMPP_OPEN(kind)                                               \
    "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' " \
    "xmlns='jabber:" kind "' to='host.test' version='1.0'>"           \
    "<starttls xmlns='" XMPP_NS "'/>"

const struct peer peers[] = {
    { "smtp",
      BYTES("220-host.test\r\n220 ESMTP\r\n"
            "250-host.test\r\n250-PIPELINING\r\n250-starttls\r\n"
            "250 AUTH PLAIN\r\n"
            "220 2.0.0 Ready\r\n"),
      BYTES("EHLO mail.example.com\r\nSTARTTLS\r\n"),
      "PIPELINING\nstarttls\nAUTH PLAIN\n" },
    { "lmtp", BYTES("220 host.test\n250-host.test\n250 STARTTLS\n220 Ready\n"),
      BYTES("LHLO mail.example.com\r\nSTARTTLS\r\n"), "STARTTLS\n" },
    { "pop3", BYTES("+OK POP3 <1.2@host.test>\r\n+ok Begin\r\n"),
      BYTES("STLS\r\n"), "" },
    { "imap",
      BYTES("* OK [CAPABILITY IMAP4rev1] ready\r\n"
            "* NOTICE hello\r\n"
            "* CAPABILITY IMAP4rev1  STARTTLS LOGINDISABLED\r\n"
            ". OK done\r\n"
            "* 1 EXISTS\r\n"
            ". ok Begin\r\n"),
      BYTES(". CAPABILITY\r\n. STARTTLS\r\n"),
      "IMAP4rev1\nSTARTTLS\nLOGINDISABLED\n" },
    { "ftp",
      BYTES("120 in a moment\r\n220-Welcome\r\n 220 is not the end\r\n"
            "331 nor this\r\n220 end\r\n234 AUTH TLS OK\r\n"),
      BYTES("AUTH TLS\r\n"), "" },
    { "nntp",
      BYTES("201 host.test\r\n101 list:\r\nVERSION 2\r\nSTARTTLS\r\n.\r\n"
            "382 Continue\r\n"),
      BYTES("CAPABILITIES\r\nSTARTTLS\r\n"), "VERSION 2\nSTARTTLS\n" },
    { "sieve",
      BYTES("\"IMPLEMENTATION\" \"x\"\r\n\"StartTLS\"\r\nok \"hi\"\r\n"
            "OK \"Begin\"\r\n"),
      BYTES("STARTTLS\r\n"), "\"IMPLEMENTATION\" \"x\"\n\"StartTLS\"\n" },
    { "irc",
      BYTES(":host.test NOTICE * :*** Looking up\r\n"
            "PING :12345\r\nNOTICE AUTH :*** hello\r\n"
            ":host.test 020 * :Please wait\r\n"
            ":host.test 670 you :STARTTLS successful\r\n"),
      BYTES("STARTTLS\r\n"), "" },
    { "xmpp",
      BYTES("<?xml version='1.0'?>\n<stream:stream id=\"a>b\" from='host.test'>"
            "<stream:features><starttls xmlns=\"" XMPP_NS "\"><required/>"
            "</starttls><mechanisms/></stream:features>"
            "<proceed xmlns='" XMPP_NS "'/>"),
      BYTES(XMPP_OPEN("client")), "<starttls xmlns=\"" XMPP_NS "\">\n" },
    { "xmpp-server",
      BYTES("<stream:stream><stream:features><dialback xmlns='x'/>"
            "<tls:starttls xmlns:tls='" XMPP_NS "' /></stream:features>"
            "<tls:proceed></tls:proceed>"),
      BYTES(XMPP_OPEN("server")),
      "<tls:starttls xmlns:tls='" XMPP_NS "' />\n" },
    { "telnet", BYTES("\xff\xfd\x2e\xff\xfa\x2e\x01\xff\xf0"),
      BYTES("\xff\xfb\x2e\xff\xfa\x2e\x01\xff\xf0"), "" },
    { "mysql",
      BYTES("\x4a\0\0\0\x0a"
            "8.0.33\0\1\0\0\0"
            "12345678\0\xff\xff\x21\2\0\xff\xdf\x15\0\0\0\0\0\0\0\0\0\0"
            "123456789012\0mysql_native_password\0"),
      BYTES("\x20\0\0\1\x85\xae\x7f\0\0\0\0\1\x21\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
            "\0\0\0\0\0\0\0\0"),
      "" },
    { "postgres", BYTES("S"), BYTES("\0\0\0\x08\x04\xd2\x16\x2f"), "" },
    { "ldap",
      BYTES("\x30\x24\x02\x01\x01\x78\x1f\x0a\x01\0\x04\0\x04\0\x8a\x16"
            "1.3.6.1.4.1.1466.20037"),
      BYTES("\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
            "1.3.6.1.4.1.1466.20037"),
      "" },
};

const size_t npeers = sizeof(peers) / sizeof(peers[0]);

void run_dialog(struct run *r, const char *dialog, const void *says, size_t len,
                size_t chunk)
{
    const struct dialog *d = dialog_find(dialog);
    struct dialog_ask ask = { .host = "host.test" };

    cr_assert_not_null(d, "%s", dialog);
    *r = (struct run){ 0 };
    chan_script_init(&r->script, says, len, chunk);
    r->talk = talk_new(&r->script.chan);
    cr_assert_not_null(r->talk);
    dialog_notes_init(&r->notes);
    r->ok = dialog_run(d, r->talk, &ask, &r->notes, &r->err);
}

void end_run(struct run *r)
{
    dialog_notes_release(&r->notes);
    talk_free(r->talk);
    chan_script_release(&r->script);
}
