/* probes -- what the rows of effects.def look at; each answers whether it sees
 * its effect. */
#pragma once

#include "observe.h"

/* What a probe looks at. */
struct look {
    const struct plan *plan;
    const struct plan_settings *settings;
    SSL *ssl;
    const struct pki *pki;
    uint64_t number; /* of the row */
    const char *text;
};

typedef bool probe_fn(const struct look *at);

probe_fn ssl_option, option_clear, min_version, max_version, only_version,
    first_cipher, strict, extension_is, no_extension, no_session_id,
    verify_flags, checks_later, private_crl, verify_depth, verify_level,
    verify_time, verify_host, verify_email, verify_ip, verifies, chain_verifies,
    has_cert, has_key, has_chain, sends, taken, asks_for_staple, logs_keys,
    ends_at_depth, ends_at_error, nameopt, family, binds, unix_path, sends_name,
    sends_no_name, quiet, brief, prexit, traces, security, ssl_mode, showcerts,
    starttls, dialog_name, deadline, connect_ms, handshake_ms, retries,
    opens_fast, proxy, proxy_user, proxy_pass, has_provider, has_query;

/* sessions and DTLS: probes_session.c */
probe_fn speaks_quic, offers_session, reconnects, sends_early, sends_input,
    speaks_dtls, only_dtls;

/* hellos and answers: probes_hello.c */
probe_fn has_extension, first_record_is, reads_at_once;
probe_fn offers_cipher, offers_psk, offers_srtp, dane_flags,
    asks_for_timestamps, asks_for_none, knows_log, exports_under, exports_bytes;
