/* message -- TLS messages as -msg and -trace show them. */
#include "tls_room.h"

static const struct code_name contents[] = {
    { SSL3_RT_CHANGE_CIPHER_SPEC, "ChangeCipherSpec" },
    { SSL3_RT_ALERT, "Alert" },
    { SSL3_RT_HANDSHAKE, "Handshake" },
    { SSL3_RT_APPLICATION_DATA, "ApplicationData" },
    { SSL3_RT_HEADER, "RecordHeader" },
    { SSL3_RT_INNER_CONTENT_TYPE, "InnerContent" },
};

static const struct code_name handshakes[] = {
    { SSL3_MT_HELLO_REQUEST, "HelloRequest" },
    { SSL3_MT_CLIENT_HELLO, "ClientHello" },
    { SSL3_MT_SERVER_HELLO, "ServerHello" },
    { DTLS1_MT_HELLO_VERIFY_REQUEST, "HelloVerifyRequest" },
    { SSL3_MT_NEWSESSION_TICKET, "NewSessionTicket" },
    { SSL3_MT_END_OF_EARLY_DATA, "EndOfEarlyData" },
    { SSL3_MT_ENCRYPTED_EXTENSIONS, "EncryptedExtensions" },
    { SSL3_MT_CERTIFICATE, "Certificate" },
    { SSL3_MT_SERVER_KEY_EXCHANGE, "ServerKeyExchange" },
    { SSL3_MT_CERTIFICATE_REQUEST, "CertificateRequest" },
    { SSL3_MT_SERVER_DONE, "ServerHelloDone" },
    { SSL3_MT_CERTIFICATE_VERIFY, "CertificateVerify" },
    { SSL3_MT_CLIENT_KEY_EXCHANGE, "ClientKeyExchange" },
    { SSL3_MT_FINISHED, "Finished" },
    { SSL3_MT_CERTIFICATE_URL, "CertificateUrl" },
    { SSL3_MT_CERTIFICATE_STATUS, "CertificateStatus" },
    { SSL3_MT_SUPPLEMENTAL_DATA, "SupplementalData" },
    { SSL3_MT_KEY_UPDATE, "KeyUpdate" },
#ifdef SSL3_MT_COMPRESSED_CERTIFICATE
    { SSL3_MT_COMPRESSED_CERTIFICATE, "CompressedCertificate" },
#endif
    { SSL3_MT_NEXT_PROTO, "NextProto" },
    { SSL3_MT_MESSAGE_HASH, "MessageHash" },
};

static const struct code_name levels[] = {
    { SSL3_AL_WARNING, "warning" },
    { SSL3_AL_FATAL, "fatal" },
};

/* As s_client's list: no_certificate and no_application_protocol are not in
 * it. */
static const struct code_name alerts[] = {
    { SSL_AD_CLOSE_NOTIFY, "close_notify" },
    { 1, "end_of_early_data" }, /* of a draft of TLS 1.3 */
    { SSL_AD_UNEXPECTED_MESSAGE, "unexpected_message" },
    { SSL_AD_BAD_RECORD_MAC, "bad_record_mac" },
    { SSL_AD_DECRYPTION_FAILED, "decryption_failed" },
    { SSL_AD_RECORD_OVERFLOW, "record_overflow" },
    { SSL_AD_DECOMPRESSION_FAILURE, "decompression_failure" },
    { SSL_AD_HANDSHAKE_FAILURE, "handshake_failure" },
    { SSL_AD_BAD_CERTIFICATE, "bad_certificate" },
    { SSL_AD_UNSUPPORTED_CERTIFICATE, "unsupported_certificate" },
    { SSL_AD_CERTIFICATE_REVOKED, "certificate_revoked" },
    { SSL_AD_CERTIFICATE_EXPIRED, "certificate_expired" },
    { SSL_AD_CERTIFICATE_UNKNOWN, "certificate_unknown" },
    { SSL_AD_ILLEGAL_PARAMETER, "illegal_parameter" },
    { SSL_AD_UNKNOWN_CA, "unknown_ca" },
    { SSL_AD_ACCESS_DENIED, "access_denied" },
    { SSL_AD_DECODE_ERROR, "decode_error" },
    { SSL_AD_DECRYPT_ERROR, "decrypt_error" },
    { SSL_AD_EXPORT_RESTRICTION, "export_restriction" },
    { SSL_AD_PROTOCOL_VERSION, "protocol_version" },
    { SSL_AD_INSUFFICIENT_SECURITY, "insufficient_security" },
    { SSL_AD_INTERNAL_ERROR, "internal_error" },
    { SSL_AD_INAPPROPRIATE_FALLBACK, "inappropriate_fallback" },
    { SSL_AD_USER_CANCELLED, "user_canceled" },
    { SSL_AD_NO_RENEGOTIATION, "no_renegotiation" },
    { SSL_AD_MISSING_EXTENSION, "missing_extension" },
    { SSL_AD_UNSUPPORTED_EXTENSION, "unsupported_extension" },
    { SSL_AD_CERTIFICATE_UNOBTAINABLE, "certificate_unobtainable" },
    { SSL_AD_UNRECOGNIZED_NAME, "unrecognized_name" },
    { SSL_AD_BAD_CERTIFICATE_STATUS_RESPONSE,
      "bad_certificate_status_response" },
    { SSL_AD_BAD_CERTIFICATE_HASH_VALUE, "bad_certificate_hash_value" },
    { SSL_AD_UNKNOWN_PSK_IDENTITY, "unknown_psk_identity" },
    { SSL_AD_CERTIFICATE_REQUIRED, "certificate_required" },
};

/* Where messages go; NULL: nobody wants them. */
static struct buf *lines_of(const struct conn *c)
{
    return c->lines.msg ? c->lines.msg : c->lines.out;
}

/* ---- -msg ---- */

/* One message or record header on its way. */
struct message {
    bool sent;
    int version;
    int content;
    const unsigned char *bytes;
    size_t len;
};

/* What the bytes say, behind the length. */
static void add_detail(struct buf *out, const struct message *m)
{
    if (m->content == SSL3_RT_ALERT && m->len == 2)
        buf_printf(out, ", %s %s", NAME_OF(levels, m->bytes[0], "???"),
                   NAME_OF(alerts, m->bytes[1], "???"));
    else if (m->content == SSL3_RT_ALERT)
        buf_text(out, ", ???");
    else if (m->content == SSL3_RT_HANDSHAKE && m->len > 0)
        buf_printf(out, ", %s", NAME_OF(handshakes, m->bytes[0], "???"));
    else if (m->content == SSL3_RT_HANDSHAKE)
        buf_text(out, "???");
}

static void add_head(struct buf *out, const struct message *m)
{
    const char *version = version_name(m->version);
    const char *content = NAME_OF(contents, m->content, NULL);

    buf_text(out, m->sent ? ">>> " : "<<< ");
    /* DTLS 1.2 is among what s_client does not know. */
    if (!version)
        buf_printf(out,
                   "Not TLS data or unknown version (version=%d, "
                   "content_type=%d)",
                   m->version, m->content);
    else if (content)
        buf_printf(out, "%s, %s", version, content);
    else
        buf_printf(out, "%s, Unknown (content_type=%d)", version, m->content);
    buf_printf(out, " [length %04zx]", m->len);
    if (version)
        add_detail(out, m);
    buf_byte(out, '\n');
}

static void add_bytes(struct buf *out, const struct message *m)
{
    enum { A_LINE = 16 };
    static const char digits[] = "0123456789abcdef";
    char line[3 + 3 * A_LINE + 1] = "   ";

    for (size_t at = 0; at < m->len;) {
        size_t used = 3;

        do {
            line[used++] = ' ';
            line[used++] = digits[m->bytes[at] >> 4];
            line[used++] = digits[m->bytes[at] & 0xf];
            at++;
        } while (at < m->len && at % A_LINE != 0);
        line[used++] = '\n';
        buf_add(out, line, used);
    }
}

static void show_bytes(int sent, int version, int content, const void *bytes,
                       size_t len, SSL *ssl, void *arg)
{
    const struct message m = { .sent = sent,
                               .version = version,
                               .content = content,
                               .bytes = bytes,
                               .len = len };
    struct buf *out = lines_of(arg);

    (void)ssl;
    add_head(out, &m);
    add_bytes(out, &m);
}

/* ---- -trace ---- */

#ifndef OPENSSL_NO_SSL_TRACE
static void show_decoded(int sent, int version, int content, const void *bytes,
                         size_t len, SSL *ssl, void *arg)
{
    struct buf *out = lines_of(arg);
    BIO *bio = BIO_new(BIO_s_mem());

    if (!bio) {
        out->refused = true;
        return;
    }
    SSL_trace(sent, version, content, bytes, len, ssl, bio);
    tls_take_text(out, bio);
}
#else
#    define show_decoded show_bytes
#endif

void message_begin(struct conn *c)
{
    if (!lines_of(c) || (!c->trace.msg && !c->trace.trace))
        return;
    SSL_set_msg_callback(c->ssl, c->trace.trace ? show_decoded : show_bytes);
    SSL_set_msg_callback_arg(c->ssl, c);
}
