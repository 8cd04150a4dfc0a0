/* answer -- custom extensions, next protocol negotiation, timestamps. */
#include "tls_room.h"

#include <openssl/pem.h>
#include <stdio.h>

enum { INFO_MAX = 128 * 1024 }; /* more than a ServerHello holds */

void answers_init(struct answers *a)
{
    *a = (struct answers){ .npn = OPENSSL_NPN_UNSUPPORTED };
    buf_init(&a->server_info, INFO_MAX);
}

void answers_release(struct answers *a)
{
    buf_release(&a->server_info);
}

/* ---- custom extensions ---- */

/* As s_client: a PEM block of extension type, length and body. */
static void print_info(struct buf *out, unsigned type, const char *bytes,
                       size_t len)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char name[64];

    snprintf(name, sizeof(name), "SERVERINFO FOR EXTENSION %u", type);
    if (bio
        && PEM_write_bio(bio, name, "", (const unsigned char *)bytes,
                         (long)len)) {
        tls_take_text(out, bio);
        return;
    }
    BIO_free(bio);
    out->refused = true;
}

static int hear_info(SSL *ssl, unsigned type, const unsigned char *body,
                     size_t len, int *alert, void *arg)
{
    struct conn *c = conn_of(ssl);
    struct buf *info = &c->answers.server_info;
    const unsigned char head[] = { (unsigned char)(type >> 8),
                                   (unsigned char)type,
                                   (unsigned char)(len >> 8),
                                   (unsigned char)len };
    size_t before = info->len;

    (void)alert;
    (void)arg;
    buf_add(info, head, sizeof(head));
    buf_add(info, body, len);
    if (c->lines.out && buf_ok(info))
        print_info(c->lines.out, type, info->data + before, info->len - before);
    return 1;
}

bool server_info_install(SSL_CTX *ctx, unsigned type)
{
    bool added = SSL_CTX_add_client_custom_ext(ctx, type, NULL, NULL, NULL,
                                               hear_info, NULL);

    ERR_clear_error();
    return added;
}

/* ---- next protocol negotiation ---- */

#ifndef OPENSSL_NO_NEXTPROTONEG

/* OpenSSL has checked that the lengths add up. */
static void print_offer(struct buf *out, const unsigned char *wire,
                        unsigned len)
{
    buf_text(out, "Protocols advertised by server: ");
    for (unsigned at = 0; at < len; at += 1u + wire[at]) {
        buf_text(out, at > 0 ? ", " : "");
        tls_print_line(out, wire + at + 1, wire[at]);
    }
    buf_byte(out, '\n');
}

static int choose(SSL *ssl, unsigned char **out, unsigned char *out_len,
                  const unsigned char *offer, unsigned offer_len, void *arg)
{
    const struct protocol_names *ours = arg;
    struct conn *c = conn_of(ssl);

    if (c->lines.out)
        print_offer(c->lines.out, offer, offer_len);
    c->answers.npn = SSL_select_next_proto(out, out_len, offer, offer_len,
                                           ours->wire, ours->len);
    return SSL_TLSEXT_ERR_OK;
}

void npn_install(SSL_CTX *ctx, const struct protocol_names *ours)
{
    SSL_CTX_set_next_proto_select_cb(ctx, choose, (void *)(uintptr_t)ours);
}

#else

void npn_install(SSL_CTX *ctx, const struct protocol_names *ours)
{
    (void)ctx;
    (void)ours;
}

#endif

/* ---- signed certificate timestamps ---- */

#ifndef OPENSSL_NO_CT

/* What was found out stands in each timestamp.  OpenSSL also leaves an error in
 * its queue for each that is not valid, which would then be taken for the
 * reason why the handshake has to wait: s_client fails here. */
static int accept_all(const CT_POLICY_EVAL_CTX *ctx, const STACK_OF(SCT) * list,
                      void *arg)
{
    (void)ctx;
    (void)list;
    (void)arg;
    ERR_clear_error();
    return 1;
}

bool ct_install(SSL_CTX *ctx)
{
    return SSL_CTX_set_ct_validation_callback(ctx, accept_all, NULL);
}

#else

bool ct_install(SSL_CTX *ctx)
{
    (void)ctx;
    return false;
}

#endif
