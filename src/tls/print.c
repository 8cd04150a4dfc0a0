/* print -- what OpenSSL prints, into a buffer. */
#include "tls.h"

#include <arpa/inet.h>
#include <openssl/x509.h>
#include <string.h>

void tls_take_text(struct buf *out, BIO *bio)
{
    char *text = NULL;
    long len = BIO_get_mem_data(bio, &text);

    if (len > 0)
        buf_add(out, text, (size_t)len);
    BIO_free(bio);
}

void tls_print_name(struct buf *out, const X509_NAME *name, int indent,
                    unsigned long nameopt)
{
    BIO *bio = BIO_new(BIO_s_mem());

    if (!bio) {
        out->refused = true;
        return;
    }
    /* A name must not begin a new line or steer a terminal, whatever -nameopt
     * says.  The compatible format (0) always escapes. */
    if (nameopt != XN_FLAG_COMPAT)
        nameopt |= ASN1_STRFLGS_ESC_CTRL;
    X509_NAME_print_ex(bio, name, indent, nameopt);
    tls_take_text(out, bio);
}

void tls_print_time(struct buf *out, const ASN1_TIME *time)
{
    BIO *bio = BIO_new(BIO_s_mem());

    if (!bio) {
        out->refused = true;
        return;
    }
    ASN1_TIME_print(bio, time);
    tls_take_text(out, bio);
}

void tls_print_address(struct buf *out, const unsigned char *bytes, size_t len)
{
    char text[INET6_ADDRSTRLEN];

    if (len == 4 || len == 16) {
        int family = len == 4 ? AF_INET : AF_INET6;

        buf_text(out, inet_ntop(family, bytes, text, sizeof(text)));
        return;
    }
    for (size_t i = 0; i < len; i++)
        buf_printf(out, "%02X", bytes[i]);
}

void tls_print_line(struct buf *out, const void *bytes, size_t len)
{
    const char *from = bytes;
    size_t n;

    for (; len > 0; from += n, len -= n) {
        const char *end = memchr(from, '\n', len);

        n = end ? (size_t)(end - from) : len;
        buf_add(out, from, n);
        if (end) {
            buf_byte(out, ' ');
            n++;
        }
    }
}
