#include "told.h"

#include <criterion/criterion.h>

#include <string.h>
#include <unistd.h>

TestSuite(wire, .init = told_init, .fini = told_fini);

Test(wire, what_is_written_and_read_is_dumped)
{
    struct tls_peer p = { .trace = { .debug = true } };
    char sent[64], got[64];
    const BIO *bio;

    told_shake(&p);
    bio = SSL_get_rbio(p.conn.ssl);
    snprintf(sent, sizeof(sent), "write to %p [0x", (const void *)bio);
    snprintf(got, sizeof(got), "read from %p [0x", (const void *)bio);
    cr_expect_eq(strncmp(buf_string(&p.out), sent, strlen(sent)), 0);
    told_has(&p.out, got);
    told_has(&p.out, " (5 bytes => 5 (0x5))\n0000 - 16 03 03 00 7a  ");
    told_lacks(&p.out, "=> -1)");
    tls_peer_stop(&p);
}

Test(wire, a_read_of_nothing_is_dumped_when_waiting_shows)
{
    struct tls_peer quiet = { .trace = { .debug = true } };
    struct tls_peer loud = { .trace = { .debug = true, .waits = true } };

    told_wait(&quiet);
    told_lacks(&quiet.out, "=> -1");
    tls_peer_stop(&quiet);
    told_wait(&loud);
    told_has(&loud.out, "] (5 bytes => -1)\n");
    tls_peer_stop(&loud);
}

static void hang_up(int fd)
{
    char hello[512];

    cr_assert(read(fd, hello, sizeof(hello)) > 0);
}

Test(wire, the_end_of_the_stream_is_dumped)
{
    struct tls_peer p = { .trace = { .debug = true }, .raw = hang_up };

    tls_peer_start(&p);
    cr_expect(!tls_peer_handshake(&p));
    told_has(&p.out, "=> 0)\n");
    tls_peer_stop(&p);
}

Test(wire, what_follows_the_handshake_is_dumped_too)
{
    struct tls_peer p = { .trace = { .debug = true } };
    size_t before;

    p.identity = &told_leaf;
    tls_peer_start(&p);
    cr_assert(tls_peer_handshake(&p), "%s", p.e.msg);
    before = told_count(&p.out, "write to");
    tls_shutdown(&p.conn);
    cr_expect_eq(told_count(&p.out, "write to"), before + 1);
    tls_peer_stop(&p);
}

/* Records that OpenSSL skips, without end. */
static void flood(int fd)
{
    static const char record[] = "\x14\x03\x03\x00\x01\x01";

    while (write(fd, record, sizeof(record) - 1) > 0)
        ;
}

Test(wire, a_flood_ends_though_it_is_dumped)
{
    struct tls_peer p = { .trace = { .debug = true }, .raw = flood };

    tls_peer_start(&p);
    cr_expect(!tls_peer_handshake(&p));
    cr_expect_neq(p.e.code, ERR_TIMED_OUT, "%s", p.e.msg);
    cr_expect(buf_ok(&p.out) || p.out.overflowed);
    tls_peer_stop(&p);
}
