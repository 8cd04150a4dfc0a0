/* extension -- extensions of the server as -tlsextdebug shows them. */
#include "tls_room.h"

static const struct code_name names[] = {
    { TLSEXT_TYPE_server_name, "server name" },
    { TLSEXT_TYPE_max_fragment_length, "max fragment length" },
    { TLSEXT_TYPE_client_certificate_url, "client certificate URL" },
    { TLSEXT_TYPE_trusted_ca_keys, "trusted CA keys" },
    { TLSEXT_TYPE_truncated_hmac, "truncated HMAC" },
    { TLSEXT_TYPE_status_request, "status request" },
    { TLSEXT_TYPE_user_mapping, "user mapping" },
    { TLSEXT_TYPE_client_authz, "client authz" },
    { TLSEXT_TYPE_server_authz, "server authz" },
    { TLSEXT_TYPE_cert_type, "cert type" },
    { TLSEXT_TYPE_supported_groups, "supported_groups" },
    { TLSEXT_TYPE_ec_point_formats, "EC point formats" },
    { TLSEXT_TYPE_srp, "SRP" },
    { TLSEXT_TYPE_signature_algorithms, "signature algorithms" },
    { TLSEXT_TYPE_use_srtp, "use SRTP" },
    { TLSEXT_TYPE_application_layer_protocol_negotiation,
      "application layer protocol negotiation" },
    { TLSEXT_TYPE_signed_certificate_timestamp,
      "signed certificate timestamps" },
#ifdef TLSEXT_TYPE_client_cert_type /* OpenSSL 3.2 */
    { TLSEXT_TYPE_client_cert_type, "client cert type" },
    { TLSEXT_TYPE_server_cert_type, "server cert type" },
#endif
    { TLSEXT_TYPE_padding, "TLS padding" },
    { TLSEXT_TYPE_encrypt_then_mac, "encrypt-then-mac" },
    { TLSEXT_TYPE_extended_master_secret, "extended master secret" },
#ifdef TLSEXT_TYPE_compress_certificate /* OpenSSL 3.2 */
    { TLSEXT_TYPE_compress_certificate, "compress certificate" },
#endif
    { TLSEXT_TYPE_session_ticket, "session ticket" },
    { TLSEXT_TYPE_psk, "psk" },
    { TLSEXT_TYPE_early_data, "early_data" },
    { TLSEXT_TYPE_supported_versions, "supported versions" },
    { TLSEXT_TYPE_psk_kex_modes, "psk kex modes" },
    { TLSEXT_TYPE_certificate_authorities, "certificate authorities" },
    { TLSEXT_TYPE_post_handshake_auth, "post handshake auth" },
    { TLSEXT_TYPE_key_share, "key share" },
    { TLSEXT_TYPE_next_proto_neg, "next protocol" },
    { TLSEXT_TYPE_renegotiate, "renegotiation info" },
};

void extension_log(struct buf *out, int type, const unsigned char *data,
                   int len)
{
    buf_printf(out, "TLS server extension \"%s\" (id=%d), len=%d\n",
               NAME_OF(names, type, "unknown"), type, len);
    lines_dump(out, data, (size_t)len, 0);
}
