/* block_session -- the end of s_client's report: early data, session, verdict.
 *
 * Written from the getters, not by SSL_SESSION_print(): so a secret that must
 * not be shown is never in our memory as text, and a line end in the server's
 * hint cannot begin a line. */
#include "inspect_room.h"
#include "tls/newer.h"
#include "tls/quic.h"

#include <string.h>

static void print_early_data(SSL *ssl, struct buf *out)
{
    int status = SSL_get_early_data_status(ssl);

    buf_printf(out, "Early data was %s\n",
               status == SSL_EARLY_DATA_ACCEPTED   ? "accepted"
               : status == SSL_EARLY_DATA_REJECTED ? "rejected"
                                                   : "not sent");
}

static void print_verify_code(struct buf *out, const char *indent, long code)
{
    buf_printf(out, "%sVerify return code: %ld (%s)\n", indent, code,
               X509_verify_cert_error_string(code));
}

static void print_text(struct buf *out, const char *before, const char *text)
{
    buf_text(out, before);
    if (text)
        tls_print_line(out, text, strlen(text));
    else
        buf_text(out, "None");
    buf_byte(out, '\n');
}

/* The version of a session, which QUIC does not change. */
static bool is_tls13(const SSL_SESSION *session)
{
    return SSL_SESSION_get_protocol_version(session) == TLS1_3_VERSION;
}

static void print_master_key(const struct view *v, const SSL_SESSION *session,
                             struct buf *out)
{
    unsigned char key[SSL_MAX_MASTER_KEY_LENGTH];
    size_t len = SSL_SESSION_get_master_key(session, NULL, 0);

    buf_text(out,
             is_tls13(session) ? "    Resumption PSK: " : "    Master-Key: ");
    if (len > 0 && !v->ask->secrets) {
        buf_text(out, "redacted");
    } else if (len > 0) {
        len = SSL_SESSION_get_master_key(session, key, sizeof(key));
        hex_add(out, key, len, true);
        OPENSSL_cleanse(key, sizeof(key));
    }
    buf_byte(out, '\n');
}

static void print_ids(const struct view *v, const SSL_SESSION *session,
                      struct buf *out)
{
    const SSL_CIPHER *cipher = SSL_SESSION_get0_cipher(session);
    unsigned len;
    const unsigned char *id = SSL_SESSION_get_id(session, &len);

    buf_printf(
        out, "SSL-Session:\n    Protocol  : %s\n",
        quic_is(v->conn->ssl) ? "TLSv1.3" : SSL_get_version(v->conn->ssl));
    buf_printf(out, "    Cipher    : %s\n",
               cipher ? SSL_CIPHER_get_name(cipher) : "0000");
    buf_text(out, "    Session-ID: ");
    hex_add(out, id, len, true);
    id = SSL_SESSION_get0_id_context(session, &len);
    buf_text(out, "\n    Session-ID-ctx: ");
    hex_add(out, id, len, true);
    buf_byte(out, '\n');
}

static void print_names(SSL *ssl, struct buf *out)
{
    print_text(out, "    PSK identity: ", SSL_get_psk_identity(ssl));
    print_text(out, "    PSK identity hint: ", SSL_get_psk_identity_hint(ssl));
    wording_srp(out, ssl);
}

static void print_ticket(const struct view *v, const SSL_SESSION *session,
                         struct buf *out)
{
    unsigned long hint = SSL_SESSION_get_ticket_lifetime_hint(session);
    const unsigned char *ticket;
    size_t len;
    BIO *bio;

    if (hint > 0)
        buf_printf(out, "    TLS session ticket lifetime hint: %lu (seconds)\n",
                   hint);
    SSL_SESSION_get0_ticket(session, &ticket, &len);
    if (!ticket)
        return;
    if (!v->ask->secrets) {
        buf_text(out, "    TLS session ticket: redacted\n");
        return;
    }
    bio = BIO_new(BIO_s_mem());
    if (!bio) {
        out->refused = true;
        return;
    }
    buf_text(out, "    TLS session ticket:\n");
    BIO_dump_indent(bio, (const char *)ticket, (int)len, 4);
    tls_take_text(out, bio);
    buf_byte(out, '\n');
}

/* As s_client: a session learns of the verdict when it is accepted. */
static bool is_judged(const struct view *v)
{
    const SSL *ssl = v->conn->ssl;

    return SSL_get0_peer_certificate(ssl)
           || (v->conn->finished && raw_key_of_server(ssl));
}

static void print_session(const struct view *v, struct buf *out)
{
    SSL *ssl = v->conn->ssl;
    const SSL_SESSION *session = SSL_get0_session(ssl);

    if (!session)
        return;
    print_ids(v, session, out);
    print_master_key(v, session, out);
    print_names(ssl, out);
    print_ticket(v, session, out);
    buf_printf(out, "    Start Time: %lld\n",
               (long long)session_began(session));
    buf_printf(out, "    Timeout   : %lld (sec)\n",
               (long long)SSL_SESSION_get_timeout(session));
    print_verify_code(out, "    ",
                      is_judged(v) ? SSL_get_verify_result(ssl) : X509_V_OK);
    buf_printf(out, "    Extended master secret: %s\n",
               v->conn->extended_master_secret ? "yes" : "no");
    if (is_tls13(session))
        buf_printf(out, "    Max Early Data: %u\n",
                   SSL_SESSION_get_max_early_data(session));
}

void block_session(const struct view *v, struct buf *out)
{
    SSL *ssl = v->conn->ssl;

    /* As s_client: within QUIC the session is shown, though it is none yet. */
    if (SSL_version(ssl) == TLS1_3_VERSION) {
        print_early_data(ssl, out);
        print_verify_code(out, "", SSL_get_verify_result(ssl));
    } else {
        print_session(v, out);
    }
}

void block_ticket(const struct view *v, struct buf *out)
{
    print_session(v, out);
}
