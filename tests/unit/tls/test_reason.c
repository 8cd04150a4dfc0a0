#include "../../../src/tls/tls_room.h"

#include "base/fault.h"
#include "base/mem.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <openssl/rand.h>
#include <string.h>

/* OpenSSL knows the names of errors once it has been set up. */
static void load_names(void)
{
    OPENSSL_init_ssl(OPENSSL_INIT_SSL_DEFAULT, NULL);
}

TestSuite(reason, .init = load_names);

Test(reason, the_first_error_is_the_reason_and_the_queue_is_emptied)
{
    struct err e = { .code = ERR_NONE };

    ERR_raise_data(ERR_LIB_SSL, SSL_R_BAD_VALUE, "value=%d", 7);
    ERR_raise(ERR_LIB_SSL, ERR_R_INTERNAL_ERROR);
    cr_expect(!tls_reason(&e, ERR_FILE, "cannot read 'x.pem'"));
    cr_expect_eq(e.code, ERR_FILE);
    cr_expect_str_eq(e.msg, "cannot read 'x.pem': bad value: value=7");
    cr_expect_eq(ERR_GET_REASON(e.ossl), SSL_R_BAD_VALUE);
    cr_expect_eq(ERR_peek_error(), 0);
}

Test(reason, an_empty_queue_is_admitted)
{
    struct err e = { .code = ERR_NONE };

    ERR_clear_error();
    cr_expect(!tls_reason(&e, ERR_FILE, "cannot read 'x.pem'"));
    cr_expect_str_eq(e.msg, "cannot read 'x.pem': OpenSSL gives no reason");
}

Test(reason, a_system_error_has_the_words_of_the_system)
{
    struct err e = { .code = ERR_NONE };

    ERR_raise(ERR_LIB_SYS, ENOENT);
    tls_reason(&e, ERR_FILE, "cannot read 'x.pem'");
    cr_expect_str_eq(e.msg, "cannot read 'x.pem': No such file or directory");
}

/* What explain() makes of a call that failed with this errno. */
static enum err_code code_of(int sys)
{
    struct conn c = { .fd = -1 };
    const struct reason why = { .ssl = SSL_ERROR_SYSCALL, .sys = sys };
    struct err e = { .stage = STAGE_HANDSHAKE };

    cr_expect_not(explain(&c, &why, "the handshake", &e));
    return e.code;
}

Test(reason, a_broken_way_to_the_peer_is_no_fault_of_ours)
{
    cr_expect_eq(code_of(ENETUNREACH), ERR_NET_UNREACHABLE);
    cr_expect_eq(code_of(ENETDOWN), ERR_NET_UNREACHABLE);
    cr_expect_eq(code_of(EHOSTUNREACH), ERR_UNREACHABLE);
    cr_expect_eq(code_of(EHOSTDOWN), ERR_UNREACHABLE);
    cr_expect_eq(code_of(ECONNABORTED), ERR_RESET);
    cr_expect_eq(code_of(EIO), ERR_SYSTEM);
    cr_expect_eq(code_of(ENOMEM), ERR_NO_MEMORY);
}

static void fail_in_many_ways(void)
{
    ERR_raise_data(ERR_LIB_SSL, SSL_R_BAD_VALUE, "value=%d", 7);
    ERR_raise(ERR_LIB_SYS, ENOENT);
    ERR_raise(ERR_LIB_USER, 77);
    ERR_raise(ERR_LIB_CRYPTO, ERR_RFLAG_COMMON | 200); /* it has no name */
}

Test(reason, the_queue_is_shown_as_openssl_shows_it)
{
    struct reason why = { .code = 0 };
    struct buf lines;
    BIO *bio = BIO_new(BIO_s_mem());
    char *expected;
    long len;

    buf_init(&lines, 4096);
    fail_in_many_ways();
    ERR_print_errors(bio);
    fail_in_many_ways();
    reason_take(&why, &lines);
    len = BIO_get_mem_data(bio, &expected);
    cr_expect_eq(lines.len, (size_t)len);
    cr_expect_eq(memcmp(buf_string(&lines), expected, (size_t)len), 0,
                 "%s\n%.*s", buf_string(&lines), (int)len, expected);
    cr_expect_eq(ERR_GET_REASON(why.code), SSL_R_BAD_VALUE);
    BIO_free(bio);
    buf_release(&lines);
}

Test(reason, descriptors_that_ran_out_are_our_fault_wherever_they_stand)
{
    struct err e = { .code = ERR_NONE };

    ERR_raise(ERR_LIB_SSL, SSL_R_BAD_VALUE);
    ERR_raise(ERR_LIB_SYS, EMFILE);
    tls_reason(&e, ERR_FILE, "loading");
    cr_expect_eq(e.code, ERR_NO_DESCRIPTORS);
}

Test(reason, random_numbers_that_ran_out_are_our_fault)
{
    struct err e = { .code = ERR_NONE };

    ERR_raise(ERR_LIB_RAND, RAND_R_ERROR_RETRIEVING_ENTROPY);
    tls_reason(&e, ERR_USAGE, "making a context");
    cr_expect_eq(e.code, ERR_NO_ENTROPY);
}

Test(reason, memory_that_ran_out_is_our_fault)
{
    struct err e = { .code = ERR_NONE };

    ERR_raise(ERR_LIB_SSL, SSL_R_BAD_VALUE);
    ERR_raise(ERR_LIB_X509, ERR_R_MALLOC_FAILURE);
    tls_reason(&e, ERR_FILE, "loading");
    cr_expect_eq(e.code, ERR_NO_MEMORY);
    cr_expect_str_eq(e.msg, "loading: out of memory");
}

#ifndef TLSFLEET_RELEASE
Test(reason, memory_that_was_refused_in_silence_is_our_fault)
{
    struct err e = { .code = ERR_NONE };

    fault_arm(1);
    cr_assert_null(mem_new(1, 1));
    fault_arm(-1);
    ERR_raise(ERR_LIB_SSL, SSL_R_BAD_VALUE);
    tls_reason(&e, ERR_FILE, "loading");
    cr_expect_eq(e.code, ERR_NO_MEMORY);
    mem_forget();
}
#endif

Test(reason, the_first_reason_wins)
{
    struct err e = { .code = ERR_NONE };

    err_set(&e, ERR_USAGE, "first");
    ERR_raise(ERR_LIB_SSL, SSL_R_BAD_VALUE);
    tls_reason(&e, ERR_FILE, "second");
    cr_expect_eq(e.code, ERR_USAGE);
    cr_expect_str_eq(e.msg, "first");
    cr_expect_eq(e.ossl, 0);
}

Test(reason, what_an_error_says_of_itself_is_made_printable_and_cut)
{
    char text[6];

    reason_printable(text, sizeof(text), "a\n\033\377bcdef", 9);
    cr_expect_str_eq(text, "a...b");
}

Test(reason, an_alert_is_told_from_another_reason)
{
    struct reason why = { .code = ERR_PACK(ERR_LIB_SSL, 0, 1040) };

    cr_expect_eq(reason_alert(&why), 40);
    why.code = ERR_PACK(ERR_LIB_SSL, 0, SSL_R_BAD_VALUE);
    cr_expect_eq(reason_alert(&why), -1);
    why.code = ERR_PACK(ERR_LIB_X509, 0, 1040);
    cr_expect_eq(reason_alert(&why), -1);
    why.code = 0;
    cr_expect_eq(reason_alert(&why), -1);
}
