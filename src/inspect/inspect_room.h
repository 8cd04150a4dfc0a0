/* inspect_room -- what the files of the inspect room share. */
#pragma once

#include "inspect.h"

enum {
    TEXT_MAX = 64 * 1024, /* bytes of one name or list entry */
    NAMES_MAX = 1000, /* alternative names listed of one certificate */
    CHAIN_MAX = 100, /* certificates described */
};

/* One connection under inspection. */
struct view {
    const struct conn *conn;
    const struct inspect_ask *ask;
    struct record *record;
    X509 *leaf; /* borrowed; NULL: the server showed none */
    STACK_OF(X509) * chain; /* borrowed; as sent; NULL: none */
    EVP_PKEY *raw_key; /* borrowed; shown instead; NULL: none */
};

/* ---- sink.c: where the facts of a certificate go ---- */

/* Into a certificate of the chain, or, when cert is NULL, into the fields
 * that a record has for its leaf. */
struct sink {
    struct record *record;
    struct cert *cert;
};
void sink_bytes(const struct sink *s, enum cert_field_id id, const void *data,
                size_t len);
void sink_number(const struct sink *s, enum cert_field_id id, int64_t number);
void sink_none(const struct sink *s, enum cert_field_id id);
/* What b holds, as a text or one more item of a list; nothing when b had to
 * drop something.  Empties b. */
void sink_buf(const struct sink *s, enum cert_field_id id, struct buf *b);
void record_buf(struct record *r, enum field_id id, struct buf *b);

/* ---- cert.c, names.c, key.c: facts of one certificate ---- */

bool wanted(const struct inspect_ask *ask, enum field_id id);
void cert_describe(const struct sink *s, X509 *x, unsigned long nameopt);
/* The alternative names, each with its type: "DNS:a.example". */
void names_describe(const struct sink *s, X509 *x, unsigned long nameopt);
void cert_fingerprint(const struct sink *s, X509 *x);
/* Type of a public key: "RSA", "EC", "ED25519". */
const char *key_type(EVP_PKEY *key);
/* Group of an ephemeral or named key: "X25519", "prime256v1", "ffdhe2048",
 * "DH 2048" when its group has no name. */
void key_group(EVP_PKEY *key, char *text, size_t room);
/* "RSA-PSS", "ECDSA", "ed25519"; NULL when it has no common name. */
const char *signature_type(int nid);

/* Seconds since 1970; false when the time cannot be read. */
bool time_seconds(const ASN1_TIME *t, int64_t *seconds) MUST_USE;
void hex_add(struct buf *out, const unsigned char *bytes, size_t len,
             bool upper);

/* ---- facts of the record, by topic ---- */

void session_record(const struct view *v);
/* How the connection stands to secrets known beforehand, and to what comes
 * out of it: PSK, SRP, keying material. */
void secrets_record(const struct view *v);
/* Next protocol, SRTP, answers to -serverinfo. */
void answers_record(const struct view *v);
void ct_record(const struct view *v);
void dane_record(const struct view *v);
void keys_record(const struct view *v);
void chain_record(const struct view *v);
void raw_key_record(const struct view *v);
void client_auth_record(const struct view *v);
void verdict_record(const struct view *v);
void ocsp_record(const struct view *v);
void warnings_record(const struct view *v);
void add_warning(struct record *r, const char *fmt, ...) PRINTF(2, 3);

/* ---- parts of s_client's block ---- */

void block_chain(const struct view *v, struct buf *out);
void block_raw_key(const struct view *v, struct buf *out);
void block_ca_names(const struct view *v, struct buf *out);
void block_requested(const struct view *v, struct buf *out);
void block_sigalgs(const struct view *v, struct buf *out);
void block_temp_key(const struct view *v, struct buf *out);
void block_verification(const struct view *v, struct buf *out);
void block_session(const struct view *v, struct buf *out);
void block_ticket(const struct view *v, struct buf *out);
void block_dane(const struct view *v, struct buf *out);
void block_ct(const struct view *v, struct buf *out);
void block_npn(const struct view *v, struct buf *out);
void block_srtp(const struct view *v, struct buf *out);
void block_keymat(const struct view *v, struct buf *out);

/* ---- wording.c: what differs between builds of s_client ---- */

/* The line of the chain about key and signature. */
void wording_key(struct buf *out, const X509 *x, EVP_PKEY *key);
/* "LABEL: how the server signed"; nothing when it did not. */
void wording_signature(struct buf *out, SSL *ssl, const char *label);
/* Name of a signature scheme that s_client knows by its code alone; NULL: it
 * does not. */
const char *wording_scheme(unsigned code);
/* signature_type() as s_client has it in a list. */
const char *wording_signature_type(int nid);
const char *wording_temp_key(void);
/* About a key exchange without a key object. */
void wording_group(struct buf *out, SSL *ssl);
/* After the line of the cipher. */
void wording_protocol(struct buf *out, const SSL *ssl);
void wording_renegotiation(struct buf *out, SSL *ssl);
/* The end of the line of a TLSA record: which certificate or key matched. */
void wording_dane(struct buf *out, int depth, const EVP_PKEY *key);
const char *wording_no_peer(void);
void wording_compression(struct buf *out, const SSL *ssl);
/* The line of the session. */
void wording_srp(struct buf *out, SSL *ssl);
