#include "told.h"

#include <criterion/criterion.h>

#include <string.h>
#include <unistd.h>

/* What newer OpenSSLs tell otherwise. */
#if OPENSSL_VERSION_NUMBER < 0x30200000L
#    define SENT_RECORD     "Sent Record"
#    define CHANGE_RECEIVED ""
#else
#    define SENT_RECORD     "Sent TLS Record"
#    define CHANGE_RECEIVED "<<< TLS 1.3, ChangeCipherSpec\n"
#endif

TestSuite(message, .init = told_init, .fini = told_fini);

/* The first lines of all messages, without their lengths. */
static void heads_of(const struct buf *lines, struct buf *heads)
{
    const char *line = buf_string(lines);

    while (*line) {
        const char *end = strchr(line, '\n'), *open = strstr(line, " [length ");

        if (strncmp(line, ">>>", 3) == 0 || strncmp(line, "<<<", 3) == 0) {
            const char *close = strchr(open, ']') + 1;

            buf_add(heads, line, (size_t)(open - line));
            buf_add(heads, close, (size_t)(end + 1 - close));
        }
        line = end + 1;
    }
}

static void expect_heads(const struct buf *lines, const char *text)
{
    struct buf heads;

    buf_init(&heads, 64 * 1024);
    heads_of(lines, &heads);
    told_is(&heads, text);
    buf_release(&heads);
}

Test(message, every_message_of_tls13_has_its_name)
{
    struct tls_peer p = { .trace = { .msg = true } };

    told_shake(&p);
    expect_heads(&p.out, ">>> TLS 1.0, RecordHeader\n"
                         ">>> TLS 1.3, Handshake, ClientHello\n"
                         "<<< TLS 1.2, RecordHeader\n"
                         "<<< TLS 1.3, Handshake, ServerHello\n"
                         "<<< TLS 1.2, RecordHeader\n" CHANGE_RECEIVED
                         "<<< TLS 1.2, RecordHeader\n"
                         "<<< TLS 1.3, InnerContent\n"
                         "<<< TLS 1.3, Handshake, EncryptedExtensions\n"
                         "<<< TLS 1.2, RecordHeader\n"
                         "<<< TLS 1.3, InnerContent\n"
                         "<<< TLS 1.3, Handshake, Certificate\n"
                         "<<< TLS 1.2, RecordHeader\n"
                         "<<< TLS 1.3, InnerContent\n"
                         "<<< TLS 1.3, Handshake, CertificateVerify\n"
                         "<<< TLS 1.2, RecordHeader\n"
                         "<<< TLS 1.3, InnerContent\n"
                         "<<< TLS 1.3, Handshake, Finished\n"
                         ">>> TLS 1.2, RecordHeader\n"
                         ">>> TLS 1.3, ChangeCipherSpec\n"
                         ">>> TLS 1.2, RecordHeader\n"
                         ">>> TLS 1.2, InnerContent\n"
                         ">>> TLS 1.3, Handshake, Finished\n"
                         ">>> TLS 1.2, RecordHeader\n"
                         ">>> TLS 1.2, InnerContent\n"
                         ">>> TLS 1.3, Alert, warning close_notify\n");
    tls_peer_stop(&p);
}

Test(message, every_message_of_tls12_has_its_name)
{
    struct tls_peer p = { .trace = { .msg = true },
                          .setup = tls_peer_only_tls12 };

    told_shake(&p);
    told_has(&p.out, "<<< TLS 1.2, Handshake [length 0004], ServerHelloDone\n"
                     "    0e 00 00 00\n");
    told_has(&p.out, ", ServerKeyExchange\n");
    told_has(&p.out, ", ClientKeyExchange\n");
    told_has(&p.out, "<<< TLS 1.2, Handshake [length ");
    told_has(&p.out, ", NewSessionTicket\n");
    told_has(&p.out, ">>> TLS 1.2, ChangeCipherSpec [length 0001]\n    01\n");
    tls_peer_stop(&p);
}

Test(message, sixteen_bytes_stand_in_a_line)
{
    struct tls_peer p = { .trace = { .msg = true },
                          .setup = tls_peer_only_tls12 };
    const char *line;

    told_shake(&p);
    line = strstr(buf_string(&p.out), ">>> TLS 1.2, Handshake [length 0010], "
                                      "Finished\n    14 00 00 0c ");
    cr_assert(line, "%s", buf_string(&p.out));
    line = strchr(line, '\n') + 1;
    cr_expect_eq(strcspn(line, "\n"), 3 + 16 * 3);
    cr_expect_eq(line[3 + 16 * 3 + 1], '<', "and no line follows");
    tls_peer_stop(&p);
}

/* ---- what a peer that is not OpenSSL may say ---- */

static void say(int fd, const char *bytes, size_t len)
{
    char hello[512];

    cr_assert(read(fd, hello, sizeof(hello)) > 0);
    cr_assert_eq(write(fd, bytes, len), (ssize_t)len);
}

static void refuse(int fd)
{
    say(fd, "\x15\x03\x03\x00\x02\x02\x28", 7);
}

static void refuse_strangely(int fd)
{
    say(fd, "\x15\x03\x03\x00\x02\x02\x78", 7); /* no_application_protocol */
}

static void expect_told(void (*raw)(int fd), const char *part)
{
    struct tls_peer p = { .trace = { .msg = true }, .raw = raw };

    tls_peer_start(&p);
    cr_expect(!tls_peer_handshake(&p));
    told_has(&p.out, part);
    tls_peer_stop(&p);
}

Test(message, a_fatal_alert_has_its_name)
{
    expect_told(refuse, "<<< TLS 1.3, Alert [length 0002], fatal "
                        "handshake_failure\n    02 28\n");
}

Test(message, an_alert_without_a_name_is_shown_as_such)
{
    expect_told(refuse_strangely,
                "<<< TLS 1.3, Alert [length 0002], fatal ???\n    02 78\n");
}

/* ---- -trace ---- */

Test(message, a_decoded_message_tells_what_is_in_it)
{
    struct tls_peer p = { .trace = { .trace = true } };

    told_shake(&p);
    told_has(&p.out, SENT_RECORD "\nHeader:\n  Version = TLS 1.0 (0x301)\n"
                                 "  Content Type = Handshake (22)\n");
    told_has(&p.out, "    ServerHello, Length=");
    told_has(&p.out, "Level=warning(1), description=close notify(0)\n");
    told_lacks(&p.out, ">>>");
    tls_peer_stop(&p);
}

/* ---- where they go ---- */

Test(message, they_have_a_place_of_their_own_when_one_is_given)
{
    struct tls_peer p = { .trace = { .msg = true, .extensions = true } };
    struct buf messages;

    buf_init(&messages, 64 * 1024);
    p.messages = &messages;
    told_shake(&p);
    told_has(&messages, "ClientHello");
    told_lacks(&messages, "extension");
    told_lacks(&p.out, "ClientHello");
    told_has(&p.out, "TLS server extension");
    tls_peer_stop(&p);
    buf_release(&messages);
}

Test(message, more_than_the_buffer_takes_is_dropped)
{
    struct tls_peer p = { .trace = { .msg = true, .trace = true } };

    p.identity = &told_leaf;
    tls_peer_start(&p);
    p.out.max = 1000;
    cr_expect(tls_peer_handshake(&p), "%s", p.e.msg);
    cr_expect(p.out.overflowed);
    cr_expect_leq(p.out.len, 1000);
    tls_peer_stop(&p);
}
