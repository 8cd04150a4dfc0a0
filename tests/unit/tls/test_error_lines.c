#include "tls/error_lines.h"
#include "told.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <openssl/err.h>

/* OpenSSL knows the names of errors once it has been set up. */
static void load_names(void)
{
    OPENSSL_init_ssl(OPENSSL_INIT_SSL_DEFAULT, NULL);
}

TestSuite(error_lines, .init = load_names);

Test(error_lines, every_error_has_its_line_and_the_queue_is_emptied)
{
    struct buf lines;

    buf_init(&lines, 4096);
    ERR_clear_error();
    ERR_raise_data(ERR_LIB_SSL, SSL_R_BAD_VALUE, "value=%d", 7);
    ERR_raise(ERR_LIB_SYS, ENOENT);
    error_lines_take(&lines);
    told_has(&lines, ":value=7\n");
    told_has(&lines, ":No such file or directory:");
    cr_expect_eq(ERR_peek_error(), 0);
    buf_clear(&lines);
    error_lines_take(&lines);
    cr_expect_eq(lines.len, 0);
    buf_release(&lines);
}

Test(error_lines, failures_to_connect_have_openssls_lines)
{
    struct buf lines;

    buf_init(&lines, 4096);
    error_lines_connect(&lines, ECONNREFUSED);
    told_has(&lines, ":error:8000006F:system library:");
    told_has(&lines, ":calling connect()\n");
    told_has(&lines, ":error:10000067:BIO routines:");
    told_has(&lines, ":connect error:");
    buf_clear(&lines);
    error_lines_bind(&lines, EADDRNOTAVAIL);
    told_has(&lines, ":calling bind()\n");
    told_has(&lines, ":error:10000075:BIO routines:");
    buf_clear(&lines);
    error_lines_lookup(&lines, "Name or service not known");
    told_has(&lines, ":error:10080002:BIO routines:");
    told_has(&lines, ":Name or service not known\n");
    buf_release(&lines);
}
