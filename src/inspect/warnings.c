/* warnings -- what is worth knowing and is no failure. */
#include "inspect_room.h"
#include "tls/quic.h"

void add_warning(struct record *r, const char *fmt, ...)
{
    struct buf text;
    va_list ap;

    buf_init(&text, TEXT_MAX);
    va_start(ap, fmt);
    buf_vprintf(&text, fmt, ap);
    va_end(ap);
    record_buf(r, REC_warnings, &text);
    buf_release(&text);
}

static bool told_before(const struct conn *c, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (c->verify_errors[i] == c->verify_errors[n])
            return true;
    return false;
}

/* OpenSSL's result is the last error only. */
static void warn_verify(const struct view *v)
{
    const struct conn *c = v->conn;

    for (size_t i = 0; i < c->nverify_errors; i++)
        if (c->verify_errors[i] != tls_verdict(c) && !told_before(c, i))
            add_warning(v->record, "verification also found: %s (error %d)",
                        X509_verify_cert_error_string(c->verify_errors[i]),
                        c->verify_errors[i]);
}

static bool is_bare(X509_STORE *store)
{
    STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(store);

    for (int i = 0; i < sk_X509_OBJECT_num(objects); i++)
        if (X509_OBJECT_get_type(sk_X509_OBJECT_value(objects, i))
            == X509_LU_X509)
            return false;
    return true;
}

/* A default place that is empty or cannot be read is passed over, as in
 * s_client: that no chain verifies then says nothing of the server.  TLSA
 * records may do without. */
static void warn_trust(const struct view *v)
{
    if (v->leaf && v->ask->store && !v->ask->dane_asked
        && tls_verdict(v->conn) > X509_V_OK && is_bare(v->ask->store))
        add_warning(v->record, "no trusted certificate was at hand: say with "
                               "-CAfile, -CApath or -CAstore where they are");
}

/* The server proves that it knows the session, and shows no certificate. */
static void warn_resumed(const struct view *v)
{
    if (!v->conn->session.judged)
        return;
    add_warning(v->record,
                "the %s is that of the resumed session; the server showed none",
                v->raw_key ? "raw public key" : "certificate");
    if (tls_verdict(v->conn) == VERDICT_NONE)
        add_warning(v->record, "the resumed session has no chain: whether its "
                               "certificate is to be trusted cannot be told");
}

static void warn_key(const struct view *v)
{
    EVP_PKEY *key = v->leaf ? X509_get0_pubkey(v->leaf) : v->raw_key;
    int base = key ? EVP_PKEY_get_base_id(key) : NID_undef;
    int least = base == EVP_PKEY_EC ? 224
                : base == EVP_PKEY_RSA || base == EVP_PKEY_RSA_PSS
                        || base == EVP_PKEY_DSA
                    ? 2048
                    : 0;

    if (least > 0 && EVP_PKEY_get_bits(key) < least)
        add_warning(v->record, "the %s key of the %s has only %d bits",
                    key_type(key), v->leaf ? "leaf" : "server",
                    EVP_PKEY_get_bits(key));
}

static void warn_signature(const struct view *v)
{
    int digest = NID_undef;

    if (!OBJ_find_sigid_algs(X509_get_signature_nid(v->leaf), &digest, NULL))
        return;
    if (digest == NID_sha1 || digest == NID_md5 || digest == NID_md5_sha1
        || digest == NID_md4 || digest == NID_md2)
        add_warning(v->record, "the leaf is signed with %s",
                    OBJ_nid2sn(digest));
}

static void warn_version(const struct view *v)
{
    SSL *ssl = v->conn->ssl;
    int version = SSL_version(ssl);

    if (SSL_is_init_finished(ssl) && !quic_is(ssl)
        && (SSL_is_dtls(ssl) ? version == DTLS1_VERSION
                             : version < TLS1_2_VERSION))
        add_warning(v->record, "%s is out of date (RFC 8996)",
                    SSL_get_version(ssl));
}

void warnings_record(const struct view *v)
{
    if (!v->conn->ssl)
        return;
    warn_verify(v);
    warn_trust(v);
    warn_resumed(v);
    if (v->leaf || v->raw_key)
        warn_key(v);
    if (v->leaf)
        warn_signature(v);
    warn_version(v);
    if (v->record->values[REC_warnings].state == VALUE_UNKNOWN)
        record_state(v->record, REC_warnings, VALUE_NONE);
}
