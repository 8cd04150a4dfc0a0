/* session -- what was agreed on, beside keys and certificates. */
#include "inspect_room.h"
#include "tls/newer.h"
#include "tls/quic.h"

#include <string.h>

static void text_or_none(struct record *r, enum field_id id, const char *text)
{
    if (text)
        record_text(r, id, text);
    else
        record_state(r, id, VALUE_NONE);
}

static void record_alpn(const struct view *v)
{
    const unsigned char *alpn;
    unsigned len;

    SSL_get0_alpn_selected(v->conn->ssl, &alpn, &len);
    if (len > 0)
        record_bytes(v->record, REC_alpn, alpn, len);
    else
        record_state(v->record, REC_alpn,
                     v->ask->alpn_asked ? VALUE_NONE : VALUE_NOT_ASKED);
}

static void record_protocols(const struct view *v)
{
    SSL *ssl = v->conn->ssl;
    struct record *r = v->record;

    record_text(r, REC_protocol, SSL_get_version(ssl));
    record_text(r, REC_cipher, SSL_get_cipher_name(ssl));
    record_alpn(v);
    text_or_none(r, REC_compression,
                 SSL_COMP_get_name(SSL_get_current_compression(ssl)));
}

/* What TLS 1.3 always has, or has no more, is nothing to be asked about. */
static void record_repairs(const struct view *v)
{
    SSL *ssl = v->conn->ssl;
    struct record *r = v->record;

    if (quic_or_tls13(ssl)) {
        record_state(r, REC_secure_renegotiation, VALUE_NOT_ASKED);
        record_state(r, REC_extended_master_secret, VALUE_NOT_ASKED);
        record_state(r, REC_encrypt_then_mac, VALUE_NOT_ASKED);
        return;
    }
    record_number(r, REC_secure_renegotiation,
                  SSL_get_secure_renegotiation_support(ssl) != 0);
    record_number(r, REC_extended_master_secret,
                  v->conn->extended_master_secret);
    record_number(r, REC_encrypt_then_mac, v->conn->encrypt_then_mac);
}

static void record_session_id(struct record *r, const SSL_SESSION *session)
{
    unsigned len;
    const unsigned char *id = SSL_SESSION_get_id(session, &len);
    struct buf text;

    if (len == 0) {
        record_state(r, REC_session_id, VALUE_NONE);
        return;
    }
    buf_init(&text, 2 * (size_t)SSL_MAX_SSL_SESSION_ID_LENGTH);
    hex_add(&text, id, len, true);
    record_buf(r, REC_session_id, &text);
    buf_release(&text);
}

static void record_ticket(struct record *r, const SSL_SESSION *session)
{
    if (!SSL_SESSION_has_ticket(session)) {
        record_state(r, REC_ticket_lifetime, VALUE_NONE);
        record_state(r, REC_max_early_data, VALUE_NONE);
        return;
    }
    record_number(r, REC_ticket_lifetime,
                  (int64_t)SSL_SESSION_get_ticket_lifetime_hint(session));
    if (SSL_SESSION_get_protocol_version(session) == TLS1_3_VERSION)
        record_number(r, REC_max_early_data,
                      SSL_SESSION_get_max_early_data(session));
    else
        record_state(r, REC_max_early_data, VALUE_NONE);
}

/* A handshake of TLS 1.3 ends without a session: it comes with a ticket, for
 * which nobody may have waited. */
static void record_remembered(const struct view *v)
{
    const struct conn *c = v->conn;
    const SSL_SESSION *session = SSL_get0_session(c->ssl);
    struct record *r = v->record;

    record_number(r, REC_resumed, tls_resumed(c));
    if (!session)
        return;
    if (quic_or_tls13(c->ssl) && !c->session.awaited
        && !SSL_SESSION_is_resumable(session)) {
        record_state(r, REC_session_id, VALUE_NOT_ASKED);
        record_state(r, REC_ticket_lifetime, VALUE_NOT_ASKED);
        record_state(r, REC_max_early_data, VALUE_NOT_ASKED);
        return;
    }
    record_session_id(r, session);
    record_ticket(r, session);
}

void inspect_early_data(int status, struct record *r)
{
    record_text(r, REC_early_data,
                status == SSL_EARLY_DATA_ACCEPTED   ? "accepted"
                : status == SSL_EARLY_DATA_REJECTED ? "rejected"
                                                    : "not_sent");
}

static void record_early_data(const struct view *v)
{
    if (v->ask->early_asked)
        inspect_early_data(SSL_get_early_data_status(v->conn->ssl), v->record);
    else
        record_state(v->record, REC_early_data, VALUE_NOT_ASKED);
}

static void record_kernel(const struct view *v)
{
    const bool sending = kernel_encrypts(v->conn->ssl);
    const bool receiving = kernel_decrypts(v->conn->ssl);

    if (sending || receiving)
        record_text(v->record, REC_ktls,
                    !receiving ? "sending"
                    : !sending ? "receiving"
                               : "both");
    else
        record_state(v->record, REC_ktls,
                     v->ask->ktls_asked ? VALUE_NONE : VALUE_NOT_ASKED);
}

/* OpenSSL counts the bytes of streams and of single datagrams; QUIC moves many
 * at a time. */
static void record_bytes_moved(const struct view *v)
{
    const SSL *ssl = v->conn->ssl;

    if (quic_is(ssl))
        return;
    record_number(v->record, REC_bytes_read,
                  (int64_t)BIO_number_read(SSL_get_rbio(ssl)));
    record_number(v->record, REC_bytes_written,
                  (int64_t)BIO_number_written(SSL_get_wbio(ssl)));
}

void session_record(const struct view *v)
{
    record_protocols(v);
    record_repairs(v);
    record_remembered(v);
    record_early_data(v);
    record_kernel(v);
    record_bytes_moved(v);
}
