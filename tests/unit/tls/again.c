#include "again.h"

#include <criterion/criterion.h>

#include <openssl/pem.h>

enum { GRACE_MS = 60 * 1000, TEXT_MAX = 64 * 1024 };

SSL_SESSION *again_first(struct tls_peer *p)
{
    tls_peer_start(p);
    cr_assert(tls_peer_handshake(p), "%s", p->e.msg);
    cr_assert(tls_await_ticket(&p->conn, GRACE_MS, &p->e), "%s", p->e.msg);
    return tls_copy_session(&p->conn);
}

void again_start(struct tls_peer *p, struct tls_peer *first)
{
    cr_assert(SSL_CTX_up_ref(first->server_ctx));
    p->reuse = first->server_ctx;
    tls_peer_start(p);
}

SSL_SESSION *again_reread(SSL_SESSION *session)
{
    SSL_SESSION *read;
    struct buf text;
    BIO *bio;

    buf_init(&text, TEXT_MAX);
    tls_print_session(&text, session);
    cr_assert(buf_ok(&text));
    bio = BIO_new_mem_buf(buf_string(&text), (int)text.len);
    read = PEM_read_bio_SSL_SESSION(bio, NULL, NULL, NULL);
    cr_assert_not_null(read);
    BIO_free(bio);
    buf_release(&text);
    SSL_SESSION_free(session);
    return read;
}
